from odoo import fields, models


class ResCompany(models.Model):
    """Whether customers without an account are served on pages of their own."""

    _inherit = "res.company"

    rma_guest_pages = fields.Boolean(
        string="Returns Without an Account",
        default=True,
        help="The page on which customers without an account ask for the link to return an order, "
        "the links to it on every page and beside the login. The withdrawal function is apart "
        "from it: by law it is open to everybody.",
    )
