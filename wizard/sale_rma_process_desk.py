from odoo import api, fields, models


class SaleRmaProcessLine(models.TransientModel):
    """What the returns desk found of an item, beside what is decided of it."""

    _inherit = "sale.rma.process.line"

    desk_summary = fields.Char(related="rma_line_id.desk_summary")
    desk_photo_ids = fields.Many2many(related="rma_line_id.desk_photo_ids")


class SaleRmaProcess(models.TransientModel):
    _inherit = "sale.rma.process"

    has_desk = fields.Boolean(compute="_compute_has_desk")

    @api.depends("line_ids.rma_line_id")
    def _compute_has_desk(self):
        for wizard in self:
            wizard.has_desk = any(wizard.line_ids.rma_line_id.mapped("desk_summary"))
