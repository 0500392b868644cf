from odoo import fields, models


class ResCompany(models.Model):
    """Whether carriers are asked for return labels."""

    _inherit = "res.company"

    rma_return_label = fields.Selection(
        selection=[
            ("never", "Never"),
            ("shop", "Where the shop pays the way back"),
            ("always", "Always"),
        ],
        string="Return Labels",
        required=True,
        default="never",
        help="Asked of the carrier when a return is accepted, and mailed to the customer.",
    )
    rma_return_carrier_id = fields.Many2one(
        comodel_name="delivery.carrier",
        string="Carrier of Returns",
        help="Who is asked for the labels; empty: the delivery method of each order.",
    )
