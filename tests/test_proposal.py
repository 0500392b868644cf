import runpy

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import file_path

from .common import SaleRmaCommon

# Five shirts of 10.00 and shipping of 7.00, no tax, all paid for; all five asked back.
# what: (arrived at the dock, change of the item, change of the whole,
#        {received, restocked, refunded, exchanged}, amount refunded)
CHANGES = {
    "nothing changed": (0, {}, {}, (5, 5, 5, 0), 50.0),
    "fewer came back": (0, {"qty_received": 3}, {}, (3, 3, 3, 0), 30.0),
    "none came back": (0, {"qty_received": 0}, {}, (0, 0, 0, 0), 0.0),
    "two at the dock": (2, {}, {}, (2, 2, 2, 0), 20.0),
    "more than at the dock": (2, {"qty_received": 4}, {}, (4, 4, 4, 0), 40.0),
    "fewer to stock": (0, {"qty_restock": 1}, {}, (5, 1, 5, 0), 50.0),
    "fewer refunded": (0, {"qty_refund": 2}, {}, (5, 5, 2, 0), 20.0),
    "more refunded": (2, {"qty_refund": 4}, {}, (2, 2, 4, 0), 40.0),
    "customer keeps it": (2, {"keep": True}, {}, (2, 2, 5, 0), 50.0),
    "exchanged": (2, {"exchange": True}, {}, (2, 2, 2, 2), 20.0),
    "shipping too": (0, {}, {"refund_shipping": True}, (5, 5, 5, 0), 57.0),
    "fee": (0, {}, {"amount_fee": 5.0}, (5, 5, 5, 0), 45.0),
    "given more": (0, {}, {"amount_adjustment": 2.5}, (5, 5, 5, 0), 52.5),
    "given less": (0, {}, {"amount_adjustment": -2.5}, (5, 5, 5, 0), 47.5),
}


