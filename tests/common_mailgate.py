from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import SaleRmaCommon

GATEWAY = "odoo.addons.mail.models.mail_thread"
MAIL = """Return-Path: <whatever@example.com>
To: {to}
Received: by mail1.example.com (Postfix, from userid 10002)
From: {email_from}
Subject: {subject}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Date: Fri, 20 Mar 2026 10:00:00 +0000
Message-ID: <{number}-of-a-customer@example.com>
{extra}

{body}
"""


class MailgateCommon(SaleRmaCommon, MailCommon):
    """Mails that come in at the address for returns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user(
            "rma_manager", "sales_team.group_sale_manager", notification_type="email"
        )
        cls.company.sudo().write(
            {"rma_user_id": cls.manager.id, "alias_domain_id": cls.mail_alias_domain.id}
        )
        cls.address = cls.company.rma_alias_id.alias_full_name
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 1}, state="accepted")

    def _receive_mail(
        self,
        subject="A question",
        body="Where is it?",
        sender="anna@example.com",
        extra="X-Test: 1",
        to=None,
    ):
        """Have a mail come in at the address for returns; return the message it became."""
        last = self.env["mail.message"].sudo().search([], order="id desc", limit=1)
        with self.mock_mail_gateway(), mute_logger(GATEWAY):
            mail = MAIL.format(
                body=body,
                email_from=f"Somebody <{sender}>",
                extra=extra,
                number=last.id,
                subject=subject,
                to=to or self.address,
            )
            self.env["mail.thread"].message_process("mail.thread", mail)
        return self.env["mail.message"].search(
            [("id", ">", last.id), ("message_type", "=", "email")]
        )
