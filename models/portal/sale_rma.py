from odoo import api, fields, models
from odoo.tools import is_html_empty
from odoo.tools.misc import limited_field_access_token

from ...tools.own_html import keep_own
from ...tools.quantity_field import format_quantity


class SaleRma(models.Model):
    """What customers see of a return: the portal page and the slip."""

    _inherit = "sale.rma"

    request_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Key of the form the customer sent: sent twice, it makes one return.",
    )

    _request_key_uniq = models.UniqueIndex(
        "(order_id, request_key) WHERE request_key IS NOT NULL",
        "This request was sent already.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"request_key"}

    def _compute_access_url(self):
        super()._compute_access_url()
        for rma in self:
            rma.access_url = f"/my/returns/{rma.id}"

    # === BUSINESS METHODS === #

    def get_base_url(self):
        """Override of `base`: links lead to the web shop the order was made in."""
        # sudo: an address that the customer is told
        order = self.sudo().order_id if len(self) == 1 else None
        return order.get_base_url() if order else super().get_base_url()

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """Override of `portal`: a link shows nothing of what customers may not know of (R8)."""
        thread = super()._get_thread_with_access(thread_id, **kwargs)
        if thread and not thread.env.user._is_internal():
            # sudo: access was just granted
            return thread if thread.sudo()._filter_customer_visible() else self.browse()
        return thread

    def _get_customer_state_label(self):
        """Return the state in the customer's words."""
        self.ensure_one()
        labels = {
            "requested": self.env._("Requested"),
            "accepted": self.env._("Accepted"),
            "processing": self.env._("Being processed"),
            "done": self.env._("Finished"),
            "refused": self.env._("Refused"),
            "expired": self.env._("Expired"),
            "cancel": self.env._("Cancelled"),
        }
        if self.state in labels:
            return labels[self.state]
        # a state of another addon, in its words
        return dict(self._fields["state"]._description_selection(self.env)).get(self.state, "")

    def _get_progress_steps(self):
        """Return the steps of the way as (label, is reached, is the present one, when it was
        reached, in UTC or False); none for a return that ended otherwise."""
        self.ensure_one()
        progress = self._get_progress()
        states = [state for state, _label, _field in progress]
        if self.state not in states:
            return []
        reached = states.index(self.state)
        return [
            (label, step <= reached, step == reached, step <= reached and self[field])
            for step, (_state, label, field) in enumerate(progress)
        ]

    def _get_words_lang(self):
        """Return the language of what was written for the customer, as a page names it, where the
        page itself is in another; else None."""
        self.ensure_one()
        lang = self.partner_id.lang
        if not lang or lang == self.env.lang:
            return None
        return self.env["res.lang"]._get_data(code=lang).iso_code.replace("_", "-")

    def _get_contact_picture_url(self):
        """Return the address of the picture of who looks after the return."""
        self.ensure_one()
        user = self.user_id
        token = limited_field_access_token(user, "avatar_128", scope="binary")
        return f"/web/image/res.users/{user.id}/avatar_128?access_token={token}"

    def _get_customer_refunds(self):
        """Return the credit notes the customer may see: the posted ones."""
        return self.refund_ids.filtered(lambda move: move.state == "posted")

    def _get_customer_exchange_orders(self):
        """Return the exchange orders the customer may see: the confirmed ones."""
        return self.exchange_order_ids.filtered(lambda order: order.state == "sale")

    def _has_public_note(self):
        return bool(self.public_note and self.public_note.strip())

    def _has_instructions(self):
        return not is_html_empty(self._get_shown_instructions())

    def _get_shown_instructions(self):
        """Return the instructions as they are printed and shown to customers: of the pictures in
        them only the shop's own, which neither the printer nor a browser fetches elsewhere."""
        self.ensure_one()
        return keep_own(self.env, self.instructions, owners=(self, self.company_id))

    def _get_report_base_filename(self):
        """Return the file name of the slip, without characters that file systems refuse."""
        self.ensure_one()
        return self.env._("Return %(name)s", name=self.name.replace("/", "-"))

    @api.model
    def _format_quantity(self, quantity, uom):
        """Return a quantity with its unit as people write it, for pages, mails and the slip."""
        return format_quantity(self.env, quantity, uom)
