from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleRmaCreate(models.TransientModel):
    _name = "sale.rma.create"
    _description = "Create a Return for an Order"
    _inherit = ["sale.rma.incoming"]

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        help="Narrows the choice to the orders of this customer.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        help="Narrows the choice to the orders this product was sold on.",
    )
    order_domain = fields.Binary(compute="_compute_order_domain")
    order_id = fields.Many2one(
        comodel_name="sale.order",
        compute="_compute_order_id",
        store=True,
        readonly=False,
        required=True,
        help="Orders that have something to return.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "product_id")
    def _compute_order_domain(self):
        for wizard in self:
            wizard.order_domain = list(wizard._get_order_domain())

    @api.depends("partner_id", "product_id")
    def _compute_order_id(self):
        """Drop an order that no longer fits, and choose the only one that does."""
        for wizard in self:
            order = wizard.order_id
            if order and order.filtered_domain(wizard._get_filter_domain()):
                continue
            fitting = order.browse()
            if wizard.partner_id or wizard.product_id:
                fitting = order.search(wizard._get_order_domain(), limit=2)
            wizard.order_id = fitting if len(fitting) == 1 else False

    # === ACTIONS === #

    def action_create(self):
        """Open a new return of the order chosen.

        :return: act_window on a form of `sale.rma`
        :raise UserError: no order is chosen, or nothing of the order can be returned
        """
        self.ensure_one()
        if not self.order_id:
            raise UserError(self.env._("Choose the order first."))
        return self.order_id.action_create_rma()

    # === BUSINESS METHODS === #

    def _get_order_domain(self):
        """Return the domain of the orders that can be chosen."""
        return (
            Domain("is_returnable", "=", True)
            & Domain("company_id", "in", self.env.companies.ids)
            & self._get_filter_domain()
        )

    def _get_filter_domain(self):
        domain = Domain.TRUE
        if self.partner_id:
            domain &= Domain("partner_id", "child_of", self.partner_id.commercial_partner_id.id)
        if self.product_id:
            domain &= Domain("order_line.product_id", "=", self.product_id.id)
        return domain
