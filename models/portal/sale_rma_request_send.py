from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from .sale_rma_request import REQUEST_KEY


class SaleRmaRequest(models.AbstractModel):
    """What a form that was read would give back, what it lacks, and the returns it makes."""

    _inherit = "sale.rma.request"

    @api.model
    def _check(self, asked):
        """Note what is missing before the form can be sent."""
        if not asked.picked and not asked.errors:
            asked.errors.append(self.env._("Choose what you would like to send back."))
        for line in asked.picked:
            if line.offer.is_possible:
                self._check_line(line)

    @api.model
    def _check_line(self, line):
        errors = line.errors
        if not line.reason:
            errors.setdefault("reason", self.env._("Tell us why you send it back."))
        missing = line.reason._get_missing(line.note, lambda line=line: line.uploads)
        if "note" in missing:
            errors.setdefault("note", self.env._("Please describe what is wrong, in a few words."))
        if "photo" in missing:
            errors.setdefault("photos", self.env._("Please add a photo that shows it."))
        if line.resolution == "exchange" and not line.product:
            if len(line.found) > 1:
                error = self.env._("Choose one of these products.")
            elif line.typed_product:
                error = self.env._("We found no such product. Try another name.")
            else:
                error = self.env._("Choose what you would like instead.")
            errors.setdefault("product", error)

    @api.model
    def _estimate(self, asked):
        """Return the `Estimate` of the picked items, told by what will also make the credit note
        (R3). Items with a mistake in their quantity are left out; None if nothing remains."""
        lines = [
            line
            for line in asked.picked
            if line.quantity and not line.errors.get("quantity") and line.resolution != "repair"
        ]
        if not lines:
            return None
        estimate = self._new_return(asked, lines)._get_customer_estimate()
        if not estimate.fee:
            estimate.fee = self._estimate_fee(asked, lines)
        return estimate

    @api.model
    def _estimate_fee(self, asked, lines):
        """Return what would be kept of the refund, tax included; a hook for who has rules."""
        return 0.0

    @api.model
    def _get_name(self, sold):
        """Return the name of what was sold as customers know it, without internal codes."""
        return sold.product_id.with_context(display_default_code=False).display_name or sold.name

    @api.model
    def _new_return(self, asked, lines):
        """Return a return that is never saved, to ask it what it would do."""
        return self.env["sale.rma"].new(
            {
                "order_id": asked.order.id,
                "rma_type": asked.kind,
                "line_ids": [
                    Command.create(
                        line.sold._prepare_rma_line_vals(
                            line.quantity,
                            resolution=line.resolution,
                            exchange_product_id=line.product.id
                            if line.resolution == "exchange"
                            else False,
                        )
                    )
                    for line in lines
                ],
            }
        )

    @api.model
    def _lock(self, order):
        """Wait for whoever else asks for a return of the order at this moment. A transaction that
        began before the other one ended then starts again, and sees what the other one made: the
        same form sent twice at once makes one return."""
        self.env.execute_query(
            SQL("SELECT id FROM sale_order WHERE id = %s FOR NO KEY UPDATE", order.id)
        )

    @api.model
    def _find_sent(self, order, key):
        """Return the return that this form made already, if it did."""
        returns = self.env["sale.rma"]
        if not key or not REQUEST_KEY.fullmatch(key):
            return returns
        return returns.search([("order_id", "=", order.id), ("request_key", "=", key)], limit=1)

    @api.model
    def _send(self, asked):
        """Make the return of a form without errors, and ask for it: the customer gets the mail.

        Items with a reason of claims and others are two returns: a claim has other terms.

        :return: the `sale.rma`s; empty when it is refused after all, `asked.errors` then says why
        """
        returns = self.env["sale.rma"]
        try:
            # a refusal leaves no return behind, but keeps the photos for the next try
            with self.env.cr.savepoint():
                # the order's customer follows the return, not whoever asks in their name
                quiet = returns.with_context(mail_create_nosubscribe=True)
                sent = quiet.create(self._prepare_returns_vals(asked)).with_env(self.env)
                uploads = {line.sold: line.uploads for line in asked.picked}
                for line in sent.line_ids:
                    uploads[line.sale_line_id]._move_to(line)
                sent.action_request()
                return sent
        except (UserError, ValidationError) as error:
            asked.errors.append(str(error))
        return returns

    @api.model
    def _prepare_returns_vals(self, asked):
        """Return the values of the returns that a form makes, one for each kind."""
        claims = [
            line
            for line in asked.picked
            if asked.kind == "claim" or line.reason.rma_types == "claim"
        ]
        others = [line for line in asked.picked if line not in claims]
        kinds = [(kind, lines) for kind, lines in (("return", others), ("claim", claims)) if lines]
        return [
            {
                **self._prepare_return_vals(asked, lines),
                "rma_type": kind,
                # the form's key is that of the first one
                "request_key": asked.key if asked.key and lines is kinds[0][1] else False,
            }
            for kind, lines in kinds
        ]

    @api.model
    def _prepare_return_vals(self, asked, lines):
        return {
            "order_id": asked.order.id,
            "customer_note": asked.note or False,
            "line_ids": [Command.create(self._prepare_line_vals(line)) for line in lines],
        }

    @api.model
    def _prepare_line_vals(self, line):
        """Return the values of the returned item; a hook for who adds a field to the form, whose
        value is in `line.posted`."""
        return line.sold._prepare_rma_line_vals(
            line.quantity,
            reason_id=line.reason.id,
            resolution=line.resolution,
            exchange_product_id=line.product.id if line.resolution == "exchange" else False,
            note=line.note or False,
        )
