from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .sale_rma_upload import PROOF_EXTENSIONS

MAX_PROOFS = 10  # files of one return
MAX_TRACKING = 64


class SaleRma(models.Model):
    """What customers do with a return they asked for: take it back, show that it was posted.

    The methods with `customer` in their name are called as superuser, after the return's access
    was checked (a login that may read it, or its token).
    """

    _inherit = "sale.rma"

    tracking_ref = fields.Char(
        string="Tracking Number",
        copy=False,
        help="Of the parcel the customer sends back.",
    )
    proof_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="sale_rma_proof_attachment_rel",
        string="Proof of Posting",
        copy=False,
        bypass_search_access=True,
    )
    label_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="sale_rma_label_attachment_rel",
        string="Return Label",
        copy=False,
        bypass_search_access=True,
        help="For the parcel: the customer finds it on the page of the return, beside what the "
        "delivery method made.",
    )
    date_proof = fields.Datetime(
        string="Posting Shown On",
        readonly=True,
        copy=False,
        help="When the customer first showed that the goods were posted: a withdrawal's money is "
        "no longer held back for the goods then.",
    )

    # === LABEL === #

    def _get_customer_labels(self):
        """Return the labels the customer may stick on the parcel: a colleague's, and those the
        delivery method made for the receipts or sent with the goods.

        :return: `ir.attachment`, none while nothing is to be sent
        """
        self.ensure_one()
        if self.state != "accepted":
            return self.env["ir.attachment"]
        # sudo: the labels of the return's own parcels
        rma = self.sudo()
        delivered = rma.line_ids.sale_line_id.move_ids.picking_id
        pickings = (rma.picking_ids | delivered).filtered("carrier_id")
        return rma.label_attachment_ids | pickings.return_label_ids

    # === CANCEL === #

    def _can_customer_cancel(self):
        """Whether the customer may take the return back: nothing of it has arrived."""
        self.ensure_one()
        if self.state == "draft" or self.state not in self._get_states_allowing("cancel"):
            return False
        return not any(self.line_ids.mapped("qty_received"))

    def _customer_cancel(self):
        """Take the return back.

        :raise UserError: something arrived or was done already
        """
        self.ensure_one()
        if not self._can_customer_cancel():
            raise UserError(
                self.env._("This return can no longer be cancelled. Write to us if we can help.")
            )
        self._start_action("cancel")
        self._cancel()  # the customer knows why

    # === PROOF OF POSTING === #

    def _is_parcel_awaited(self):
        """Whether the customer still has something to send, and may show that it was posted."""
        self.ensure_one()
        return self.state in self._get_receiving_states() and any(
            line.product_uom_id.compare(line._get_qty_open(), 0.0) > 0 for line in self.line_ids
        )

    def _is_posting_shown(self):
        """Whether the customer showed that the goods are on their way."""
        self.ensure_one()
        return bool(self.date_proof or self.tracking_ref or self.proof_attachment_ids)

    def _customer_show_proof(self, tracking_ref, files):
        """Take the customer's proof of posting: tracking number, files, or both. It is kept with
        the return, and the thread tells the manager.

        :param str tracking_ref: as typed
        :param list files: (name, content)
        :return: in words what is wrong; nothing where all was taken
        """
        self.ensure_one()
        tracking_ref = " ".join(tracking_ref.replace("\0", "").split())[:MAX_TRACKING]
        is_new = tracking_ref and tracking_ref != self.tracking_ref
        error = self._get_proof_error(is_new, files)
        if error:
            return error
        try:
            files = self._clean_proofs(files)
        except ValidationError as error:
            return str(error)
        vals = {}
        if is_new:
            vals["tracking_ref"] = tracking_ref
        if not self.date_proof:
            vals["date_proof"] = fields.Datetime.now()
        proofs = self.env["ir.attachment"]
        for name, content in files:
            # the message takes it to the return, as it does with what a composer uploads
            proofs |= self.env["sale.rma.upload"]._create_attachment(
                name, content, "mail.compose.message", 0
            )
        vals["proof_attachment_ids"] = [Command.link(proof.id) for proof in proofs]
        self.write(vals)
        if "date_proof" in vals:
            self._on_posting_shown()
        self._post_proof(tracking_ref if is_new else "", proofs)
        return None

    def _get_proof_error(self, has_new_number, files):
        """Return in words why nothing was taken, if so."""
        if not self._is_parcel_awaited():
            return self.env._("This return does not wait for a parcel.")
        if not has_new_number and not files:
            return self.env._("Type the tracking number or choose a file.")
        if len(self.proof_attachment_ids) + len(files) > MAX_PROOFS:
            return self.env._("At most %(count)s files are possible.", count=MAX_PROOFS)
        return None

    def _clean_proofs(self, files):
        """Return the files as they are kept, see `sale.rma.upload._clean_file`.

        :param list files: (name, content)
        :raise ValidationError: in words why one of them is refused
        """
        uploads = self.env["sale.rma.upload"]
        budget = uploads._new_budget()
        return [
            (name, uploads._clean_file(content, PROOF_EXTENSIONS, budget))
            for name, content in files
        ]

    def _post_proof(self, tracking_ref, proofs):
        """Write to the thread, in the customer's name, that the goods were posted."""
        body = Markup("<p>%s</p>") % self.env._("Proof of posting")
        if tracking_ref:
            number = self.env._("Tracking number: %(number)s", number=tracking_ref)
            body += Markup("<p>%s</p>") % number
        self.message_post(
            author_id=self._get_acting_partner().id,
            body=body,
            attachment_ids=proofs.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
