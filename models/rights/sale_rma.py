from odoo import api, fields, models
from odoo.exceptions import UserError

ACCOUNTING = "account.group_account_invoice,account.group_account_readonly"
SALES = "sales_team.group_sale_salesman"
# Whom Odoo's own form of a document opens for: it reads more than the document itself.
DOCUMENT_GROUPS = {
    "order_id": f"{SALES},{ACCOUNTING}",
    "picking_ids": f"{SALES},stock.group_stock_user",
    "refund_ids": ACCOUNTING,
    "exchange_order_ids": f"{SALES},{ACCOUNTING}",
}
# flag -> field with the documents
DOCUMENT_FLAGS = {
    "can_view_order": "order_id",
    "can_view_pickings": "picking_ids",
    "can_view_refunds": "refund_ids",
    "can_view_exchange_orders": "exchange_order_ids",
}


class SaleRma(models.Model):
    """What the user before the screen may do with a return. Views show what works by it, the
    methods behind the buttons refuse the rest in words."""

    _inherit = "sale.rma"

    can_edit = fields.Boolean(
        compute="_compute_can_edit",
        help="You may change this return and act on it, also for the customer.",
    )
    can_view_order = fields.Boolean(compute="_compute_can_view_documents")
    can_view_pickings = fields.Boolean(compute="_compute_can_view_documents")
    can_view_refunds = fields.Boolean(compute="_compute_can_view_documents")
    can_view_exchange_orders = fields.Boolean(compute="_compute_can_view_documents")

    # === COMPUTE METHODS === #

    @api.depends("user_id", "order_id.user_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_edit(self):
        editable = self._origin._filtered_access("write")
        can_create = self.browse().has_access("create")
        for rma in self:
            rma.can_edit = rma._origin in editable if rma._origin else can_create

    @api.depends("order_id", "picking_ids", "refund_ids", "exchange_order_ids", "can_edit")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_view_documents(self):
        for flag, name in DOCUMENT_FLAGS.items():
            readable = self._filter_viewable(name, self._get_documents(name))
            for rma in self:
                rma[flag] = bool(rma._get_documents(name) & readable)
        for rma in self:
            # whoever runs the return sees what it gave back as the customer does (R9)
            rma.can_view_refunds |= rma.can_edit and bool(rma._get_documents("refund_ids"))

    # === VIEWS === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Override of `base`: who may not change a return finds nothing to fill in on its form,
        whichever addon put it there."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and arch.xpath("//field[@name='can_edit']"):
            for node in arch.xpath("//field[not(ancestor::field)]"):
                self._make_read_only(node)
        return arch, view

    @api.model
    def _make_read_only(self, node):
        expression = node.get("readonly")
        field = self._fields.get(node.get("name"))
        if expression in ("1", "True") or not field or (field.readonly and not expression):
            return
        is_locked = "not can_edit"
        node.set("readonly", f"{is_locked} or ({expression})" if expression else is_locked)

    # === CRUD METHODS === #

    def _add_precomputed_values(self, vals_list):
        """Extend the ORM, at the moment when all that `create` will write is known.

        :raise UserError: a manager who cannot be one
        """
        for vals in vals_list if not self.env.su else ():
            if vals.get("user_id"):
                # sudo: its company only; whether it may be named is checked by all models of ours
                order = self.env["sale.order"].sudo().browse(vals.get("order_id"))
                self._check_manager(vals["user_id"], vals.get("company_id") or order.company_id.id)
        super()._add_precomputed_values(vals_list)

    def write(self, vals):
        """Extend the ORM.

        :raise UserError: a manager who cannot be one
        """
        if vals.get("user_id") and not self.env.su:
            # sudo: their companies only
            for company in self.sudo().company_id:
                self._check_manager(vals["user_id"], company.id)
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _check_manager(self, user_id, company_id):
        """Check that whom a caller names as manager is a colleague in the company of the return:
        who manages it sees it and is told of all that happens.

        :raise UserError: a customer's login, or a colleague of other companies
        """
        if user_id == self.env.uid or not isinstance(user_id, int):
            return
        # sudo: whether, not who
        user = self.env["res.users"].sudo().browse(user_id).exists()
        if (
            not user
            or not user._is_internal()
            or (company_id and company_id not in user.company_ids.ids)
        ):
            raise UserError(
                self.env._(
                    "%(user)s cannot manage returns of this company: choose a colleague who works "
                    "in it.",
                    user=user.display_name or user_id,
                )
            )

    def _get_documents(self, name):
        """Return all documents of a field of DOCUMENT_FLAGS, in the user's environment: whether
        the user may read them is still to be asked."""
        # sudo: the ids only, asked for with the user's own rights next
        return self.sudo().mapped(name).with_env(self.env)

    @api.model
    def _filter_viewable(self, name, documents):
        """Return the documents the user may open in Odoo's own screens."""
        if not self.env.user.has_groups(DOCUMENT_GROUPS[name]):
            return documents.browse()
        return documents._filtered_access("read")

    def _may_act_for_customer(self):
        """Whether the user may do what the customer may: hold the link that opens the return to
        whoever has it, take it back, show that it was posted. Colleagues who may change the
        return, and the customers themselves."""
        if self.env.su:
            return True
        return self.has_access("write" if self.env.user._is_internal() else "read")

    def _get_owners(self):
        return self.user_id | self.order_id.user_id
