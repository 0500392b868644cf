from unittest.mock import patch

from freezegun import freeze_time
from lxml import html
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon

LABELS = {
    "en": ("withdraw from contract here", "confirm withdrawal"),
    "fr": ("renoncer au contrat ici", "confirmer la rétractation"),
    "de": ("Vertrag widerrufen", "Widerruf bestätigen"),
    "it": ("recedere dal contratto qui", "conferma recesso"),
    "es": ("desistir del contrato aquí", "confirmar desistimiento"),
    "nl": ("hier de overeenkomst herroepen", "herroeping bevestigen"),
}
FOOTER_LINK = "//footer/div[contains(@class, 'o_rma_withdrawal_footer')]//a"


@tagged("post_install", "-at_install")
class WithdrawalCommon(SaleRmaCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        cls.company.rma_user_id = cls.manager
        # visitors without login are on the pages of the company of the public user
        public_user = cls.env.ref("base.public_user").sudo()
        public_user.company_ids |= cls.company
        public_user.company_id = cls.company
        cls.portal_user = cls._make_user(
            "rma_customer",
            "base.group_portal",
            name=cls.customer.name,
            partner_id=cls.customer.id,
            password="rma_customer",
            email=cls.customer.email,
        )
        stranger = cls.env["res.partner"].create({"name": "Bob", "email": "bob@example.com"})
        cls.stranger = cls._make_user(
            "rma_stranger",
            "base.group_portal",
            partner_id=stranger.id,
            password="rma_stranger",
            email=stranger.email,
        )
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))
        cls.shirts, cls.mugs = cls.order.order_line
        cls.guest = {
            "customer_name": "Anna Martin",
            "contract": cls.order.name,
            "email": "anna@example.com",
        }

    # === WALKING THROUGH === #

    def _open(self, path="/withdraw", language=None, **params):
        headers = {"Accept-Language": language} if language else {}
        response = self.url_open(path, params=params, headers=headers)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _post(self, path, values, csrf=True, **kwargs):
        data = dict(values)
        if csrf:
            data.setdefault("csrf_token", self._get_csrf())
        return self.url_open(path, data=data, **kwargs)

    def _get_csrf(self):
        page = html.fromstring(self.url_open("/withdraw").text)
        return page.xpath("//form[@id='withdrawal_form']/input[@name='csrf_token']/@value")[0]

    def _state(self, page):
        return page.xpath("//input[@name='state']/@value")[0]

    def _declare(self, language=None, **values):
        """Fill in the statement page; return the confirmation page."""
        headers = {"Accept-Language": language} if language else {}
        response = self._post("/withdraw", values, headers=headers)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _confirm(self, page):
        """Press the button; return the receipt page's response."""
        return self._post("/withdraw/confirm", {"state": self._state(page)})

    def _withdraw(self, **values):
        before = self._withdrawals()
        self._confirm(self._declare(**values))
        withdrawal = self._withdrawals() - before
        for recorded in withdrawal.search(withdrawal._get_to_follow_up_domain()):
            recorded.sudo()._follow_up()
        return withdrawal

    def _withdrawals(self):
        return self.env["sale.rma.withdrawal"].search([])

    def _errors(self, page):
        """{field: error beside it}, each of them announced with the field."""
        found = {}
        for error in page.xpath("//*[starts-with(@id, 'withdrawal_') and contains(@id, '_error')]"):
            if error.get("id") != "withdrawal_errors":
                field = error.get("id").removeprefix("withdrawal_").removesuffix("_error")
                found[field] = error.text_content().strip()
        return found

    def _mails_to(self, address, model):
        mails = self.env["mail.mail"].search([("model", "=", model)])
        return mails.filtered(
            lambda mail: (
                address in ",".join([mail.email_to or "", *mail.recipient_ids.mapped("email")])
            )
        )


