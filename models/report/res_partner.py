from odoo import fields, models


class ResPartner(models.Model):
    """How much a customer sends back; a company's with what its contacts bought."""

    _inherit = "res.partner"

    rma_rate = fields.Float(
        string="Return Rate (%)",
        compute="_compute_rma_rate",
        digits=(16, 1),
        help="Pieces returned in the last 365 days, of a hundred bought in the same days.",
    )
    rma_qty_sold = fields.Float(
        string="Pieces Bought in 365 Days", compute="_compute_rma_rate", digits="Product Unit"
    )

    def _compute_rma_rate(self):
        report = self.env["sale.rma.report"]
        totals = {}
        if report.has_access("read"):
            totals = report._get_totals("partner_id", [("partner_id", "child_of", self.ids)])
        families = self._get_rma_families(self.browse().union(*totals))
        for partner in self:
            sums = [totals[one] for one in families.get(partner._origin, ())]
            sold = sum(total[0] for total in sums)
            returned = sum(total[1] for total in sums)
            partner.rma_qty_sold = sold
            partner.rma_rate = 100.0 * returned / sold if sold else 0.0

    def _get_rma_families(self, buyers):
        """Return {partner: those of the buyers that are its own}."""
        families = {}
        for buyer in buyers:
            one = buyer
            while one:
                families.setdefault(one, []).append(buyer)
                one = one.parent_id
        return families

    # === ACTIONS === #

    def action_view_rma_report(self):
        """Open the figures of the customers' returns."""
        report = self.env["sale.rma.report"]
        domain = [("partner_id", "child_of", self.ids)]
        return report._get_action_for(domain, self[:1].display_name)