@tagged("post_install", "-at_install")
class TestProposal(SaleRmaCommon):
    """R10: what the screen proposes, and what follows when one thing is changed, is what
    happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        no_tax = cls.env["account.tax"]
        cls.shirt = cls._make_product("Shirt", 10.0, taxes=no_tax)
        cls.carrier.product_id.taxes_id = no_tax
        products = ("product_refund_fee", "product_refund_adjustment")
        for name in products:
            cls.env.ref(f"sale_rma.{name}").taxes_id = no_tax
        cls.defective = cls.env.ref("sale_rma.reason_defective")
        cls.defective.restock = False

    def _accept(self, arrived=0, asked=5, sold=5, **values):
        order = self._create_sold((self.shirt, sold), shipping=7.0)
        rma = self._create_rma(order, {self.shirt: asked}, state="accepted", **values)
        if arrived:
            self._receive(rma, {self.shirt: arrived})
        return rma

    def _write(self, wizard, line_values, values):
        wizard.write(values)
        wizard.line_ids.write(line_values)

    def _fill_in(self, wizard, line_values, values):
        """As in the web form."""
        with Form(wizard) as form:
            for name, value in values.items():
                setattr(form, name, value)
            with form.line_ids.edit(0) as line:
                for name, value in line_values.items():
                    setattr(line, name, value)

    def _type(self, wizard, *steps):
        """Type one thing after the other in the form; return the line's units."""
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            for name, value in steps:
                setattr(line, name, value)
        return self._units(wizard)

    def _units(self, wizard):
        line = wizard.line_ids
        return line.qty_received, line.qty_restock, line.qty_refund

    # === ONE CHANGE === #

    def _check_change(self, name, change):
        arrived, line_values, values, units, amount = CHANGES[name]
        received, restocked, refunded, exchanged = units
        rma = self._accept(arrived)
        in_stock = self._stock_of(self.shirt)
        wizard = self._open_process(rma)
        change(wizard, line_values, values)
        self.assertEqual(wizard.amount_total, amount)
        wizard.action_process()
        line = rma.line_ids
        done = (line.qty_received, line.qty_restocked, line.qty_refunded, line.qty_exchanged)
        self.assertEqual(done, units)
        self.assertEqual((rma.state, rma.amount_refunded), ("done", amount))
        self.assertEqual(self._stock_of(self.shirt), in_stock + restocked)
        sold = rma.order_id.order_line.filtered(lambda line: line.product_id == self.shirt)
        self.assertEqual((sold.qty_delivered, sold.qty_invoiced), (5 - received, 5 - refunded))
        self.assertEqual(sold.qty_to_invoice, 0)
        self.assertEqual(
            sum(rma.exchange_order_ids.order_line.mapped("price_total")), exchanged * 10
        )

    def _check_changes(self, change):
        for name in CHANGES:
            with self.subTest(change=name):
                self._check_change(name, change)

    def test_one_change_written_gives_what_the_words_promise(self):
        self._check_changes(self._write)

    def test_one_change_in_the_form_gives_what_the_words_promise(self):
        self._check_changes(self._fill_in)

    # === A PARCEL WITH LESS IN IT === #

    def test_what_did_not_come_is_still_awaited_when_kept_open(self):
        rma = self._accept()
        wizard = self._open_process(rma)
        wizard.line_ids.qty_received = 3
        self.assertIn("gives up what did not come: 2 Shirt", wizard.missing_message)
        wizard.action_process_keep_open()
        self.assertEqual((rma.state, rma.amount_refunded), ("processing", 30.0))
        awaited = rma.picking_ids.filtered(lambda picking: picking.state == "assigned")
        self.assertEqual(awaited.move_ids.product_uom_qty, 2)
        self._receive(rma)
        wizard = self._open_process(rma)
        self.assertFalse(wizard.missing_message)
        self.assertEqual((self._units(wizard), wizard.amount_total), ((5, 2, 2), 20.0))
        wizard.action_process()
        self.assertEqual((rma.state, rma.amount_refunded), ("done", 50.0))

    def test_follows_in_both_directions_until_typed(self):
        wizard = self._open_process(self._accept())
        self.assertEqual(self._type(wizard, ("qty_received", 3)), (3, 3, 3))
        self.assertEqual(self._type(wizard, ("qty_received", 4)), (4, 4, 4))
        steps = (("qty_received", 2), ("qty_received", 5))
        self.assertEqual(self._type(wizard, *steps), (5, 5, 5))
        self.assertEqual(self._type(wizard, ("qty_refund", 2), ("qty_received", 4)), (4, 4, 2))
        self.assertEqual(self._type(wizard, ("qty_restock", 3), ("qty_received", 5)), (5, 3, 2))

    def test_written_one_by_one_follows_alike(self):
        line = self._open_process(self._accept()).line_ids
        for name, value, units in (
            ("qty_received", 3, (3, 3, 3)),
            ("qty_received", 4, (4, 4, 4)),
            ("qty_refund", 2, (4, 4, 2)),
            ("qty_restock", 3, (4, 3, 2)),
            ("qty_received", 5, (5, 3, 2)),
            ("qty_received", 1, (1, 1, 1)),  # neither was there to be put back nor refunded
        ):
            line[name] = value
            self.assertEqual(self._units(line.wizard_id), units, (name, value))

    def test_exchange_follows_until_typed(self):
        line = self._open_process(self._accept()).line_ids
        line.exchange = True
        line.qty_received = 3
        self.assertEqual(line.qty_exchange, 3)
        line.qty_exchange = 1
        line.qty_received = 4
        self.assertEqual(line.qty_exchange, 1)
        line.exchange = False
        self.assertEqual(line.qty_exchange, 0)

    def test_new_line_proposes_what_is_not_given(self):
        rma = self._accept()
        values = {"rma_line_id": rma.line_ids.id, "qty_received": 3}
        for given, units in (({}, (3, 3, 3)), ({"qty_refund": 0, "qty_restock": 1}, (3, 1, 0))):
            wizard = self.env["sale.rma.process"].create(
                {"rma_id": rma.id, "line_ids": [(0, 0, {**values, **given})]}
            )
            self.assertEqual((self._units(wizard), wizard.line_ids.keep), (units, False))

    def test_item_refunded_in_part_proposes_the_rest(self):
        rma = self._accept()
        self._process(rma, {"qty_received": 4, "qty_refund": 1, "qty_restock": 3}, close=False)
        wizard = self._open_process(rma)
        self.assertEqual(self._units(wizard), (4, 1, 3))
        self.assertEqual(self._type(wizard, ("qty_received", 5)), (5, 2, 4))
        wizard.action_process()
        line = rma.line_ids
        self.assertEqual((line.qty_restocked, line.qty_refunded), (5, 5))

    # === THE CUSTOMER KEEPS IT === #

    def test_refund_typed_above_what_came_back_ticks_that_the_customer_keeps_it(self):
        for change in (self._write, self._fill_in):
            wizard = self._open_process(self._accept(2))
            change(wizard, {"qty_refund": 4}, {})
            self.assertTrue(wizard.line_ids.keep)
            self.assertEqual(wizard.line_ids.keep_message, "The customer keeps 2 of them")

    def test_refund_given_together_with_what_came_back_ticks_it_too(self):
        line = self._open_process(self._accept()).line_ids
        line.write({"qty_received": 0, "qty_restock": 0, "qty_refund": 5})
        self.assertTrue(line.keep)
        self.assertFalse(line.qty_missing)

    def test_unticked_the_refund_is_what_came_back(self):
        wizard = self._open_process(self._accept(2))
        self.assertEqual(self._type(wizard, ("keep", True)), (2, 2, 5))
        self.assertEqual(self._type(wizard, ("keep", False)), (2, 2, 2))
        self.assertEqual(self._type(wizard, ("qty_refund", 4), ("keep", False)), (2, 2, 2))

    def test_refund_above_what_came_back_needs_the_tick(self):
        rma = self._accept(2)
        wizard = self._open_process(rma)
        wizard.line_ids.write({"qty_refund": 4, "keep": False})
        with self.assertRaisesRegex(UserError, "Shirt: 4 to refund, but 2 .*'Customer keeps it'"):
            wizard.action_process()
        self.assertFalse(rma.refund_ids)

    def test_kept_by_an_earlier_decision_is_not_kept_again(self):
        rma = self._accept()
        self._process(rma, {"qty_received": 2, "keep": True, "qty_refund": 3}, close=False)
        wizard = self._open_process(rma)
        self.assertEqual(self._units(wizard), (2, 0, 0))
        self.assertEqual(self._type(wizard, ("qty_received", 5)), (5, 3, 2))
        self.assertFalse(wizard.line_ids.keep)

    def test_what_the_customer_keeps_is_awaited_no_more(self):
        rma = self._accept(2)
        self._process(rma, {"keep": True, "qty_refund": 4}, close=False)
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("processing", 4))
        awaited = rma.picking_ids.move_ids.filtered(lambda move: move.state == "assigned")
        self.assertEqual(sum(awaited.mapped("product_uom_qty")), 1)
        self.assertEqual(self._open_process(rma).line_ids.qty_missing, 1)

    def test_service_is_refunded_without_the_tick(self):
        service = self._make_product("Setup", 30, policy="order", type="service", is_storable=False)
        order = self._create_order((service, 2))
        order.order_line.qty_delivered = 2
        self._invoice(order)
        rma = self._create_rma(order, 2, state="accepted", rma_type="claim")
        wizard = self._open_process(rma)
        self.assertEqual((wizard.line_ids.qty_refund, wizard.line_ids.keep), (2, False))
        wizard.action_process()
        self.assertEqual(rma.line_ids.qty_refunded, 2)

    def test_two_items_of_one_sold_line_share_what_is_left_to_refund(self):
        order = self._create_order((self.shirt, 5))
        self._deliver(order, {self.shirt: 3})
        self._invoice(order)
        self._deliver(order)
        sold = order.order_line
        rma = self.env["sale.rma"].create(
            {
                "order_id": order.id,
                "line_ids": [
                    (0, 0, {"sale_line_id": sold.id, "quantity": quantity}) for quantity in (2, 3)
                ],
            }
        )
        rma.action_accept()
        lines = self._open_process(rma).line_ids
        self.assertEqual(lines.mapped("qty_refund"), [2, 1])
        lines[0].qty_received = 1
        self.assertEqual(lines.mapped("qty_refund"), [1, 1])
        lines[1].qty_received = 2
        self.assertEqual(lines.mapped("qty_refund"), [1, 0])  # three paid, two kept

    # === WHOLE PIECES === #

    def test_only_whole_pieces_are_refunded_put_back_and_exchanged(self):
        rma = self._accept(5)
        for values in (
            {"qty_refund": 0.3},
            {"qty_restock": 0.3},
            {"exchange": True, "qty_exchange": 0.3},
        ):
            with self.subTest(values=values):
                wizard = self._open_process(rma)
                wizard.line_ids.write(values)
                with self.assertRaisesRegex(UserError, "Shirt: .* takes whole pieces, 0.3"):
                    wizard.action_process()

    # === BROKEN GOODS === #

    def test_broken_goods_are_not_proposed_for_sale(self):
        for change in (self._write, self._fill_in):
            wizard = self._open_process(self._accept_defective(3))
            self.assertEqual(self._units(wizard), (3, 0, 3))
            self.assertEqual(wizard.line_ids.stay_message, "3 stays in Returns")
            change(wizard, {"qty_received": 4}, {})
            self.assertEqual(self._units(wizard), (4, 0, 4))
            change(wizard, {"qty_restock": 1}, {})
            self.assertEqual(wizard.line_ids.stay_message, "3 stays in Returns")

    def _accept_defective(self, arrived):
        rma = self._accept(arrived)
        rma.sudo().rma_type = "claim"  # the kind of return that this reason is for
        rma.line_ids.write({"reason_id": self.defective.id, "note": "The seam is open"})
        return rma

    def test_reasons_of_a_shop_that_has_them_already_say_it_too(self):
        names = ("defective", "damaged", "wrong_product", "wrong_size")
        reasons = [self.env.ref(f"sale_rma.reason_{name}") for name in names]
        for reason in reasons:
            reason.restock = True
        path = file_path("sale_rma/migrations/19.0.1.1.0/post-reason-restock.py")
        runpy.run_path(path)["migrate"](self.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual([reason.restock for reason in reasons], [False, False, False, True])

    def test_reasons_say_whether_goods_can_be_sold_again(self):
        unfit = self.env["sale.rma.reason"].search([("restock", "=", False)])
        self.assertEqual(set(unfit.mapped("code")), {"defective", "damaged", "wrong_product"})

    # === NOTHING AT ALL === #

    def test_screen_that_does_nothing_says_so(self):
        rma = self._accept()
        nothing = {"qty_received": 0}
        for line_values, values, expected in (
            ({}, {}, False),
            (nothing, {}, True),
            ({**nothing, "keep": True}, {}, False),
            (nothing, {"refund_shipping": True}, False),
            (nothing, {"amount_adjustment": 3}, False),
        ):
            with self.subTest(line_values=line_values, values=values):
                wizard = self._open_process(rma, **values)
                wizard.line_ids.write(line_values)
                self.assertEqual(wizard.does_nothing, expected)
