from odoo import fields, models


class SaleOrder(models.Model):
    """Orders opened from a return by people in inventory and accounting."""

    _inherit = "sale.order"

    # sudo: a number of the order. Counted with the user's rights, as `sale_loyalty` does, it keeps
    # the order's form shut to everybody who is no salesperson.
    gift_card_count = fields.Integer(compute_sudo=True)
