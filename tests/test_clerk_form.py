"""The clerk's form and processing screen: what is shown where one decides (issue 16.10-13)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestClerkForm(SaleRmaCommon):
    def _open_new(self, order):
        action = order.action_create_rma()
        return Form(self.env["sale.rma"].with_context(**action["context"]))

    def test_a_return_of_nothing_gets_no_number_and_keeps_its_proposal(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 1))
        before = self.env["sale.rma"].search_count([])
        form = self._open_new(order)
        with self.assertRaisesRegex(UserError, "how many"):
            form.save()
        self.assertEqual(len(form.line_ids), 2)
        self.assertEqual(self.env["sale.rma"].search_count([]), before)
        with form.line_ids.edit(0) as line:
            line.quantity = 1
        self.assertEqual(form.save().line_ids.product_id, self.shirt)

    def test_everything_and_one_reason_for_all(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 1))
        form = self._open_new(order)
        form.take_all = True
        form.reason_all_id = self.reason
        rma = form.save()
        self.assertEqual(rma.line_ids.mapped("quantity"), [3, 1])
        self.assertEqual(rma.line_ids.reason_id, self.reason)

    def test_rows_show_sku_and_what_was_paid(self):
        self.shirt.default_code = "SHI-7"
        rma = self._create_rma(self._create_sold((self.shirt, 3)), 2)
        self.assertEqual(rma.line_ids.default_code, "SHI-7")
        self.assertAlmostEqual(rma.line_ids.amount_paid, 115.0)
        wizard = self._open_process(self._accept(rma))
        self.assertAlmostEqual(wizard.line_ids.amount_line, wizard.amount_total)
        self.assertFalse(wizard.given_before_message, "nothing given, nothing said")
        wizard.line_ids.qty_received = 1
        self.assertAlmostEqual(wizard.line_ids.amount_line, 57.5)

    def _accept(self, rma):
        rma.action_accept()
        return rma

    def test_messages_are_the_conversation_alone(self):
        rma = self._create_rma(self._create_sold((self.shirt, 3)), state="accepted")
        self.assertTrue(rma.message_ids)
        self.assertFalse(rma.conversation_ids, "notices and history are none")
        rma.message_post(
            body="We look at it.", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        said = rma.message_post(
            body="When do you send it?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        rma.invalidate_recordset()
        self.assertEqual(rma.conversation_ids, said)

    def test_sister_variants_come_first_to_be_sent_instead(self):
        sizes = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": n}) for n in ("S", "M")]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Zebra jumper",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": sizes.id,
                            "value_ids": [Command.set(sizes.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        products = self.env["product.product"].with_context(
            rma_sister_of=template.product_variant_ids[0].id
        )
        found = [product_id for product_id, _name in products.name_search("", limit=8)]
        self.assertEqual(set(found[:2]), set(template.product_variant_ids.ids))
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(len(found), 8)

    def test_a_summary_can_be_discarded_by_its_user_until_it_is_started(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), state="requested")
        seller = self._make_user("bulk", "sales_team.group_sale_salesman_all_leads")
        other = self._make_user("bulk2", "sales_team.group_sale_manager")
        action = rma.with_user(seller).action_bulk("accept")
        job = self.env["sale.rma.job"].browse(action["res_id"])
        with self.assertRaises(AccessError):
            job.with_user(other).action_discard()
        self.assertEqual(job.with_user(seller).action_discard()["res_model"], "sale.rma")
        self.assertFalse(job.exists())
        self.assertEqual(rma.state, "requested")
