from odoo import api, fields, models


class SaleRma(models.Model):
    """What the figures need of a return and cannot add up in SQL."""

    _inherit = "sale.rma"

    date_refunded = fields.Date(
        string="Refunded On",
        compute="_compute_date_refunded",
        store=True,
        precompute=True,
        help="Day of the last posted credit note.",
    )

    @api.depends("refund_ids.state", "refund_ids.invoice_date")
    def _compute_date_refunded(self):
        # sudo: a day only, told to whoever sees the return
        for rma, rma_sudo in zip(self, self.sudo(), strict=True):
            posted = rma_sudo.refund_ids.filtered(lambda move: move.state == "posted")
            days = [move.invoice_date or move.date for move in posted]
            rma.date_refunded = max(days, default=False)
