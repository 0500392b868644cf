from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    rma_take_back_points = fields.Boolean(
        string="Take Back Points of Returned Items",
        default=True,
        help="Points and next-order coupons that an order gave for what comes back are taken back "
        "with the credit note, as far as they are unspent.",
    )
