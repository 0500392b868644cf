from lxml import etree

from odoo.tests import Form, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestViews(SaleRmaCommon):
    """What forms and small wizards do before anything is saved."""

    def _open_new(self, order):
        action = order.action_create_rma()
        return Form(self.env["sale.rma"].with_context(**action["context"]))

    def test_new_return_proposes_the_returnable_lines_at_zero(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 1), shipping=8.4)
        form = self._open_new(order)
        self.assertEqual(len(form.line_ids), 2)
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.quantity, line.qty_returnable), (0.0, 3.0))

    def test_line_can_be_added_again(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 1})
        with Form(rma) as form, form.line_ids.new() as line:
            line.sale_line_id = order.order_line[1]
            line.quantity = 1
        self.assertEqual(rma.line_ids.product_id, self.shirt + self.mug)

    # === CREATE === #

    def test_order_is_chosen_among_those_with_something_to_return(self):
        order = self._create_sold((self.shirt, 1))
        undelivered = self._create_order((self.shirt, 1))
        wizard = self.env["sale.rma.create"].new({})
        orders = self.env["sale.order"].search(wizard.order_domain)
        self.assertIn(order, orders)
        self.assertNotIn(undelivered, orders)

    def test_customer_and_product_narrow_the_orders(self):
        order = self._create_sold((self.shirt, 1), (self.mug, 1))
        other = self._create_sold((self.shirt, 1))
        with Form(self.env["sale.rma.create"]) as form:
            form.partner_id = self.customer
            self.assertFalse(form.order_id, "two orders fit")
            form.product_id = self.mug
            self.assertEqual(form.order_id, order, "the only one is chosen")
            form.product_id = self.shirt
            form.order_id = other
        action = form.record.action_create()
        self.assertEqual(action["context"]["default_order_id"], other.id)

    def test_order_of_another_customer_is_dropped(self):
        order = self._create_sold((self.shirt, 1))
        stranger = self.env["res.partner"].create({"name": "Somebody else"})
        form = Form(self.env["sale.rma.create"])
        form.order_id = order
        form.partner_id = stranger
        self.assertFalse(form.order_id)

    # === CLOSE === #

    def test_reason_is_asked_for_and_kept(self):
        order = self._create_sold((self.shirt, 2))
        for operation, state in (("refuse", "refused"), ("cancel", "cancel")):
            rma = self._create_rma(order, state="requested")
            self.env["sale.rma.close"].create(
                {"rma_ids": rma.ids, "operation": operation, "reason": "Too late."}
            ).action_confirm()
            self.assertRecordValues(rma, [{"state": state, "close_reason": "Too late."}])

    # === SETTINGS === #

    def test_instructions_are_translated_from_the_settings(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        settings = self.env["res.config.settings"].create(
            {"rma_instructions": "<p>Pack it well.</p>"}
        )
        self.assertEqual(self.company.rma_instructions, "<p>Pack it well.</p>")
        terms, _context = settings.get_field_translations("rma_instructions")
        self.assertEqual({term["source"] for term in terms}, {"Pack it well."})
        settings.update_field_translations(
            "rma_instructions", {"fr_FR": {"Pack it well.": "Emballez bien."}}
        )
        french = self.company.with_context(lang="fr_FR").rma_instructions
        self.assertEqual(french, "<p>Emballez bien.</p>")

    # === RIGHTS === #

    def test_buttons_that_change_something_are_the_salespeoples(self):
        keeper = self._make_user("rma_keeper", "stock.group_stock_user")
        views = self.env["sale.rma"].with_user(keeper).get_view(view_type="form")
        names = {button.get("name") for button in etree.fromstring(views["arch"]).iter("button")}
        self.assertFalse(names & {"action_request", "action_accept", "action_process"})
        self.assertIn("action_print", names)
