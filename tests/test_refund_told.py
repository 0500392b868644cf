from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundTold(SaleRmaMoneyCommon):
    """Issue 14.5: what was given stands in the open, with what became of it as the books say.

    Two lamps at 40.00 and shipping of 6.00, no tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.lamp = cls._make_product("Lamp", 40.0, "order", cls.no_tax)
        cls.rug = cls._make_product("Rug", 55.0, "order", cls.no_tax)
        cls.carrier.product_id.taxes_id = False
        for name in ("fee", "adjustment"):
            cls.env.ref(f"sale_rma.product_refund_{name}").taxes_id = False

    def _sold(self, paid=True):
        order = self._create_sold((self.lamp, 2), shipping=6.0)
        if paid:
            self._pay(order.invoice_ids)
        return order

    def _pay(self, moves):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({})._create_payments()

    def _tell(self, rma):
        """Return {label: amount} as the customer is told, and see that page and mail have it."""
        rma.invalidate_recordset()
        rows = {row["label"]: row["amount"] for row in rma._get_statement_rows()}
        for key in ("processing", "done"):
            template = rma._get_state_template(key)
            body = template._render_field("body_html", rma.ids)[rma.id]
            for label, amount in rows.items():
                self.assertIn(label, body)
                self.assertIn(f"{abs(amount):.2f}", body)
        return rows

    def test_parts_are_on_the_screen_and_on_the_return(self):
        """40 + 6 - 5 + 2.50."""
        rma = self._create_rma(self._sold(), {self.lamp: 1}, state="accepted")
        wizard = self._open_process(
            rma, refund_shipping=True, amount_fee=5.0, amount_adjustment=2.5
        )
        self.assertEqual(wizard.amount_goods, 40)
        self.assertEqual(
            wizard.parts_message.replace("\N{NO-BREAK SPACE}", ""),
            "Goods $40.00 + shipping $6.00 - fee $5.00 + adjustment $2.50",
        )
        wizard.action_process()
        self.assertEqual(
            self._tell(rma),
            {
                "Goods": 40,
                "Shipping": 6,
                "Refund fee": -5,
                "Adjustment": 2.5,
                "Refunded": 43.5,
                "Still to be paid back to you": 43.5,
            },
        )

    def test_goods_alone_need_no_more_words(self):
        rma = self._create_rma(self._sold(), {self.lamp: 1}, state="accepted")
        wizard = self._open_process(rma)
        self.assertFalse(wizard.parts_message)
        wizard.action_process()
        told = {"Goods": 40, "Refunded": 40, "Still to be paid back to you": 40}
        self.assertEqual(self._tell(rma), told)
        self._pay(rma.refund_ids)
        told = {"Goods": 40, "Refunded": 40, "Paid back to you": 40}
        self.assertEqual(self._tell(rma), told)

    def test_open_invoice_takes_it(self):
        """86 were billed and nothing was paid."""
        rma = self._return(self._sold(paid=False), {self.lamp: 1})
        told = {"Goods": 40, "Refunded": 40, "Set against your open invoice": 40}
        self.assertEqual(self._tell(rma), told)

    def test_given_before_is_told(self):
        """10 were given while both were kept; then both come back: 80 less 10."""
        order = self._sold()
        kept = {"qty_received": 0, "qty_refund": 0}
        self._return(order, lines=kept, amount_adjustment=10.0)
        rma = self._create_rma(order, state="accepted")
        wizard = self._open_process(rma, refund_shipping=True)
        shown = (wizard.amount_goods, wizard.amount_given_before, wizard.amount_total)
        wizard.action_process()
        rows = self._tell(rma)
        self.assertEqual((rows["Goods"], -rows.get("Given before", 0.0), rows["Refunded"]), shown)
        self.assertEqual(shown[1:], (10, 76))

    def test_given_before_on_the_unit_itself_is_told(self):
        """A credit note by hand lowered one lamp by 10."""
        order = self._sold()
        move = order.invoice_ids._reverse_moves([{"invoice_date": self._today()}])
        line = move.invoice_line_ids.filtered(lambda x: x.product_id == self.lamp)
        (move.invoice_line_ids - line).unlink()
        line.write({"quantity": 1, "price_unit": 10.0})
        move.action_post()
        rows = self._tell(self._return(order))
        self.assertEqual((rows["Goods"], rows["Given before"], rows["Refunded"]), (80, -10, 70))

    def _exchange(self, product, policy="order"):
        self.rug.invoice_policy = policy
        rma = self._create_rma(self._sold(), {self.lamp: 1}, state="accepted")
        wizard = self._open_process(rma)
        wizard.line_ids.write({"exchange": True, "exchange_product_id": product.id})
        wizard.action_process()
        return self._tell(rma)

    def test_dearer_exchange_still_to_pay(self):
        """A rug of 55 for a lamp of 40, invoiced now or when it is sent."""
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                rows = self._exchange(self.rug, policy)
                self.assertEqual(rows["Price of your exchange"], 55)
                self.assertEqual(rows["Set against your exchange"], 40)
                self.assertEqual(rows["Still to be paid by you"], 15)
                self.assertNotIn("Still to be paid back to you", rows)

    def test_cheaper_exchange_leaves_something_to_pay_back(self):
        self.rug.list_price = 30.0
        rows = self._exchange(self.rug)
        self.assertEqual(rows["Set against your exchange"], 30)
        self.assertEqual(rows["Still to be paid back to you"], 10)
        self.assertNotIn("Still to be paid by you", rows)

    def test_undone_refund_is_not_told(self):
        rma = self._return(self._sold(), {self.lamp: 1})
        rma.refund_ids._reverse_moves(cancel=True)
        self.assertEqual(self._tell(rma), {})

    def test_discount_on_the_shipping_is_not_the_goods(self):
        """10 % off the order of 80 and 6: lamps 72, shipping 5.40."""
        order = self._create_draft_order((self.lamp, 2), shipping=6.0)
        self._sell(self._discount(order, percent=10))
        rma = self._create_rma(order, state="accepted")
        wizard = self._open_process(rma, refund_shipping=True)
        self.assertEqual(wizard.amount_goods, 72)
        wizard.action_process()
        rows = self._tell(rma)
        self.assertEqual((rows["Goods"], rows["Shipping"], rows["Refunded"]), (72, 5.4, 77.4))

    def test_shelves_are_not_the_customers_business(self):
        rma = self._return(self._sold())
        self.assertEqual(rma.line_ids.qty_restocked, 2)
        template = rma._get_state_template("done")
        self.assertNotIn("shelves", template._render_field("body_html", rma.ids)[rma.id])


@tagged("post_install", "-at_install")
class TestRefundKeptOpenTold(SaleRmaMoneyCommon):
    """Issue 14.5: a refund made with *keep it open* is told."""

    @classmethod
    def setUpClass(cls):
        super(SaleRmaMoneyCommon, cls).setUpClass()  # with the mails
        cls.lamp = cls._make_product("Lamp", 40.0, "order", cls.env["account.tax"])
        cls.order = cls._create_sold((cls.lamp, 5))

    def _get_mails(self, rma):
        return rma.message_ids.filtered(
            lambda message: rma.partner_id in message.notified_partner_ids
        ).sorted("id")

    def test_refund_while_the_return_stays_open_is_told_once(self):
        rma = self._create_rma(self.order, {self.lamp: 4}, state="accepted")
        self._receive(rma, {self.lamp: 1})
        before = self._get_mails(rma)
        self._process(rma, close=False)
        mail = self._get_mails(rma) - before
        self.assertEqual((rma.state, len(mail)), ("processing", 1))
        self.assertIn("40.00", mail.body)
        self.assertIn("stays open", mail.body)
        told = rma.history_ids.filtered(lambda x: x.subtype_id.name == "Customer notified")
        self.assertTrue(told or "Customer told" in "".join(rma.history_ids.mapped("body")))

    def test_with_the_change_of_state_it_is_one_mail(self):
        rma = self._create_rma(self.order, {self.lamp: 4}, state="accepted")
        before = self._get_mails(rma)
        self._process(rma, {"qty_received": 3}, close=False)
        mail = self._get_mails(rma) - before
        self.assertEqual(len(mail), 1)
        self.assertIn("120.00", mail.body)

    def test_without_a_refund_nothing_more_is_told(self):
        rma = self._create_rma(self.order, {self.lamp: 4}, state="accepted")
        self._receive(rma, {self.lamp: 1})
        before = self._get_mails(rma)
        self._process(rma, {"qty_refund": 0}, close=False)
        self.assertFalse(self._get_mails(rma) - before)
