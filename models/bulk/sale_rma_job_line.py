from odoo import fields, models


class SaleRmaJobLine(models.Model):
    """One return of a bulk operation, and what came of it."""

    _name = "sale.rma.job.line"
    _description = "Return of a Bulk Operation"
    _inherit = ["sale.rma.incoming"]
    _order = "job_id, company_id, id"
    _rec_name = "rma_id"

    job_id = fields.Many2one(
        comodel_name="sale.rma.job", required=True, index=True, ondelete="cascade"
    )
    rma_id = fields.Many2one(
        comodel_name="sale.rma", string="Return", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rma_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(related="rma_id.partner_id")
    currency_id = fields.Many2one(related="rma_id.currency_id", store=True, precompute=True)
    state = fields.Selection(
        selection=[
            ("unchecked", "Not Checked Yet"),
            ("possible", "Possible"),
            ("waiting", "Nothing Has Arrived"),
            ("impossible", "Not Possible"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        default="unchecked",
    )
    message = fields.Text(string="Reason", help="Why it cannot be, or was not, done.")
    amount = fields.Monetary(string="Refund", help="Refunded by the operation, tax included.")
