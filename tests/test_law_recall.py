"""Recall of a product that is not safe (docs/law.md N8; GPSR, Regulation (EU) 2023/988)."""

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon
from .common_portal import PortalCommon

HAZARD = "The handle can break while the kettle is full: scalds."


@tagged("post_install", "-at_install")
class TestLawRecall(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user("recall_manager", "sales_team.group_sale_manager")
        cls.clerk = cls._make_user("recall_clerk", "sales_team.group_sale_salesman_all_leads")
        cls.kettle = cls._make_product("Kettle", 40.0)

    def _prepare(self, user=None, **values):
        values = {"product_id": self.kettle.id, "reason": HAZARD, **values}
        return self.env["sale.rma.recall"].with_user(user or self.manager).create(values)

    def _recall(self, **values):
        """Recall the kettle as a sales manager; return all its recalls."""
        action = self._prepare(**values).action_open()
        return self.env["sale.rma"].search(action["domain"], order="id")

    def _stock(self, product, quantity, lot=None):
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, quantity, lot_id=lot
        )

    def _make_lots(self, *names, tracking="lot"):
        self.kettle.tracking = tracking
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.kettle.id} for name in names]
        )
        for lot in lots:
            self._stock(self.kettle, 1 if tracking == "serial" else 10, lot)
        return lots

    def _of_lot(self, lot, quantity):
        vals = {"product_id": lot.product_id.id, "lot_id": lot.id, "quantity": quantity}
        return Command.create({**vals, "location_id": self.warehouse.lot_stock_id.id})

    def _sell_lot(self, lot, quantity=1):
        order = self._create_order((self.kettle, quantity))
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [self._of_lot(lot, quantity)]
        move.picked = True
        order.picking_ids._action_done()
        self._invoice(order)
        return order

    def _notice(self, rma):
        mails = self.env["mail.mail"].search(
            [("model", "=", "sale.rma"), ("res_id", "=", rma.id)], order="id"
        )
        [mail] = mails.filtered(lambda mail: "recall" in (mail.subject or "").lower())
        return mail

    # === THE RETURNS === #

    def test_N8_a_recall_opens_an_accepted_return_for_each_buyer(self):
        orders = self._create_sold((self.kettle, 2), (self.mug, 1))
        orders |= self._create_sold((self.kettle, 1))
        self._create_sold((self.mug, 1))
        rmas = self._recall()
        self.assertEqual(rmas.mapped("order_id.id"), orders.ids)
        self.assertEqual(set(rmas.mapped("state")), {"accepted"})
        self.assertEqual([rma.line_ids.quantity for rma in rmas], [2, 1])
        self.assertEqual(rmas.line_ids.product_id, self.kettle)

    def test_N8_no_window_closes_a_recall(self):
        self.company.rma_return_days = 1
        order = self._create_sold((self.kettle, 1))
        order.picking_ids.move_ids.date = "2020-01-01 10:00:00"
        rma = self._recall()
        self.assertEqual(rma.order_id, order)
        self.assertFalse(rma.date_expiry)
        rma.date_expiry = "2020-01-01"
        self.env["sale.rma"]._cron_expire()
        self.assertEqual(rma.state, "accepted")

    def test_N8_recalled_twice_opens_nothing_twice(self):
        self._create_sold((self.kettle, 2))
        rma = self._recall()
        self.assertEqual(self._recall(), rma)
        self._process(rma, {"qty_received": 0, "qty_restock": 0, "qty_refund": 2})  # thrown away
        self.assertEqual(rma.state, "done")
        self.assertEqual(self._recall(), rma)

    def test_N8_buyers_since_the_recall_are_reached_by_the_next_one(self):
        self._create_sold((self.kettle, 1))
        first = self._recall()
        order = self._create_sold((self.kettle, 1))
        self.assertEqual((self._recall() - first).order_id, order)

    def test_N8_only_buyers_of_the_lot_are_reached(self):
        lots = self._make_lots("A", "B")
        order = self._sell_lot(lots[0], 2)
        self._sell_lot(lots[1])
        rma = self._recall(lot_ids=[Command.set(lots[0].ids)])
        self.assertEqual(rma.order_id, order)
        self.assertEqual((rma.line_ids.quantity, rma.line_ids.lot_ids), (2, lots[0]))

    def test_N8_buyers_of_a_kit_with_the_product_are_reached(self):
        if "mrp.bom" not in self.env:
            self.skipTest("needs mrp")
        kit = self._make_kit("Tea set", 90.0, {self.kettle: 1, self.mug: 2})
        order = self._create_sold((kit, 2))
        rma = self._recall()
        self.assertEqual((rma.order_id, rma.line_ids.quantity), (order, 2))

    def test_N8_an_open_commercial_return_becomes_the_recall(self):
        order = self._create_sold((self.kettle, 1))
        rma = self._create_rma(order, state="requested")
        self.assertEqual(self._recall(), rma)
        self.assertEqual((rma.state, rma.rma_type), ("accepted", "recall"))
        self.assertIn("recall", self._notice(rma).subject)

    def test_N8_a_return_with_other_items_is_put_before_its_manager(self):
        order = self._create_sold((self.kettle, 1), (self.mug, 1))
        rma = self._create_rma(order, state="accepted")
        self._recall()
        self.assertEqual(rma.rma_type, "return")
        self.assertIn("recall", rma.activity_ids.summary)

    # === THE MONEY === #

    def test_N8_nothing_is_taken_off(self):
        self._create_sold((self.kettle, 1))
        rma = self._recall()
        for values in ({"amount_fee": 5}, {"amount_adjustment": -5}):
            wizard = self._open_process(rma, **values)
            self.assertIn("recall", wizard.refund_error)
            with self.assertRaisesRegex(UserError, "recall"):
                wizard.action_process()

    def test_N8_the_refund_is_the_price_paid(self):
        order = self._create_sold((self.kettle, 1, {"price_unit": 30.0}))
        self.kettle.list_price = 10.0
        rma = self._recall()
        self._process(rma)
        self.assertEqual(rma.amount_refunded, order.amount_total)

    # === THE STOCK === #

    def test_N8_stock_of_the_lot_is_held_also_what_a_delivery_reserved(self):
        lots = self._make_lots("A", "B")
        order = self._create_order((self.kettle, 1))
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [self._of_lot(lots[0], 1)]
        self._recall(lot_ids=[Command.set(lots[0].ids)])
        place = self.warehouse.rma_location_id
        self.assertEqual(lots[0].quant_ids.filtered("quantity").location_id, place)
        self.assertEqual(self._stock_of(self.kettle), 10)
        self.assertEqual(move.move_line_ids.lot_id, lots[1])

    def test_N8_what_comes_back_is_not_put_back_for_sale(self):
        self._create_sold((self.kettle, 1))
        rma = self._recall()
        wizard = self._open_process(rma)
        self.assertEqual(wizard.line_ids.qty_restock, 0)
        wizard.line_ids.qty_restock = 1
        with self.assertRaisesRegex(UserError, "not put back for sale"):
            wizard.action_process()

    # === THE NOTICE === #

    def test_N8_the_notice_has_its_heading_the_hazard_and_the_choice(self):
        self._create_sold((self.kettle, 1))
        mail = self._notice(self._recall(remedies="refund_repair"))
        page = html.fromstring(mail.body_html)
        words = " ".join(page.text_content().split())
        self.assertEqual(page.xpath("//h1")[0].text_content(), "Product safety recall")
        self.assertTrue(mail.subject.startswith("Product safety recall"))
        for said in (HAZARD, "Stop using", "money back", "a repair", "costs you nothing"):
            self.assertIn(said, words)
        self.assertNotIn("a replacement", words)
        self.assertNotRegex(words.lower(), "voluntar|precaution|good news")

    def test_N8_two_remedies_at_least(self):
        selection = dict(self.env["sale.rma.recall"]._fields["remedies"].selection)
        for value in selection:
            rma = self.env["sale.rma"].new({"recall_remedies": value})
            self.assertGreaterEqual(len(rma._get_recall_remedies()), 2)

    def test_N8_soothing_words_are_refused(self):
        self._create_sold((self.kettle, 1))
        for words in (
            "A voluntary recall.",
            "Par précaution.",
            "Vorsorglicher Rückruf",
            "In rare situations it breaks.",
            "Er bricht in seltenen Fällen.",
            "No accidents were reported.",
        ):
            with self.assertRaisesRegex(UserError, "sound smaller"):
                self._prepare(reason=words).action_open()

    def test_N8_who_has_no_address_is_told_by_a_colleague(self):
        self.customer.email = False
        self._create_sold((self.kettle, 1))
        self.assertIn("tell the customer", self._recall().activity_ids.summary)

    # === RIGHTS === #

    def test_N8_only_sales_managers_recall(self):
        with self.assertRaises(AccessError):
            self._prepare(user=self.clerk)
        for form in ("product.product_template_only_form_view", "product.product_normal_form_view"):
            view = self.env.ref(form)
            for user, count in ((self.manager, 1), (self.clerk, 0)):
                arch = self.env[view.model].with_user(user).get_view(view.id)["arch"]
                self.assertEqual(arch.count('name="action_recall"'), count, form)

    def test_N8_no_form_makes_a_recall_or_ends_one(self):
        order = self._create_sold((self.kettle, 2))
        rma = self._create_rma(order, 1)
        returns = self.env["sale.rma"].with_user(self.manager)
        for attack in (
            lambda: rma.with_user(self.manager).write({"rma_type": "recall"}),
            lambda: returns.create({"order_id": order.id, "rma_type": "recall"}),
            lambda: returns.with_context(default_rma_type="recall").create({"order_id": order.id}),
            lambda: self._recall().with_user(self.manager).write({"rma_type": "return"}),
        ):
            with self.assertRaisesRegex(UserError, "all buyers"):
                attack()

    def test_N8_other_companies_buyers_are_left_to_them(self):
        self._create_sold((self.kettle, 1))
        other = self.setup_other_company()["company"]
        self.manager.write({"company_ids": [Command.link(other.id)]})
        wizard = self._prepare().with_context(allowed_company_ids=other.ids)
        wizard.action_open()
        self.assertFalse(self.env["sale.rma"].search([("rma_type", "=", "recall")]))

    # === HUNDREDS === #

    def test_N8_queries_do_not_grow_with_the_buyers_looked_for(self):
        def count():
            wizard = self._prepare()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard._get_recalled_quantities()
            return self.env.cr.sql_log_count - before

        self._create_sold((self.kettle, 1))
        count()
        one = count()
        for _number in range(4):
            self._create_sold((self.kettle, 1))
        self.assertLessEqual(count(), one)


