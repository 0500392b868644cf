"""The carrier's return label: asked for once a return is accepted, whatever the carrier does."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestLabel(SaleRmaCommon, HttpCase):
    """With a carrier of the tests' own, which does what it is told to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().rma_return_label = "always"
        cls.carrier = cls._make_carrier("Parcels Ltd", 5)
        cls.labels = cls.env["sale.rma.label"].sudo()

    def setUp(self):
        super().setUp()
        self.asked, self.outcomes = [], []
        carriers = type(self.carrier)
        self.startPatcher(
            patch.object(carriers, "fixed_get_return_label", self._make_label, create=True)
        )
        self.startPatcher(
            patch.object(
                carriers,
                "_compute_can_generate_return",
                lambda carriers: carriers.update({"can_generate_return": True}),
            )
        )
        self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1000)
        )

    def _make_label(self, picking, *_args):
        """Give a label, or fail as the next of `outcomes` says."""
        self.asked.append(picking)
        if self.outcomes and (outcome := self.outcomes.pop(0)):
            raise outcome
        picking.carrier_tracking_ref = f"TRACK{len(self.asked)}"
        self.env["ir.attachment"].sudo().create(
            {
                "name": f"{self.carrier.get_return_label_prefix()}-1.pdf",
                "raw": b"%PDF-1.4 label",
                "res_model": picking._name,
                "res_id": picking.id,
            }
        )

    def _accept(self, **values):
        order = self._create_sold((self.shirt, 1), carrier_id=self.carrier.id)
        return self._create_rma(order, {self.shirt: 1}, state="accepted", **values)

    def _run(self):
        self.labels.search([("state", "=", "wanted")]).date_next = fields.Datetime.now()
        self.labels._cron_ask()

    def test_label_is_asked_for_by_the_job_and_mailed(self):
        rma = self._accept()
        self.assertFalse(self.asked, "the clerk does not wait for the carrier")
        self._run()
        label = rma.label_ids.sudo()
        self.assertEqual((label.state, label.tracking_ref), ("done", "TRACK1"))
        self.assertEqual(label.attachment_id.raw, b"%PDF-1.4 label")
        mail = rma.message_ids.filtered(lambda message: message.attachment_ids)[:1]
        self.assertEqual(mail.attachment_ids.raw, b"%PDF-1.4 label")
        self.assertIn(rma.partner_id, mail.sudo().notified_partner_ids)
        self._run()
        self.assertEqual(len(self.asked), 1)

    def test_it_receives_nothing_by_itself(self):
        rma = self._accept()
        self._run()
        self.assertEqual((rma.state, rma.line_ids.qty_received), ("accepted", 0))

    @mute_logger("odoo.addons.sale_rma.models.label.sale_rma_label_ask")
    def test_carrier_that_fails_is_asked_again_and_then_told_of(self):
        self.outcomes = [UserError("No such street"), TimeoutError()]
        rma = self._accept()
        for state in ("wanted", "wanted", "done"):
            self._run()
            self.assertEqual(rma.label_ids.state, state)
        self.outcomes = [UserError("No such street")] * 5
        rma = self._accept()
        for _attempt in range(5):
            self._run()
        self.assertEqual((rma.label_ids.state, rma.label_ids.attempts), ("failed", 5))
        self.assertIn("No such street", rma.activity_ids.note)
        self.assertEqual(rma.state, "accepted")
        rma.label_ids.action_ask_again()
        self._run()
        self.assertEqual(rma.label_ids.state, "done")

    def test_server_that_ended_in_between_takes_the_label_that_is_there(self):
        rma = self._accept()
        label = rma.label_ids.sudo()
        receipt = rma.picking_ids.sudo()
        receipt.carrier_id = self.carrier
        self._make_label(receipt)
        label.state = "asked"
        self.env.flush_all()
        self.labels._cron_ask()
        self.assertEqual(label.state, "asked", "another server may be at it")
        self.env.cr.execute(
            "UPDATE sale_rma_label SET write_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(hours=1), label.id),
        )
        self.env.invalidate_all()
        self.labels._cron_ask()
        self.assertEqual((label.state, len(self.asked)), ("done", 1))

    def test_cancelled_return_has_no_label(self):
        rma = self._accept()
        self._run()
        rma.action_cancel("By mistake")
        self.assertEqual(rma.label_ids.state, "void")
        self.assertFalse(rma._get_customer_label())
        early = self._accept()
        early.action_cancel("By mistake")
        self._run()
        self.assertEqual(len(self.asked), 1)

    def test_settings_say_whose_returns_have_one(self):
        for setting, bearer, expected in (
            ("never", "shop", 0),
            ("shop", "customer", 0),
            ("shop", "shop", 1),
            ("always", "customer", 1),
        ):
            self.company.sudo().rma_return_label = setting
            rma = self._accept(return_cost_bearer=bearer)
            self.assertEqual(len(rma.label_ids), expected, (setting, bearer))

    def test_what_nothing_comes_back_for_has_none(self):
        order = self._create_sold((self.shirt, 1), carrier_id=self.carrier.id)
        rma = self._create_rma(order, {self.shirt: 1}, state="requested")
        rma.order_id.carrier_id = False
        rma.action_accept()
        self.assertFalse(rma.label_ids)

    def test_customer_gets_it_from_his_page_and_nobody_else(self):
        rma = self._accept()
        page = rma.get_portal_url()
        path = rma.get_portal_url(suffix="/label")
        self.assertEqual(self.url_open(path).status_code, 404)
        self._run()
        self.env.flush_all()
        self.assertIn("/label", self.url_open(page).text)
        self.assertEqual(self.url_open(path).content, b"%PDF-1.4 label")
        response = self.url_open(f"/my/returns/{rma.id}/label", allow_redirects=False)
        self.assertNotIn(b"%PDF", response.content)

    def test_colleagues_labels_are_not_read(self):
        rma = self._accept()
        other = self._make_user("label_other", "sales_team.group_sale_salesman")
        rma.sudo().user_id = self._make_user("label_own", "sales_team.group_sale_salesman")
        rma.order_id.sudo().user_id = rma.user_id
        self.env.flush_all()
        with self.assertRaises(AccessError):
            rma.label_ids.with_user(other).read(["state"])
        with self.assertRaises(AccessError):
            rma.label_ids.with_user(other).action_ask_again()
