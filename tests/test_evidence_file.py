"""The evidence is the file that was mailed: one reference, written once, with its SHA-256."""

import hashlib
import runpy
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import file_path, mute_logger

from .common import SaleRmaCommon

FILE_LOGGER = "odoo.addons.sale_rma.models.withdrawal.sale_rma_withdrawal_acknowledgement_file"
OWN_PDF = b"%PDF-1.4 a salesperson's own"


@tagged("post_install", "-at_install")
class TestEvidenceFile(SaleRmaCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        cls.salesperson = cls._make_user("rma_seller", "sales_team.group_sale_salesman_all_leads")
        cls.company.rma_user_id = cls.manager

    def _submit(self, has_machine=True):
        """Submit a statement; without the machine its receipt has no PDF yet."""
        declared = self._prepare_statement(token="a" * 64)
        withdrawals = self.env["sale.rma.withdrawal"].sudo()
        if has_machine:
            return withdrawals._submit(declared)
        with patch.object(type(withdrawals), "_render_receipt_pdf", lambda self: None):
            return withdrawals._submit(declared)

    def _post_own_pdf(self, withdrawal):
        message = withdrawal.with_user(self.salesperson).message_post(
            body="Mine",
            attachments=[("Receipt of your withdrawal.pdf", OWN_PDF)],
            subtype_xmlid="mail.mt_note",
        )
        return message.sudo().attachment_ids

    def _replace_on_disk(self, attachment, content):
        """As somebody with the database and the file store does it."""
        fields = attachment._get_datas_related_values(content, "application/pdf")
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = NULL, db_datas = %s, checksum = %s "
            "WHERE id = %s",
            [content, fields["checksum"], attachment.id],
        )
        self.env.invalidate_all()

    # === THE REFERENCE === #

    def test_a_salespersons_own_pdf_is_not_the_receipt(self):
        withdrawal = self._submit(has_machine=False)
        own = self._post_own_pdf(withdrawal)
        receipt = withdrawal._get_receipt_pdf()
        self.assertTrue(receipt)
        self.assertNotEqual(receipt, own)
        served = self.url_open(f"/withdraw/receipt/{withdrawal.token}?report_type=pdf")
        self.assertNotEqual(served.content, OWN_PDF)
        url = withdrawal.with_user(self.salesperson).action_download_receipt()["url"]
        self.assertIn(f"/{receipt.id}?", url)

    def test_the_reference_is_written_once_with_its_hash(self):
        withdrawal = self._submit()
        receipt = withdrawal._get_receipt_pdf()
        made = withdrawal.event_ids.filtered("attachment_id")
        self.assertEqual(made.attachment_id, receipt)
        self.assertEqual(made.file_hash, hashlib.sha256(receipt.raw).hexdigest())
        for values in ({"attachment_id": False}, {"file_hash": "0" * 64}):
            with self.assertRaises(UserError):
                made.sudo().write(values)

    def test_an_event_of_another_kind_names_no_file(self):
        withdrawal = self._submit(has_machine=False)
        own = self._post_own_pdf(withdrawal)
        withdrawal._add_event("checked", attachment_id=own.id, file_hash="0" * 64)
        self.assertNotEqual(withdrawal._get_receipt_pdf(), own)

    # === CHANGED CONTENT === #

    @mute_logger(FILE_LOGGER)
    def test_a_changed_file_is_not_served_and_colleagues_see_it(self):
        withdrawal = self._submit()
        self.assertTrue(withdrawal.is_intact)
        self._replace_on_disk(withdrawal._get_receipt_pdf(), OWN_PDF)
        self.assertFalse(withdrawal.is_intact)
        self.assertFalse(withdrawal._get_receipt_pdf())
        response = self.url_open(f"/withdraw/receipt/{withdrawal.token}?report_type=pdf")
        self.assertNotIn(OWN_PDF, response.content)
        self.assertIn("no longer the one", response.text)
        action = withdrawal.with_user(self.salesperson).action_download_receipt()
        self.assertIn("not the file that was made", action["params"]["message"])
        withdrawal.invalidate_recordset()
        self.assertEqual(withdrawal.event_ids.mapped("kind").count("altered"), 1)
        self.assertEqual(withdrawal.activity_ids.user_id, self.manager)

    @mute_logger(FILE_LOGGER, "odoo.addons.base.models.ir_attachment")
    def test_a_file_that_is_gone_is_not_made_again(self):
        withdrawal = self._submit()
        receipt = withdrawal._get_receipt_pdf()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = 'aa/none', db_datas = NULL WHERE id = %s",
            [receipt.id],
        )
        self.env.invalidate_all()
        self.assertFalse(withdrawal.is_intact)
        self.assertFalse(withdrawal._get_receipt_pdf())
        self.assertEqual(len(withdrawal.event_ids.filtered("attachment_id")), 1)

    @mute_logger(FILE_LOGGER)
    def test_a_changed_file_is_not_mailed(self):
        withdrawal = self._submit()
        self._replace_on_disk(withdrawal._get_receipt_pdf(), OWN_PDF)
        before = self.env["mail.mail"].search([])
        withdrawal.with_user(self.salesperson).action_send_receipt()
        mails = self.env["mail.mail"].search([]) - before
        mail = mails.filtered(lambda mail: mail.email_to == "anna@example.com")
        self.assertTrue(mail)
        self.assertFalse(mail.attachment_ids)

    # === THE ATTACHMENT === #

    def test_the_receipts_file_cannot_be_changed(self):
        receipt = self._submit()._get_receipt_pdf()
        content = receipt.raw
        hostile = (
            {"raw": OWN_PDF},
            {"datas": b"JVBERi0="},
            {"db_datas": OWN_PDF},
            {"raw": content, "datas": b"JVBERi0="},
            {"raw": content, "db_datas": OWN_PDF},
            {"res_id": receipt.res_id + 1},
            {"res_model": "res.partner", "res_id": self.customer.id},
            {"res_field": "name"},
            {"name": "Other.pdf"},
            {"type": "url", "url": "https://example.com/"},
            {"mimetype": "text/html"},
            {"public": True},
            {"access_token": "known"},
        )
        for values in hostile:
            for file in (receipt.sudo(), receipt.with_user(self.manager)):
                if file.env.su and "access_token" in values:
                    continue  # Odoo gives one where a mail is too large for its files
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    file.write(values)
        self.env.invalidate_all()
        self.assertEqual(receipt.raw, content)

    def test_the_receipts_file_cannot_be_deleted(self):
        receipt = self._submit()._get_receipt_pdf()
        for file in (receipt.sudo(), receipt.with_user(self.manager)):
            with self.assertRaises(UserError):
                file.unlink()

    def test_the_receipts_file_may_move_to_another_store(self):
        receipt = self._submit()._get_receipt_pdf()
        content = receipt.raw
        receipt.sudo().write({"raw": content, "mimetype": receipt.mimetype})
        self.assertEqual(receipt.raw, content)

    def test_the_file_goes_with_the_withdrawal_when_its_time_is_over(self):
        withdrawal = self._submit()
        receipt = withdrawal._get_receipt_pdf()
        self.env.cr.execute(
            "UPDATE sale_rma_withdrawal SET submitted_at = '2001-01-01' WHERE id = %s",
            [withdrawal.id],
        )
        self.env.invalidate_all()
        withdrawal.unlink()
        self.assertFalse(receipt.exists())

    def test_a_file_posted_in_the_thread_is_the_posters(self):
        """Only the receipt is protected, not what else colleagues put beside it."""
        own = self._post_own_pdf(self._submit())
        own.sudo().name = "Better name.pdf"
        own.sudo().unlink()
        self.assertFalse(own.exists())

    # === OF BEFORE === #

    def _migrate(self):
        path = file_path("sale_rma/migrations/19.0.1.1.0/post-receipt-file.py")
        runpy.run_path(path)["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_the_receipt_of_before_is_found_by_the_upgrade(self):
        withdrawal = self._submit(has_machine=False)
        own = self._post_own_pdf(withdrawal)
        receipt = own.sudo().create(
            {
                "name": f"{withdrawal._get_report_base_filename()}.pdf",
                "raw": b"%PDF-1.4 made by the system",
                "mimetype": "application/pdf",
                "res_model": withdrawal._name,
                "res_id": withdrawal.id,
            }
        )
        for _run in range(2):
            self._migrate()
        self.assertEqual(withdrawal._get_receipt_pdf(), receipt)
        self.assertTrue(withdrawal.is_intact)
        self.assertEqual(withdrawal.event_ids.mapped("kind").count("made"), 1)

    def test_a_receipt_of_before_that_was_never_made_is_made_now(self):
        withdrawal = self._submit(has_machine=False)
        self._migrate()
        self.assertTrue(withdrawal._get_receipt_pdf())