@tagged("post_install", "-at_install")
class TestLawRecallPortal(PortalCommon):
    """The customer chooses on the page of the recall."""

    def setUp(self):
        super().setUp()
        self.order = self._create_sold((self.shirt, 2))
        vals = {"product_id": self.shirt.id, "reason": HAZARD}
        self.env["sale.rma.recall"].create(vals).action_open()
        self.rma = self._returns_of(self.order)
        self.url = f"/my/returns/{self.rma.id}/remedy?access_token={self.rma.sudo().access_token}"

    def _choose(self, remedy, **params):
        token = self._form_values(self._page(self.rma.get_portal_url()), form="o_rma_message")
        return self._post_form(self.url, {**token, "remedy": remedy, **params})

    def test_N8_the_page_says_the_danger_and_asks_for_the_choice(self):
        page = self._page(self.rma.get_portal_url())
        recall = self._text(self._by_id(page, "return_recall"))
        self.assertIn("Product safety recall", recall)
        self.assertIn(HAZARD, recall)
        self.assertEqual(page.xpath("//input[@name='remedy']/@value"), ["refund", "exchange"])

    def test_N8_the_choice_is_kept_and_told(self):
        self.assertEqual(self._choose("exchange").status_code, 303)
        self.rma.invalidate_recordset()
        self.assertEqual(self.rma.line_ids.resolution, "exchange")
        self.assertTrue(self.rma.date_remedy)
        self.assertIn("A replacement", self.rma.message_ids[0].body)
        self.assertEqual(self.rma.message_ids[0].author_id, self.customer)
        wizard = self._open_process(self.rma)
        self.assertTrue(wizard.line_ids.exchange)
        page = self._page(self.rma.get_portal_url())
        self.assertEqual(page.xpath("//input[@name='remedy'][@checked]/@value"), ["exchange"])

    def test_N8_no_other_remedy_and_no_change_once_it_is_done(self):
        for remedy in ("repair", "credit", "", "refund_replacement"):
            page = self._html(self._choose(remedy))
            self.assertIn("Choose one", self._text(self._by_id(page, "return_remedy_error")))
        self.assertFalse(self.rma.date_remedy)
        self._process(self.rma)
        self._choose("exchange")
        self.rma.invalidate_recordset()
        self.assertFalse(self.rma.date_remedy)

    def test_N8_a_strangers_choice_is_not_taken(self):
        token = self._form_values(self._page(self.rma.get_portal_url()), form="o_rma_message")
        path = self.url.replace("access_token=", "access_token=x")
        self._post_form(path, {**token, "remedy": "exchange"})
        self.rma.invalidate_recordset()
        self.assertFalse(self.rma.date_remedy)
