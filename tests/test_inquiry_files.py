"""A message about returns takes its own files to a return, and nobody else's."""

import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_attacks import MUTED, AttackCommon


@tagged("post_install", "-at_install")
class TestInquiryFiles(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        inquiries = cls.env["sale.rma.inquiry"].sudo()
        cls.inquiry = inquiries.create(
            {"name": "Hello", "company_id": cls.company.id, "rma_id": cls.own.id}
        )

    def _make_file(self, record):
        vals = {"name": "file.txt", "raw": b"theirs", "res_model": record._name}
        return self.env["ir.attachment"].sudo().create({**vals, "res_id": record.id})

    def _post(self, attachment, **values):
        """Put a file into the message's thread, as a mail would."""
        inquiry = self._as(self.inquiry, self.colleague)
        return inquiry.message_post(
            body="x", message_type="email", attachment_ids=attachment.ids, **values
        )

    @mute_logger(*MUTED)
    def test_file_of_a_product_stays_where_it_is(self):
        theirs = self._make_file(self.shirt)
        self.assertTrue(self._as(theirs, self.colleague).raw)  # he may read it
        self._post(theirs)
        self._as(self.inquiry, self.colleague).action_move()
        self.env.invalidate_all()
        self.assertEqual((theirs.res_model, theirs.res_id), (self.shirt._name, self.shirt.id))
        for attempt in (
            lambda: self._as(theirs, self.colleague).write({"raw": b"mine"}),
            self._as(theirs, self.colleague).unlink,
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()

    def test_file_of_another_message_stays_there(self):
        other = self.inquiry.copy({"name": "Other", "rma_id": False})
        theirs = self._make_file(other)
        mail = self.inquiry.message_post(body="x", message_type="email")
        mail.attachment_ids = [Command.link(theirs.id)]
        self._as(self.inquiry, self.colleague).action_move()
        self.env.invalidate_all()
        self.assertEqual(theirs.res_id, other.id)

    def test_own_file_goes_along(self):
        content = base64.b64decode(base64.b64encode(b"photo"))
        mail = self.inquiry.message_post(
            body="x", message_type="email", attachments=[("photo.txt", content)]
        )
        self._as(self.inquiry, self.colleague).action_move()
        self.env.invalidate_all()
        self.assertEqual(mail.attachment_ids.mapped("res_model"), ["sale.rma"])
        self.assertEqual(mail.attachment_ids.res_id, self.own.id)
