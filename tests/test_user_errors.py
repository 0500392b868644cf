import inspect

from odoo import Command
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import SaleRmaMoneyCommon

OURS = "odoo.addons.sale_rma."
ALLOWED = (UserError, LockError)  # UserError: also ValidationError, AccessError, MissingError


@tagged("post_install", "-at_install")
class TestUserErrors(SaleRmaMoneyCommon):
    """Whatever is read or called, on whatever kind of line, says in words
    what is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls._make_product(
            "Setup", 30, policy="order", type="service", is_storable=False
        )
        cls.quotation = cls._create_draft_order((cls.shirt, 5), (cls.service, 1))
        cls._add_texts(cls.quotation)
        cls.order = cls._make_order()

    @classmethod
    def _make_order(cls):
        """Return an order with every kind of line there is, delivered and invoiced."""
        items = [
            (cls.shirt, 5),
            (cls.mug, 0),
            (cls.service, 1),
            (cls._make_combo("Set", 20, cls.mug), 1),
        ]
        if "mrp.bom" in cls.env:
            items.append((cls._make_kit("Shelf", 40, {cls.mug: 2}), 1))
        order = cls._create_draft_order(*items, shipping=7.0)
        cls._add_combo_items(order)
        cls._add_texts(order)
        cls._discount(order, percent=10)
        gift = cls._make_program(reward_type="product", reward_product_id=cls.mug.id)
        discount = cls._make_program(reward_type="discount", discount=5)
        for program in (gift, discount):
            cls._claim(order, program)
        return cls._sell(order)

    @classmethod
    def _add_texts(cls, order):
        texts = [("line_section", "A"), ("line_subsection", "B"), ("line_note", "C")]
        order.order_line = [
            *(Command.create({"display_type": kind, "name": name}) for kind, name in texts),
            Command.create({"is_downpayment": True, "name": "D", "price_unit": 5}),
        ]

    def _iter_records(self):
        """Yield our models' records, and Odoo's that we add to, new ones too."""
        lines = self.order.order_line | self.quotation.order_line
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        wizard = self._open_process(rma)
        known = {
            "sale.order.line": lines,
            "sale.order": self.order | self.quotation,
            "sale.rma": rma,
            "sale.rma.line": rma.line_ids,
            "sale.rma.process": wizard,
            "sale.rma.process.line": wizard.line_ids,
            "account.move": self.order.invoice_ids,
            "account.move.line": self.order.invoice_ids.line_ids,
            "stock.picking": self.order.picking_ids | rma.picking_ids,
            "stock.move": self.order.picking_ids.move_ids | rma.picking_ids.move_ids,
            "res.company": self.company,
            "res.partner": self.customer,
            "product.product": lines.product_id,
        }
        for name, model_class in sorted(self.registry.items()):
            if model_class._abstract or not self._get_fields(name) | self._get_methods(name):
                continue
            yield self.env[name].new({})
            yield from known.get(name, ())
        for line in lines:
            yield self.env["sale.order.line"].new(origin=line)
            yield self.env["sale.rma.line"].new({"sale_line_id": line.id})
            yield self.env["sale.rma.line"].new({"sale_line_id": line.id, "rma_id": rma.id})

    def _get_fields(self, name):
        """Return the names of the fields of ours."""
        fields = self.env[name]._fields.items()
        return {field_name for field_name, field in fields if "sale_rma" in field._modules}

    def _get_methods(self, name):
        """Return the names of the public methods that are ours and need no arguments."""
        classes = self.registry[name].mro()
        ours = [cls for cls in classes if cls.__module__.startswith(OURS)]
        theirs = {method for cls in classes if cls not in ours for method in vars(cls)}
        return {
            method
            for cls in ours
            for method, function in vars(cls).items()
            if inspect.isfunction(function)
            and method not in theirs
            and not method.startswith("_")
            and not getattr(function, "_api_private", False)
            and not self._get_needed(function)
        }

    def _get_needed(self, function):
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return [
            parameter
            for parameter in parameters
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ]

    def _try(self, record, what, function):
        """Say what is no user error."""
        with mute_logger("odoo.sql_db", "odoo.models"):
            try:
                with self.cr.savepoint():
                    function()
                    self.env.flush_all()
                    raise UserError("undone")
            except ALLOWED:
                pass
            except Exception as error:
                self.failures.append(f"{record}.{what}: {type(error).__name__} {error}")

    def test_every_field_and_method_on_every_kind_of_record(self):
        self.failures = []
        for record in self._iter_records():
            for name in sorted(self._get_fields(record._name)):
                self._try(record, name, lambda record=record, name=name: record[name])
            for name in sorted(self._get_methods(record._name)):
                self._try(record, name, getattr(record, name))
        self.assertFalse(self.failures, "\n".join(self.failures))

    def test_return_of_every_kind_of_line(self):
        self.failures = []
        for line in self.order.order_line | self.quotation.order_line:
            for rma_type in ("return", "claim", "withdrawal"):
                item = {"sale_line_id": line.id, "quantity": 1}
                values = {
                    "order_id": line.order_id.id,
                    "rma_type": rma_type,
                    "line_ids": [Command.create(item)],
                }
                self._try(line, "return", lambda values=values: self._run_return(values))
                self._try(
                    line,
                    "create_for_order",
                    lambda line=line, item=item, rma_type=rma_type: self.env[
                        "sale.rma"
                    ].create_for_order(line.order_id.id, [item], rma_type=rma_type),
                )
        self.assertFalse(self.failures, "\n".join(self.failures))

    def _run_return(self, values):
        rma = self.env["sale.rma"].create(values)
        rma.action_request()
        rma.action_accept()
        self._process(rma)

    def test_line_that_is_no_item_has_nothing_to_return(self):
        for line in self.order.order_line.filtered("display_type"):
            self.assertEqual(line.qty_returnable, 0)
            rma_line = {"sale_line_id": line.id, "quantity": 1}
            values = {"order_id": self.order.id, "line_ids": [Command.create(rma_line)]}
            with self.assertRaisesRegex(UserError, "nothing that can be sent back"):
                self.env["sale.rma"].create(values)
