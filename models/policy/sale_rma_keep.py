from odoo import api, fields, models

MONTHS = 12
"""Of a customer's items that were kept, those so recent count in the ceiling."""


class SaleRma(models.Model):
    """What costs less than its way back is kept: nothing is awaited, the money goes."""

    _inherit = "sale.rma"

    def _on_accepted(self):
        """Extend: before receipts are planned it is decided what stays with the customer."""
        # sudo: written by the program by what the rules said, whoever accepts
        self.sudo()._decide_kept()
        super()._on_accepted()

    def _decide_kept(self):
        """Mark the items that their rule lets customers keep, as far as a customer has not kept as
        many within a year as the settings allow."""
        candidates = self.line_ids.filtered(lambda line: line._may_be_kept_by_rule())
        if not candidates:
            return
        prices = self.env["sale.rma.refund"]._get_prices_paid(candidates.sale_line_id)
        cheap = candidates.filtered(lambda line: line._is_cheaper_than_rule(prices))
        counts = self._count_kept(cheap.rma_id)
        for rma in cheap.rma_id:
            key = rma.partner_id.commercial_partner_id, rma.company_id
            if counts.get(key, 0) >= rma.company_id.rma_keep_max:
                continue
            counts[key] = counts.get(key, 0) + 1
            kept = rma.line_ids & cheap
            kept.is_kept_by_rule = True
            rma._tell_kept(kept)

    @api.model
    def _count_kept(self, rmas):
        """Return {(buyer, company): how many returns had something kept within the last year}."""
        since = fields.Datetime.subtract(fields.Datetime.now(), months=MONTHS)
        groups = self._read_group(
            [
                ("partner_id", "child_of", rmas.partner_id.commercial_partner_id.ids),
                ("date_accepted", ">=", since),
                ("line_ids.is_kept_by_rule", "=", True),
            ],
            ["partner_id", "company_id"],
            ["__count"],
        )
        counts = {}
        for partner, company, count in groups:
            key = partner.commercial_partner_id, company
            counts[key] = counts.get(key, 0) + count
        return counts

    def _tell_kept(self, kept):
        """Tell the customer what need not be sent back."""
        self.ensure_one()
        rma = self.with_context(lang=self.partner_id.lang or self.env.lang)
        names = ", ".join(
            line.product_id.with_context(display_default_code=False).display_name
            for line in kept.with_env(rma.env)
        )
        rma._post_to_customer(
            rma.env._(
                "You can keep %(products)s: nothing of it has to be sent back, and you are "
                "refunded.",
                products=names,
            )
        )
