from odoo import api, fields, models

from odoo.addons.sale_rma.models.withdrawal.product_template import GROUNDS
from odoo.addons.sale_rma.models.withdrawal.sale_rma_plan import DECISIONS
from odoo.addons.sale_rma.tools.number_field import Amount

PHOTOS = "deduction_attachment_ids"


class SaleRmaProcessLine(models.TransientModel):
    """What is kept of an item, and what is not taken back (docs/law.md L26, L28)."""

    _inherit = "sale.rma.process.line"

    amount_deducted = Amount(
        string="Deduction",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        precompute=True,
        help="Kept of what the item cost, tax included: for handling beyond what is needed to see "
        "what it is and that it works. The customer is told.",
    )
    deduction_ground = fields.Text(
        string="Ground of the Deduction",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        precompute=True,
        help="What was done to the item, in the customer's language: he is told.",
    )
    deduction_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="sale_rma_process_deduction_rel",
        string="Photos of the Deduction",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        precompute=True,
        bypass_search_access=True,
    )
    refusal_ground = fields.Selection(
        selection=GROUNDS,
        string="Not Taken Back",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        precompute=True,
        help="Ground of article 16 of Directive 2011/83/EU; the customer is told.",
    )

    @api.depends("rma_line_id")
    def _compute_decisions(self):
        for line in self:
            item = line.rma_line_id
            for name in DECISIONS:
                # photos are read where something is deducted only
                is_idle = name == PHOTOS and not item.amount_deducted
                line[name] = False if is_idle else item[name]

    @api.onchange("refusal_ground")
    def _onchange_refusal_ground(self):
        for line, values in self._iter_following(()):
            line.update(values)

    def onchange(self, values, field_names, fields_spec):
        """Extend: photos are read where something is deducted only."""
        if self and not ({"amount_deducted", PHOTOS} & values.keys()) and not self.amount_deducted:
            self._fields[PHOTOS]._insert_cache(self, [()])
        return super().onchange(values, field_names, fields_spec)

    def write(self, vals):
        """Extend: what is refused is not refunded."""
        result = super().write(vals)
        if "refusal_ground" in vals and "qty_refund" not in vals:
            for line, values in self._iter_following(vals.keys()):
                super(SaleRmaProcessLine, line).write(values)
        return result

    def _get_following_values(self, proposal, given, others, arriving):
        """Extend: see `write`."""
        values = super()._get_following_values(proposal, given, others, arriving)
        if self.refusal_ground and "qty_refund" not in given:
            values |= {"qty_refund": 0.0, "proposed_refund": 0.0}
        return values

    def _get_decided(self):
        """Return what is decided of the item beside what stands on it, as a plan has it."""
        self.ensure_one()
        item = self.rma_line_id
        decided = {
            name: self[name] or False
            for name in ("deduction_ground", "refusal_ground")
            if (self[name] or False) != (item[name] or False)
        }
        before, after = item.amount_deducted, self.amount_deducted
        if before != after and self.currency_id.compare_amounts(before, after):
            decided["amount_deducted"] = self.amount_deducted
        if self.amount_deducted:
            decided[PHOTOS] = self.deduction_attachment_ids._origin.ids
        return decided

    def _prepare_plan_line(self):
        return super()._prepare_plan_line() | self._get_decided()

    def _get_plan_line(self):
        line = super()._get_plan_line()
        line.decided = self._get_decided() if self.rma_line_id else {}
        return line


class SaleRmaProcess(models.TransientModel):
    _inherit = "sale.rma.process"

    rma_type = fields.Selection(related="rma_id.rma_type")
    has_deduction = fields.Boolean(compute="_compute_has_deduction")

    @api.depends("line_ids.amount_deducted")
    def _compute_has_deduction(self):
        for wizard in self:
            wizard.has_deduction = any(wizard.line_ids.mapped("amount_deducted"))

    @api.depends(*(f"line_ids.{name}" for name in DECISIONS))
    def _compute_amounts(self):
        """Extend: what is kept changes the total."""
        super()._compute_amounts()
