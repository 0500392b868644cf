from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import get_db_name, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

COMPANY = "company_1_data"  # as Odoo's own tests call it


@tagged("post_install", "-at_install")
class SaleRmaCommon(AccountTestInvoicingCommon):
    """A company of its own with a chart of accounts, and factories for orders and returns."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("sales_team.group_sale_manager")
            | cls.quick_ref("stock.group_stock_manager")
        )

    @classmethod
    def setUpClass(cls):
        cls._keep_company()
        super().setUpClass()
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {"name": "Main", "code": "MAIN", "company_id": cls.company.id}
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Anna Martin", "email": "anna@example.com", "lang": "en_US"}
        )
        cls.tax = cls.company.account_sale_tax_id
        cls.tax_19 = cls._make_tax(19)
        cls.shirt = cls._make_product("Shirt", 50.0)
        cls.mug = cls._make_product("Mug", 9.9)
        cls.reason = cls.env.ref("sale_rma.reason_wrong_size")
        cls.carrier = cls._make_carrier("Home delivery", 7.0)

    # === THE COMPANY === #

    @classmethod
    def _keep_company(cls):
        """Have the company in the database of the tests, before this class's transaction begins.
        To make one with its chart of accounts takes two thirds of a class's set-up."""
        with Registry(get_db_name()).cursor() as cr:
            cls.env = api.Environment(cr, SUPERUSER_ID, cls.default_env_context())
            if not cls._find_company():
                company = super().setup_independent_company()
                # who made it is not in it: its companies are those of the database without tests
                cls.env.user.company_ids = [Command.unlink(company.id)]
        del cls.env

    @classmethod
    def _find_company(cls):
        return cls.env["res.company"].sudo().search([("name", "=", COMPANY)], limit=1)

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Override of Odoo's tests: the company that is kept, where nothing else is asked."""
        if kwargs or cls.country_code or cls.chart_template:
            return super().setup_independent_company(**kwargs)
        company = cls._find_company()
        cls.env.user.company_ids = [Command.link(company.id)]
        return company

    # === FACTORIES === #

    @classmethod
    def _make_tax(cls, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} % {values.get('price_include_override', '')}",
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _make_product(cls, name, price, policy="delivery", taxes=None, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": price,
                "type": "consu",
                "is_storable": True,
                "invoice_policy": policy,
                "taxes_id": [Command.set((cls.tax if taxes is None else taxes).ids)],
                **values,
            }
        )

    @classmethod
    def _make_kit(cls, name, price, components, policy="delivery"):
        """Make a product that is delivered as its components.

        :param components: {product: how many are in one kit}
        """
        kit = cls._make_product(name, price, policy, is_storable=False)
        lines = [
            Command.create({"product_id": product.id, "product_qty": quantity})
            for product, quantity in components.items()
        ]
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": lines,
            }
        )
        return kit

    @classmethod
    def _make_combo(cls, name, price, *products):
        """Make a product of which each of these is a choice."""
        combos = cls.env["product.combo"].create(
            [
                {
                    "name": product.name,
                    "combo_item_ids": [Command.create({"product_id": product.id})],
                }
                for product in products
            ]
        )
        return cls._make_product(
            name, price, type="combo", is_storable=False, combo_ids=[Command.set(combos.ids)]
        )

    @classmethod
    def _add_combo_items(cls, order):
        """Put the items of an order's combo on it, as the configurator does."""
        line = order.order_line.filtered(lambda line: line.product_id.type == "combo")
        return cls.env["sale.order.line"].create(
            [
                {
                    "order_id": order.id,
                    "product_id": item.product_id.id,
                    "product_uom_qty": line.product_uom_qty,
                    "combo_item_id": item.id,
                    "linked_line_id": line.id,
                }
                for item in line.product_id.combo_ids.combo_item_ids
            ]
        )

    @classmethod
    def _make_carrier(cls, name, price):
        product = cls._make_product(name, price, policy="order", type="service", is_storable=False)
        return cls.env["delivery.carrier"].create(
            {"name": name, "product_id": product.id, "fixed_price": price}
        )

    @classmethod
    def _make_user(cls, login, *groups, **values):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@example.com",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
                **values,
            }
        )

    @classmethod
    def _create_order(cls, *items, shipping=None, **values):
        """Create and confirm an order.

        :param items: (product, quantity), or (product, quantity, values of the line)
        :param shipping: price of the delivery line, if there is to be one
        """
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            **(extra[0] if extra else {}),
                        }
                    )
                    for product, quantity, *extra in items
                ],
                **values,
            }
        )
        if shipping is not None:
            order.set_delivery_line(cls.carrier, shipping)
        order.action_confirm()
        return order

    @classmethod
    def _deliver(cls, order, quantities=None):
        """Deliver what is still to be delivered: all, or {product: quantity}; keeps a backorder."""
        pickings = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in pickings.move_ids:
            quantity = move.product_uom_qty
            if quantities is not None:
                quantity = quantities.get(move.product_id, 0.0)
            move.quantity = quantity
            move.picked = bool(quantity)
        pickings._action_done()
        return pickings

    @classmethod
    def _invoice(cls, orders, post=True):
        invoices = orders._create_invoices(grouped=True)
        if post:
            invoices.action_post()
        return invoices

    @classmethod
    def _create_sold(cls, *items, **values):
        """Create an order that is delivered and invoiced."""
        order = cls._create_order(*items, **values)
        cls._deliver(order)
        cls._invoice(order)
        return order

    @classmethod
    def _create_rma(cls, order, quantities=None, state="draft", **values):
        """Create a return of an order in a state.

        :param quantities: {product: quantity}, or a number for every line; default: all
        """
        lines = []
        for line in cls._get_items(order, values.get("rma_type", "return")):
            quantity = line.qty_returnable if quantities is None else quantities
            if isinstance(quantities, dict):
                quantity = quantities.get(line.product_id, 0.0)
            if quantity:
                lines.append(
                    Command.create(
                        {
                            "sale_line_id": line.id,
                            "quantity": quantity,
                            "reason_id": cls.reason.id,
                        }
                    )
                )
        rma = cls.env["sale.rma"].create({"order_id": order.id, "line_ids": lines, **values})
        if state != "draft":
            rma.action_request()
        if state in ("accepted", "processing", "done"):
            rma.action_accept()
        if state in ("processing", "done"):
            cls._receive(rma)
        if state == "done":
            cls._process(rma)
        return rma

    @classmethod
    def _get_items(cls, order, rma_type="return"):
        """Return the lines of an order that have something to give back, told by what was sold and
        not by the rules under test."""
        kinds = ("consu", "service") if rma_type in ("claim", "withdrawal") else ("consu",)
        return order.order_line.filtered(
            lambda line: (
                line.product_id.type in kinds
                and not (line.display_type or line.is_downpayment or line.is_delivery)
                and line.price_unit >= 0
            )
        )

    @classmethod
    def _receive(cls, rma, quantities=None):
        """Receive at the dock what is expected: all, or {product: quantity}."""
        pickings = rma.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in pickings.move_ids:
            quantity = move.product_uom_qty
            if quantities is not None:
                quantity = quantities.get(move.product_id, 0.0)
            move.quantity = quantity
            move.picked = bool(quantity)
        pickings._action_done()
        return pickings

    @classmethod
    def _open_process(cls, rma, **values):
        """Open the processing screen and fill in what is given for the whole return."""
        action = rma.action_process()
        wizard = cls.env["sale.rma.process"].browse(action["res_id"])
        if values:
            wizard.write(values)
        return wizard

    @classmethod
    def _process(cls, rma, lines=None, **values):
        """Process a return.

        :param lines: values for every line, or {product: values}
        """
        wizard = cls._open_process(rma, **values)
        for line in wizard.line_ids:
            line_values = lines or {}
            if line.product_id in line_values:
                line_values = line_values[line.product_id]
            elif any(isinstance(key, type(line.product_id)) for key in line_values):
                line_values = {}
            line.write(line_values)
        wizard.action_process()
        return wizard

    @classmethod
    def _prepare_statement(cls, number=1, **values):
        """Return a withdrawal as it is declared by the open form; see
        `sale.rma.withdrawal._submit`."""
        return {
            "channel": "form",
            "company_id": cls.company.id,
            "contract": "the shirts",
            "customer_name": "Anna Martin",
            "email": "anna@example.com",
            "items": [],
            "lang": "en",
            "login": False,
            "order_id": False,
            "part": "",
            "statement": "I withdraw.",
            "token": f"{number:064x}",
            **values,
        }

    # === READING === #

    def _stock_of(self, product, location=None):
        location = location or self.warehouse.lot_stock_id
        return product.with_context(location=location.id).qty_available

    def _tax_amounts(self, moves):
        """Return {tax: amount} of documents, in their currency, always positive."""
        amounts = {}
        for line in moves.line_ids.filtered("tax_line_id"):
            amounts.setdefault(line.tax_line_id, 0.0)
            amounts[line.tax_line_id] += abs(line.amount_currency)
        return {tax: round(amount, 2) for tax, amount in amounts.items()}