class TestWithdrawalPages(WithdrawalCommon):
    """What the law says of the pages."""

    # === LABELS === #

    def test_labels_follow_the_visitors_language_installed_or_not(self):
        for language, (withdraw, confirm) in LABELS.items():
            with self.subTest(language):
                page = self._open(language=f"{language}-{language.upper()},{language};q=0.9")
                self.assertEqual(page.xpath("//h1/text()"), [withdraw])
                footer = page.xpath(f"{FOOTER_LINK}/text()")
                self.assertEqual(footer, [withdraw])
                page = self._declare(language=f"{language}-XX", **self.guest)
                self.assertEqual(page.xpath("//button")[-1].text_content(), confirm)

    def test_unknown_language_gets_that_of_the_page(self):
        self.assertEqual(self._open(language="pt-PT,pl").xpath("//h1/text()"), [LABELS["en"][0]])

    def test_link_is_in_every_page(self):
        self.authenticate("rma_customer", "rma_customer")
        for path in ("/my", "/my/orders", f"/my/orders/{self.order.id}", "/withdraw/form"):
            self.assertTrue(self._open(path).xpath(FOOTER_LINK), path)

    def test_link_is_in_the_portals_home(self):
        self.authenticate("rma_customer", "rma_customer")
        home = self._open("/my")
        links = home.xpath("//div[@id='portal_common_category']//a[@href='/withdraw']")
        self.assertIn(LABELS["en"][0], links[0].text_content())

    def test_shop_that_needs_no_function_shows_no_link(self):
        self.company.rma_withdrawal_link = False
        self.assertFalse(self._open("/withdraw/form").xpath(FOOTER_LINK))

    def test_L2_link_is_on_the_order_until_it_is_wholly_withdrawn(self):
        self.authenticate("rma_customer", "rma_customer")
        path = f"/my/orders/{self.order.id}"
        self.order.picking_ids.date_done = "2026-01-05 10:00"
        self.assertTrue(self._open(path).xpath("//a[@id='withdraw_from_order']"))
        self._create_rma(self.order, rma_type="withdrawal", state="accepted")
        self.assertFalse(self._open(path).xpath("//a[@id='withdraw_from_order']"))

    def test_order_mail_links_to_the_function_with_the_customers_token(self):
        self.order.message_post(
            body="Thank you", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
        )
        mail = self._mails_to("anna@example.com", "sale.order")[-1:]
        self.assertIn(LABELS["en"][0], mail.body_html)
        self.assertIn(f"/withdraw?order_id={self.order.id}&amp;access_token=", mail.body_html)

    def test_order_mail_gives_nobody_else_the_token(self):
        bystander = self.env["res.partner"].create({"name": "Eve", "email": "eve@example.com"})
        self.order.message_post(
            body="Look", partner_ids=bystander.ids, subtype_xmlid="mail.mt_comment"
        )
        mail = self._mails_to("eve@example.com", "sale.order")
        self.assertIn("/withdraw", mail.body_html)
        self.assertNotIn(self.order.access_token or "access_token=", mail.body_html)

    def test_L2_order_mail_has_no_link_when_all_was_withdrawn(self):
        self._create_rma(self.order, rma_type="withdrawal", state="accepted")
        self.order.message_post(
            body="Thank you", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn("/withdraw", self._mails_to("anna@", "sale.order")[-1:].body_html)

    def test_model_form_is_there_in_the_visitors_language(self):
        text = self._open("/withdraw/form", language="de").text_content()
        for words in (
            "Muster-Widerrufsformular",
            "Hiermit widerrufe(n) ich/wir",
            self.company.name,
        ):
            self.assertIn(words, text)

    # === TWO STEPS === #

    def test_statement_asks_for_name_contract_and_address_only(self):
        page = self._open()
        fields = page.xpath("//form[@id='withdrawal_form']//*[@name]/@name")
        self.assertEqual(set(fields), {"csrf_token", "contract", "part", "customer_name", "email"})
        required = page.xpath("//form[@id='withdrawal_form']//*[@aria-required]/@name")
        self.assertEqual(set(required), {"contract", "customer_name", "email"})

    def test_first_button_never_withdraws(self):
        self._declare(**self.guest)
        self.assertFalse(self._withdrawals())

    def test_confirmation_page_has_one_control(self):
        page = self._declare(**self.guest)
        controls = page.xpath("//main//a | //main//button | //main//*[@name][not(@type='hidden')]")
        self.assertEqual([control.tag for control in controls], ["button"])
        self.assertFalse(page.xpath("//header | //footer"))

    def test_confirmation_page_shows_what_is_kept_word_for_word(self):
        page = self._declare(**self.guest)
        shown = page.xpath("//*[@id='withdrawal_statement']")[0].text_content()
        self._confirm(page)
        self.assertEqual(shown, self._withdrawals().statement)
        for words in ("hereby give notice", self.order.name, "Anna Martin", "anna@example.com"):
            self.assertIn(words, shown)

    def test_errors_stand_beside_their_fields_and_are_announced(self):
        page = self._declare(customer_name=" ", contract="", email="anna@")
        self.assertEqual(set(self._errors(page)), {"customer_name", "contract", "email"})
        for field in ("customer_name", "contract", "email"):
            control = page.xpath(f"//input[@name='{field}']")[0]
            self.assertEqual(control.get("aria-invalid"), "true")
            self.assertIn(f"withdrawal_{field}_error", control.get("aria-describedby"))
        self.assertEqual(page.xpath("//*[@id='withdrawal_errors']/@role"), ["alert"])
        self.assertFalse(page.xpath("//input[@name='state']"))

    def test_what_was_typed_is_kept_when_something_is_wrong(self):
        page = self._declare(**{**self.guest, "email": "nonsense", "part": "The <mug>"})
        self.assertEqual(page.xpath("//input[@name='email']/@value"), ["nonsense"])
        self.assertEqual(page.xpath("//textarea[@name='part']")[0].text_content(), "The <mug>")

    def test_page_fits_a_reader(self):
        page = self._open()
        labelled = set(page.xpath("//label/@for"))
        for control in page.xpath("//form[@id='withdrawal_form']//input[not(@type='hidden')]"):
            self.assertIn(control.get("id"), labelled)
        self.assertEqual(len(page.xpath("//h1")), 1)

    # === KNOWN CUSTOMERS === #

    def test_logged_in_customer_chooses_among_own_orders(self):
        self.authenticate("rma_customer", "rma_customer")
        page = self._open()
        links = page.xpath("//*[@id='withdrawal_own_orders']//a/@href")
        self.assertEqual(links, [f"/withdraw?order_id={self.order.id}"])
        self.assertEqual(page.xpath("//input[@name='customer_name']/@value"), ["Anna Martin"])

    def test_known_customer_only_confirms(self):
        self.authenticate("rma_customer", "rma_customer")
        page = self._open(order_id=self.order.id)
        values = dict(
            zip(
                *[
                    page.xpath(f"//form[@id='withdrawal_form']//input/@{attribute}")
                    for attribute in ("name", "value")
                ],
                strict=True,
            )
        )
        self.assertEqual(values["customer_name"], "Anna Martin")
        self.assertEqual(values["email"], "anna@example.com")
        self.assertFalse(page.xpath("//input[@name='contract']"))

    def test_orders_token_opens_the_statement_without_login(self):
        token = self.order._portal_ensure_token()
        page = self._open(order_id=self.order.id, access_token=token)
        self.assertIn(self.order.name, page.xpath("//*[@id='withdrawal_order']")[0].text)

    def test_strangers_and_wrong_tokens_see_nothing_of_the_order(self):
        for params in (
            {"access_token": "wrong"},
            {"access_token": "é"},
            {},
            {"order_id": "²"},
            {"order_id": 10**12},
            {"order_id": "1;DROP"},
        ):
            page = self._open(**{"order_id": self.order.id, **params})
            self.assertFalse(page.xpath("//*[@id='withdrawal_order']"), params)
            self.assertNotIn("Shirt", page.text_content())
        self.authenticate("rma_stranger", "rma_stranger")
        self.assertFalse(self._open(order_id=self.order.id).xpath("//*[@id='withdrawal_order']"))

    def test_another_customers_order_posted_is_not_taken(self):
        self.authenticate("rma_stranger", "rma_stranger")
        page = self._declare(
            order_id=self.order.id, contract="mine", customer_name="Bob", email="bob@example.com"
        )
        self._confirm(page)
        self.assertFalse(self._withdrawals().matched_order_id)
        self.assertFalse(self.order.rma_ids)

    # === ITEMS === #

    def _declare_items(self, **values):
        self.authenticate("rma_customer", "rma_customer")
        return self._declare(
            order_id=self.order.id,
            customer_name="Anna Martin",
            email="anna@example.com",
            scope="items",
            **values,
        )

    def test_no_item_ticked_is_said(self):
        self.assertIn("items", self._errors(self._declare_items()))

    def test_bad_quantities_are_refused_in_words(self):
        field = f"quantity_{self.shirts.id}"
        for quantity in ("0", "-1", "4", "nan", "inf", "1e400", "1.5", "two", "", "1\0"):
            page = self._declare_items(**{f"line_{self.shirts.id}": "1", field: quantity})
            if quantity == "1\0":
                continue  # no keyboard writes it; it only must not fail
            self.assertIn("up to 3", self._errors(page).get(field, ""), quantity)

    def test_lines_of_other_orders_are_not_read(self):
        other = self._create_sold((self.shirt, 1)).order_line
        page = self._declare_items(
            **{f"line_{other.id}": "1", f"line_{self.mugs.id}": "1", "line_x": "1"}
        )
        self._confirm(page)
        self.assertEqual(self._withdrawals().rma_ids.line_ids.sale_line_id, self.mugs)

    # === HOSTILE INPUT === #

    def test_text_that_is_too_long_or_has_odd_signs(self):
        page = self._declare(**{**self.guest, "contract": "x" * 501})
        self.assertIn("contract", self._errors(page))
        withdrawal = self._withdraw(**{**self.guest, "customer_name": "An\0na\r\n<b>M\x1b</b>"})
        self.assertEqual(withdrawal.customer_name, "Anna\n<b>M</b>")
        self.assertNotIn("<b>M", self._mails_to("anna@", "sale.rma.withdrawal")[0].body_html)

    def test_posts_of_ten_thousand_lines(self):
        lines = {f"line_{10**6 + number}": "1" for number in range(10000)}
        page = self._declare_items(**lines)
        self.assertIn("items", self._errors(page))

    def test_state_the_server_did_not_sign_is_not_taken(self):
        state = self._state(self._declare(**self.guest))
        for forged in ("", "é", "x" * 50, state[:-4], state[:60] + "AAAA" + state[64:]):
            response = self._post("/withdraw/confirm", {"state": forged})
            self.assertEqual(response.status_code, 200, forged)
            self.assertIn("withdrawal_form", response.text)
        self.assertFalse(self._withdrawals())

    def test_session_that_ended_costs_a_press_and_not_the_declaration(self):
        page = self._declare(**self.guest)
        response = self._post("/withdraw/confirm", {"state": self._state(page)}, csrf=False)
        self.assertFalse(self._withdrawals())
        self._confirm(html.fromstring(response.text))
        self.assertEqual(len(self._withdrawals()), 1)

    def test_statement_without_csrf_token_is_shown_again(self):
        response = self._post("/withdraw", self.guest, csrf=False)
        page = html.fromstring(response.text)
        self.assertEqual(page.xpath("//input[@name='contract']/@value"), [self.order.name])
        self.assertFalse(page.xpath("//input[@name='state']"))

    def test_confirmation_cannot_be_opened_by_a_link(self):
        self.assertTrue(self._open("/withdraw/confirm").xpath("//*[@id='withdrawal_form']"))
        self.assertTrue(
            self._open("/withdraw/receipt/" + "0" * 64).xpath("//*[@id='withdrawal_form']")
        )


class TestWithdrawal(WithdrawalCommon):
    """What a confirmed statement does."""

    # === MATCHED === #

    def test_guest_with_number_and_address_gets_an_accepted_return(self):
        withdrawal = self._withdraw(**self.guest)
        rma = withdrawal.rma_ids
        self.assertEqual(withdrawal.matched_order_id, self.order)
        self.assertEqual((rma.rma_type, rma.state), ("withdrawal", "accepted"))
        self.assertEqual(rma.line_ids.mapped("quantity"), [3, 2])
        self.assertTrue(rma.picking_ids)
        self.assertEqual(rma.date_requested, withdrawal.submitted_at)
        self.assertEqual((withdrawal.doubt, withdrawal.is_to_check), ("none", False))

    def test_number_is_found_in_what_people_write(self):
        for contract in (
            f"order #{self.order.name.lower()}, please",
            f"Bestellung: «{self.order.name}».",
            self.order.invoice_ids.name,
            "PO 4711",
        ):
            with self.subTest(contract), self.env.cr.savepoint() as savepoint:
                self.order.client_order_ref = "4711"
                model = self.env["sale.rma.withdrawal"]
                order, _note = model._match_order(contract, "Anna@Example.com")
                self.assertEqual(order, self.order)
                savepoint.rollback()

    def test_customer_is_told_once_beside_the_receipt(self):
        withdrawal = self._withdraw(**self.guest)
        self.assertEqual(len(self._mails_to("anna@example.com", "sale.rma")), 1)
        self.assertEqual(len(self._mails_to("anna@example.com", "sale.rma.withdrawal")), 1)
        mail = self._mails_to("anna@", "sale.rma")
        self.assertIn(withdrawal.rma_ids.name, mail.subject)
        # nothing was requested, and nothing is granted
        self.assertIn("You have withdrawn from the contract", mail.body_html)
        self.assertNotIn("accepted", mail.subject + mail.body_html)

    def test_downloaded_receipt_is_the_file_that_was_mailed(self):
        page = self._confirm(self._declare(**self.guest))
        mailed = self._mails_to("anna@example.com", "sale.rma.withdrawal").attachment_ids
        downloaded = self.url_open(f"{page.url}?report_type=pdf")
        self.assertEqual(downloaded.headers["Content-Type"], "application/pdf")
        self.assertEqual(downloaded.content, mailed.raw)

    def test_part_of_an_order(self):
        self.authenticate("rma_customer", "rma_customer")
        withdrawal = self._withdraw(
            order_id=self.order.id,
            customer_name="Anna Martin",
            email="anna@example.com",
            scope="items",
            **{f"line_{self.shirts.id}": "1", f"quantity_{self.shirts.id}": "2"},
        )
        self.assertEqual(withdrawal.rma_ids.line_ids.sale_line_id, self.shirts)
        self.assertEqual(withdrawal.rma_ids.line_ids.quantity, 2)
        self.assertIn("- 2 × Shirt", withdrawal.statement)
        self.assertEqual(withdrawal.channel, "login")

    def test_link_of_the_order_is_enough(self):
        withdrawal = self._withdraw(
            order_id=self.order.id,
            access_token=self.order._portal_ensure_token(),
            customer_name="Anna's sister",
            email="sister@example.com",
        )
        self.assertEqual((withdrawal.channel, withdrawal.order_id), ("link", self.order))
        # the return stays the customer's: notices go to the address of the order
        self.assertEqual(withdrawal.rma_ids.email, "anna@example.com")
        self.assertEqual(len(self._mails_to("sister@", "sale.rma.withdrawal")), 1)

    def test_submitted_twice_is_one_withdrawal(self):
        page = self._declare(**self.guest)
        first, second = self._confirm(page), self._confirm(page)
        self.assertEqual(first.url, second.url)
        self.assertEqual(len(self._withdrawals()), 1)
        self._withdrawals()._follow_up()
        self.assertEqual(len(self.order.rma_ids), 1)
        self.assertEqual(len(self._mails_to("anna@", "sale.rma.withdrawal")), 1)

    def test_no_commercial_rule_stands_in_the_way(self):
        self.company.rma_return_days = 1
        self.order.picking_ids.date_done = "2026-03-02 10:00"
        with freeze_time("2026-03-12 10:00"):
            self.assertTrue(self._withdraw(**self.guest).rma_ids)

    def test_the_last_minute_is_in_time(self):
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        self.order.picking_ids.rma_date_delivered = "2026-03-02"
        with freeze_time("2026-03-16 22:59:30"):
            self.assertEqual(self._withdraw(**self.guest).doubt, "none")

    # === FOR A COLLEAGUE === #

    def _assert_before_staff(self, withdrawal, doubt):
        self.assertEqual((withdrawal.doubt, withdrawal.is_to_check), (doubt, True))
        self.assertEqual(withdrawal.activity_ids.user_id, self.manager)
        self.assertIn(
            withdrawal, self.env["sale.rma.withdrawal"].search([("is_to_check", "=", True)])
        )
        mails = self._mails_to(withdrawal.email, "sale.rma.withdrawal")
        self.assertEqual(mails.mapped("res_id").count(withdrawal.id), 1)

    def test_wrong_address_and_wrong_number_are_for_a_colleague(self):
        for values in ({"email": "eve@example.com"}, {"contract": "S99999"}):
            withdrawal = self._withdraw(**{**self.guest, **values})
            self._assert_before_staff(withdrawal, "unmatched")
            withdrawal.activity_ids.action_feedback()  # asked once for all of them
            self.assertFalse(withdrawal.matched_order_id)
        self.assertFalse(self.order.rma_ids)

    def test_late_is_recorded_and_receipted(self):
        self.order.picking_ids.rma_date_delivered = "2026-03-02"
        with freeze_time("2026-03-17 10:00"):
            withdrawal = self._withdraw(**self.guest)
        self._assert_before_staff(withdrawal, "late")
        self.assertEqual(withdrawal.matched_order_id, self.order)
        self.assertIn("Monday 16 March 2026", withdrawal.check_note)
        self.assertFalse(self.order.rma_ids)

    def test_items_named_in_words_are_for_a_colleague(self):
        withdrawal = self._withdraw(**self.guest, part="one of the mugs")
        self._assert_before_staff(withdrawal, "doubtful")
        self.assertFalse(withdrawal.rma_ids)
        self.assertIn("one of the mugs", withdrawal.statement)

    def test_L17_nothing_delivered_opens_its_return(self):
        order = self._create_order((self.shirt, 1))
        withdrawal = self._withdraw(**{**self.guest, "contract": order.name})
        self.assertEqual(withdrawal.doubt, "none")
        self.assertEqual(withdrawal.rma_ids.line_ids.qty_unsent, 1)

    def test_what_is_on_another_return_is_for_a_colleague(self):
        self._create_rma(self.order, {self.shirt: 1}, state="requested", rma_type="claim")
        withdrawal = self._withdraw(**self.guest)
        self._assert_before_staff(withdrawal, "doubtful")
        self.assertEqual(withdrawal.rma_ids.line_ids.mapped("quantity"), [2, 2])
        self.assertIn("2 of 3", withdrawal.check_note)

    def test_L17_rest_to_be_delivered_is_withdrawn_too(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order, {self.shirt: 1})
        withdrawal = self._withdraw(**{**self.guest, "contract": order.name})
        self.assertEqual(withdrawal.doubt, "none")
        line = withdrawal.rma_ids.line_ids
        self.assertEqual((line.quantity, line.qty_unsent), (3, 2))

    def test_services_that_were_performed_are_for_a_colleague(self):
        service = self._make_product("Course", 80.0, type="service", is_storable=False)
        order = self._create_order((service, 1), (self.shirt, 1))
        self._deliver(order)
        order.order_line[0].qty_delivered = 1
        withdrawal = self._withdraw(**{**self.guest, "contract": order.name})
        self._assert_before_staff(withdrawal, "doubtful")
        self.assertEqual(withdrawal.rma_ids.line_ids.product_id, self.shirt)
        self.assertIn("Course", withdrawal.check_note)

    def test_several_orders_that_fit_are_for_a_colleague(self):
        other = self._create_sold((self.shirt, 1))
        contract = f"{self.order.name} and {other.name}"
        self._assert_before_staff(
            self._withdraw(**{**self.guest, "contract": contract}), "unmatched"
        )

    def test_return_that_fails_does_not_lose_the_declaration(self):
        def fail(rmas):
            raise UserError("Somebody else works on it")

        def break_down(rmas):
            raise KeyError("a bug somewhere")

        for number, failure in enumerate((fail, break_down)):
            with (
                patch.object(type(self.env["sale.rma"]), "action_accept", failure),
                mute_logger("odoo.addons.sale_rma.models.withdrawal.sale_rma_withdrawal_submit"),
            ):
                contract = f"{self.order.name} {number}"
                withdrawal = self._withdraw(**{**self.guest, "contract": contract})
            self._assert_before_staff(withdrawal, "doubtful")
            self.assertFalse(self.order.rma_ids)

    def _confirm_as_known_customer(self):
        self.authenticate("rma_customer", "rma_customer")
        page = self._declare(
            order_id=self.order.id, customer_name="Anna Martin", email="anna@example.com"
        )
        return self._confirm(page)

    def _run_follow_up_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_withdrawal_follow_up").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_conflict_at_every_try_does_not_lose_a_known_customers_declaration(self):
        def conflict(rmas):
            raise SerializationFailure("could not serialize access due to concurrent update")

        with patch.object(type(self.env["sale.rma"]), "action_accept", conflict):
            response = self._confirm_as_known_customer()
        withdrawal = self._withdrawals()
        self.assertEqual(len(withdrawal), 1)
        self.assertIn(f"/withdraw/receipt/{withdrawal.name}", response.url)
        self.assertEqual(len(self._mails_to("anna@", "sale.rma.withdrawal")), 1)
        self.assertFalse(withdrawal.rma_ids)
        self.assertFalse(withdrawal.is_to_check)
        for _run in range(2):
            self._run_follow_up_job()
        rma = self.order.rma_ids
        self.assertEqual((len(rma), rma.state, rma.rma_type), (1, "accepted", "withdrawal"))
        self.assertEqual((rma.withdrawal_id, withdrawal.rma_ids), (withdrawal, rma))
        self.assertEqual(rma.date_requested, withdrawal.submitted_at)
        page = html.fromstring(self.url_open(response.url).text)
        link = page.xpath("//a[@id='withdrawal_follow']/@href")
        self.assertIn(f"/my/returns/{rma.id}", link[0])

    def test_receipt_that_meets_a_conflict_is_sent_by_the_job(self):
        def conflict(withdrawals, address=None):
            raise SerializationFailure("could not serialize access due to concurrent update")

        with patch.object(type(self.env["sale.rma.withdrawal"]), "_mail_receipt", conflict):
            self._confirm_as_known_customer()
        withdrawal = self._withdrawals()
        self.assertEqual(withdrawal.receipt_state, "held")
        self.assertEqual(withdrawal.rma_ids.state, "accepted")
        withdrawal.sudo()._cron_send_receipts()
        self.assertEqual(len(self._mails_to("anna@", "sale.rma.withdrawal")), 1)

    def test_sales_managers_are_asked_where_there_is_no_returns_manager(self):
        self.company.rma_user_id = False
        withdrawal = self._withdraw(**{**self.guest, "contract": "?"})
        self.assertIn(self.manager, withdrawal.activity_ids.user_id)

    # === STRANGERS LEARN NOTHING === #

    def _page_text(self, response):
        withdrawal = self._withdrawals()[0]
        text = html.fromstring(response.text).xpath("//main")[0].text_content()
        for own in (withdrawal.name, withdrawal.contract, withdrawal._format_submission()):
            text = text.replace(own, "")
        return text

    def test_receipt_page_is_the_same_whether_there_is_an_order_or_not(self):
        texts = set()
        for contract in (self.order.name, "S99999"):
            page = self._declare(**{**self.guest, "contract": contract})
            texts.add(self._page_text(self._confirm(page)))
        self.assertEqual(len(texts), 1)

    def test_known_customer_is_led_to_the_return(self):
        self.authenticate("rma_customer", "rma_customer")
        page = self._declare(
            order_id=self.order.id, customer_name="Anna Martin", email="anna@example.com"
        )
        receipt = html.fromstring(self._confirm(page).text)
        link = receipt.xpath("//a[@id='withdrawal_follow']/@href")
        self.assertIn(f"/my/returns/{self.order.rma_ids.id}", link[0])

    # === DECIDING === #

    def test_colleague_opens_the_return_and_the_withdrawal_is_checked(self):
        withdrawal = self._withdraw(**{**self.guest, "contract": "the shirts"})
        salesperson = self._make_user("rma_seller", "sales_team.group_sale_salesman_all_leads")
        self.order.user_id = salesperson
        check = (
            self.env["sale.rma.withdrawal.check"]
            .with_user(salesperson)
            .create({"withdrawal_id": withdrawal.id, "order_id": self.order.id})
        )
        self.assertIn("The last delivery counts", check.period)
        action = check.action_confirm()
        rma = self.env["sale.rma"].browse(action["res_id"])
        self.assertEqual((rma.rma_type, rma.state), ("withdrawal", "accepted"))
        self.assertEqual(rma.date_requested, withdrawal.submitted_at)
        self.assertFalse(withdrawal.is_to_check)
        self.assertFalse(withdrawal.activity_ids)
        self.assertEqual(withdrawal.rma_ids, rma)
        self.assertEqual(rma.withdrawal_id, withdrawal)

    def test_colleague_notes_that_nothing_is_to_be_opened(self):
        withdrawal = self._withdraw(**{**self.guest, "contract": "?"})
        self.env["sale.rma.withdrawal.check"].create(
            {"withdrawal_id": withdrawal.id, "outcome": "noted", "note": "Twice the same"}
        ).action_confirm()
        self.assertFalse(withdrawal.is_to_check)
        checked = withdrawal.event_ids.filtered(lambda event: event.kind == "checked")
        self.assertEqual(checked.note, "Twice the same")

    def test_colleague_without_right_on_the_order_opens_nothing(self):
        withdrawal = self._withdraw(**{**self.guest, "contract": "?"})
        self.order.user_id = self.manager
        salesperson = self._make_user("rma_seller", "sales_team.group_sale_salesman")
        self.company.rma_user_id = salesperson  # sees what fits no order
        check = (
            self.env["sale.rma.withdrawal.check"]
            .with_user(salesperson)
            .create({"withdrawal_id": withdrawal.id})
        )
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(UserError):
            check.order_id = self.order
            check.action_confirm()
