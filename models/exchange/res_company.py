from odoo import fields, models


class ResCompany(models.Model):
    """Settings of exchanges."""

    _inherit = "res.company"

    rma_exchange_hold = fields.Selection(
        selection=[
            ("never", "Not before the return is processed"),
            ("accepted", "Once the return is accepted"),
            ("proof", "Once the customer shows that the parcel was posted"),
            ("received", "Once the goods are back"),
        ],
        string="Keep Exchange Goods",
        default="accepted",
        required=True,
        help="From when on what the customer wants instead is reserved for him, so that nobody "
        "else buys it.",
    )
