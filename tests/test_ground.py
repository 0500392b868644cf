"""Refusing and cancelling need a ground; a slip that nothing is to be sent with says so."""

from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestGround(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rma_instructions = "<p>Tape the parcel well.</p>"
        cls.company.rma_return_address_id = cls.env["res.partner"].create(
            {"name": "Returns Dock", "street": "12 Harbour Road", "city": "Lyon"}
        )
        cls.order = cls._create_sold((cls.shirt, 3))
        cls.ground = cls.env["sale.rma.ground"].create({"text": "Worn.", "operation": "refuse"})

    def _open(self, rmas, operation, **values):
        return self.env["sale.rma.close"].create(
            {"rma_ids": [Command.set(rmas.ids)], "operation": operation, **values}
        )

    # === GROUND === #

    def test_refusing_and_cancelling_need_a_ground(self):
        for operation in ("refuse", "cancel"):
            rma = self._create_rma(self.order, 1, state="requested")
            for reason in (False, " \n"):
                wizard = self._open(rma, operation, reason=reason)
                with self.assertRaisesRegex(UserError, rma.name):
                    wizard.action_confirm()
            self.assertEqual(rma.state, "requested")

    def test_programs_are_told_which_key_to_pass(self):
        for method in ("action_refuse", "action_cancel"):
            rma = self._create_rma(self.order, 1, state="requested")
            for reason in (False, "", " \n"):
                with self.assertRaisesRegex(UserError, f"{rma.name}.*pass it as reason"):
                    getattr(rma, method)(reason=reason)
            self.assertEqual(rma.state, "requested")
            getattr(rma, method)(reason="Worn.")
            self.assertEqual(rma.close_reason, "Worn.")
        self._create_rma(self.order, 1).action_cancel()  # a draft, as its button does

    def test_in_bulk_too(self):
        rmas = self._create_rma(self.order, 1, state="requested")
        other = self.customer.copy({"lang": "fr_FR"})
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ground.with_context(lang="fr_FR").text = "Porté."
        order = self._create_sold((self.shirt, 1), partner_id=other.id)
        rmas |= self._create_rma(order, 1, state="requested")
        action = rmas.action_bulk("refuse")
        job = self.env["sale.rma.job"].browse(action["res_id"])
        job.action_run_next()
        with self.assertRaisesRegex(UserError, "Say why"):
            job.action_start()
        job.ground_id = self.ground
        self.assertEqual(job.reason, "Worn.")
        job.action_start()
        job.action_run_next()
        self.assertEqual(rmas.mapped("close_reason"), ["Worn.", "Porté."])

    def test_a_customer_who_takes_it_back_knows_why(self):
        rma = self._create_rma(self.order, 1, state="requested")
        rma._customer_cancel()
        self.assertEqual(rma.state, "cancel")

    def test_a_draft_nobody_knows_of_is_cancelled_without(self):
        rma = self._create_rma(self.order, 1)
        self._open(rma, "cancel").action_confirm()
        self.assertEqual(rma.state, "cancel")

    def test_a_standard_text_is_proposed_and_can_be_changed(self):
        rma = self._create_rma(self.order, 1, state="requested")
        context = {"default_rma_ids": rma.ids, "default_operation": "refuse"}
        form = Form(self.env["sale.rma.close"].with_context(**context))
        form.ground_id = self.ground
        self.assertEqual(form.reason, "Worn.")
        form.reason = "Worn for weeks."
        form.save().action_confirm()
        self.assertEqual((rma.state, rma.close_reason), ("refused", "Worn for weeks."))

    def test_each_customer_reads_a_standard_text_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ground.with_context(lang="fr_FR").text = "Porté."
        rma = self._create_rma(self.order, 1, state="requested")
        other = self._create_rma(
            self._create_sold((self.shirt, 1), partner_id=self.customer.copy({"lang": "fr_FR"}).id),
            1,
            state="requested",
        )
        self._open(rma | other, "refuse", ground_id=self.ground.id).action_confirm()
        self.assertEqual((rma.close_reason, other.close_reason), ("Worn.", "Porté."))

    def test_there_are_texts_for_both(self):
        grounds = self.env["sale.rma.ground"]
        for operation in ("refuse", "cancel"):
            self.assertGreater(
                grounds.search_count([("operation", "in", ("all", operation))]), 2, operation
            )

    # === SLIP === #

    def _slip(self, rma):
        report = self.env["ir.actions.report"]
        content, _type = report._render_qweb_html("sale_rma.report_sale_rma", rma.ids)
        return html.fromstring(content.decode()).xpath("//div[hasclass('page')]")[0].text_content()

    def test_a_slip_nothing_is_to_be_sent_with_says_so(self):
        rmas = {state: self._create_rma(self.order, 1) for state in ("draft", "refused", "expired")}
        rmas["cancel"] = self._create_rma(self.order, 1)
        rmas["done"] = self._create_rma(self.order, 1, state="done")
        labels = dict(self.env["sale.rma"]._fields["state"].selection)
        for state, rma in rmas.items():
            if state != "done":
                rma._write_state(state)
            slip = self._slip(rma)
            self.assertIn(f"{labels[state]}: do not send anything", slip)
            for hidden in ("Returns Dock", "Harbour Road", "Tape the parcel well.", "Send to"):
                self.assertNotIn(hidden, slip, state)

    def test_a_slip_to_send_with_is_not_marked(self):
        for state in ("requested", "accepted", "processing"):
            slip = self._slip(self._create_rma(self.order, 1, state=state))
            self.assertNotIn("do not send", slip)
            self.assertIn("Returns Dock", slip)
