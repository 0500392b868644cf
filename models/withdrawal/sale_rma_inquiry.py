from odoo import fields, models
from odoo.tools import html2plaintext
from odoo.tools.mail import email_split_tuples


class SaleRmaInquiry(models.Model):
    """A mail in which a consumer withdraws (docs/law.md N12)."""

    _inherit = "sale.rma.inquiry"

    def action_record_withdrawal(self):
        """Open the dialog that makes a withdrawal of the mail, filled in with what it says.

        :return: act_window on `sale.rma.withdrawal.record`
        """
        self.ensure_one()
        self.check_access("write")
        mails = self.message_ids.filtered(lambda message: message.message_type == "email")
        mail = mails.sorted("id")[:1]
        name, address = next(iter(email_split_tuples(self.email_from or "")), ("", ""))
        text = html2plaintext(mail.body or "").strip()
        wizard = self.env["sale.rma.withdrawal.record"].create(
            {
                "channel": "mail",
                "company_id": (self.company_id or self.env.company).id,
                "customer_name": self.partner_id.name or name or address,
                "date_received": mail.date or self.create_date or fields.Datetime.now(),
                "email": address,
                "inquiry_id": self.id,
                "order_id": self.rma_id.order_id.id,
                "statement": f"{self.name}\n\n{text}".strip(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Withdrawal"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
