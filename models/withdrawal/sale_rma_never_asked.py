from odoo import models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """A withdrawal is declared, never asked for: nobody accepts it, and it is refused on a ground
    of the law only (docs/law.md L4, L16, L28)."""

    _inherit = "sale.rma"

    # === STATES === #

    def action_request(self):
        """Override: a withdrawal that a colleague enters is accepted at once. "Please wait for our
        answer" is nothing a consumer who withdrew is told."""
        declared = self.filtered(lambda rma: rma.rma_type == "withdrawal")
        if declared:
            declared._check_action("request")
            declared.action_accept()
        return super(SaleRma, self - declared).action_request() if self - declared else True

    def action_accept(self):
        """Override: a withdrawal that was accepted as it was declared stays so."""
        declared = self.filtered(
            lambda rma: rma.rma_type == "withdrawal" and rma.state in rma._get_receiving_states()
        )
        declared.check_access("write")
        return super(SaleRma, self - declared).action_accept() if self - declared else True

    def write(self, vals):
        """Override: what becomes a withdrawal while it waits for an answer waits for none."""
        result = super().write(vals)
        if vals.get("rma_type") == "withdrawal":
            waiting = self.filtered(lambda rma: rma.state == "requested")
            if waiting:
                waiting.action_accept()
        return result

    def _needs_ground(self, action):
        """Override: the items of a withdrawal that is refused name their grounds."""
        says_why = action == "refuse" and self.rma_type == "withdrawal"
        return not says_why and super()._needs_ground(action)

    def action_refuse(self, reason=None):
        """Override: a withdrawal is refused where each item names its ground, at any time before
        something of it was done; customers are told the grounds.

        :raise UserError: an item without a ground
        """
        declared = self.filtered(lambda rma: rma.rma_type == "withdrawal")
        declared._check_refusal_grounds()
        accepted = declared.filtered(lambda rma: rma.state == "accepted")
        accepted._refuse_accepted(reason)
        rest = self - accepted
        return super(SaleRma, rest).action_refuse(reason=reason) if rest else True

    def _refuse_accepted(self, reason):
        """Refuse withdrawals that were accepted as they were declared.

        :raise UserError: something was received, credited or exchanged
        """
        if not self:
            return
        self._start_action("cancel")
        self._check_nothing_done()
        self._cancel_documents()
        for rma in self:
            told = "\n".join(filter(None, [reason, *rma._get_refusal_texts()]))
            rma._change_state("refused", **rma._prepare_close_vals(told))

    def _check_refusal_grounds(self):
        """:raise UserError: an item of a withdrawal that is refused has no ground of the law"""
        without = self.line_ids.filtered(lambda line: not line.refusal_ground)
        if without:
            raise UserError(
                self.env._(
                    "%(rmas)s: a withdrawal is refused on a ground of article 16 only. Give the "
                    "ground of %(products)s, or process the return.",
                    rmas=", ".join(without.rma_id.mapped("name")),
                    products=", ".join(without.product_id.mapped("display_name")),
                )
            )

    def _get_refusal_texts(self):
        """Return what is refused and on which ground, in words for the customer."""
        self.ensure_one()
        rma = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return [
            rma.env._(
                "%(product)s is not taken back: %(ground)s.",
                product=line.product_id.with_context(display_default_code=False).display_name,
                ground=line._get_refusal_label(),
            )
            for line in rma.line_ids.filtered("refusal_ground")
        ]

    # === CUSTOMERS === #

    def _can_customer_cancel(self):
        """Override: who withdrew has withdrawn; a colleague can agree to something else, no button
        takes the statement back."""
        return self.rma_type != "withdrawal" and super()._can_customer_cancel()
