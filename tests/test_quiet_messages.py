"""R8: what is between colleagues on a return reaches no customer, by no way."""

import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common_attacks import MUTED, AttackCommon


@tagged("post_install", "-at_install")
class TestQuietMessages(AttackCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rma.action_accept()
        cls.visitor = new_test_user(cls.env, "visitor", groups="base.group_portal")
        cls.visitor.partner_id = cls.customer
        cls.note = cls.rma.message_post(body="He always complains.", subtype_xmlid="mail.mt_note")
        cls.told = cls.rma.message_post(
            body="Your parcel is here.", subtype_xmlid="mail.mt_comment"
        )

    def test_a_customer_reads_the_words_to_him_and_no_history(self):
        history = self.rma.history_ids
        self.assertTrue(history)
        self.assertIn("parcel", self._read(self.told)[0]["body"])
        for message in (*history, self.note):
            with self.assertRaises(AccessError), mute_logger(*MUTED):
                self._read(message)

    def test_a_customer_reacts_on_no_note(self):
        token = self.rma._portal_ensure_token()
        self.authenticate("visitor", "visitor")
        self.assertTrue(self._react(self.told, ""))
        for message in (self.note, self.rma.history_ids[0]):
            self.assertFalse(self._react(message, ""))
            self.assertFalse(self._react(message, token))
            self.assertFalse(message.reaction_ids)

    def _read(self, message):
        return self._call(self.visitor, "mail.message", "read", message.ids, ["body"])

    def _react(self, message, token):
        """Return whether a reaction was taken, with the return's token or without."""
        params = {"message_id": message.id, "content": "x", "action": "add", "token": token}
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/mail/message/reaction",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
        return "result" in answer
