from odoo import models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """Nothing of a withdrawal is refunded at zero without a word (docs/law.md L26, L28)."""

    _inherit = "sale.rma"

    def _on_done(self):
        """Override: a withdrawal ends when everything that is owed is given back, or refused on a
        ground; what was kept is written to the history."""
        super()._on_done()
        withdrawals = self.filtered(lambda rma: rma.rma_type == "withdrawal")
        withdrawals._check_settled()
        for rma in withdrawals:
            for text in rma._get_settlement_texts():
                rma.sudo()._message_log(body=text)  # the rights were checked by the action

    def _check_settled(self):
        """:raise UserError: an item came back, or was not sent, could be refunded, is not, and
        names no ground"""
        lines = self.line_ids.filtered(lambda line: not line.refusal_ground)
        refundable = self.env["sale.rma.refund"]._get_qty_refundable(lines.sale_line_id)
        for line in lines:
            # sudo: credit notes are accounting's; a number gets out
            owed = line.qty_received + line.qty_unsent - line.sudo()._get_qty_credited()
            owed = min(owed, refundable.get(line.sale_line_id, 0.0))
            if line.product_uom_id.compare(owed, 0.0) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s on %(rma)s was withdrawn and is not refunded. Refund it, or "
                        "give the ground on which it is refused (article 16): the customer is "
                        "told.",
                        product=line.product_id.display_name,
                        rma=line.rma_id.name,
                    )
                )

    def _get_settlement_texts(self):
        """Return in the customer's words what was deducted and what was refused, and why."""
        self.ensure_one()
        rma = self.with_context(lang=self.partner_id.lang or self.env.lang)
        texts = [
            rma.env._(
                "%(product)s: %(amount)s less, because %(ground)s",
                product=line.product_id.with_context(display_default_code=False).display_name,
                amount=line.currency_id.format(line.amount_deducted),
                ground=line.deduction_ground,
            )
            for line in rma.line_ids.filtered("amount_deducted")
        ]
        return texts + self._get_refusal_texts()
