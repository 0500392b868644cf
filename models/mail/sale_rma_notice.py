from odoo import models
from odoo.tools import clean_context, email_normalize
from odoo.tools.mail import email_split_and_normalize

COMMENT = "mail.mt_comment"


class SaleRma(models.Model):
    """Writing to people about many returns at once.

    `message_post` works return by return; here the messages, mails and notifications of all are
    created together, with the same records in the end: the message is in the thread, the answer
    to it joins the thread, a mail that bounces shows.
    """

    _inherit = "sale.rma"

    def _post_notices(self, notices):
        """Post one message per return and write it to the people it names, no other follower.

        The mails leave once the transaction is committed. Rights are the caller's to check.

        :param dict notices: {return id: values}, see `_prepare_notice_message` for the values
        :return: {return id: addresses or names of the people written to}; without those that
            have no address
        """
        recipients = self._get_notice_recipients(notices)
        to_tell = self.filtered(lambda rma: recipients.get(rma.id))
        if not to_tell:
            return {}
        values = to_tell._prepare_notice_messages(notices)
        references = to_tell._get_mail_references()
        self._read_message_subtypes()
        messages = to_tell._message_create(list(values.values()))
        mail_values, notification_values = [], []
        for rma, message in zip(to_tell, messages, strict=True):
            people = recipients[rma.id]
            rma._notify_thread_by_inbox(message, people, msg_vals=values[rma.id])
            rma._notify_by_web_push(message, people, values[rma.id])
            base_values = {
                "auto_delete": notices[rma.id].get("auto_delete", True),
                "headers": repr(rma._notify_by_email_get_headers()),
                "mail_message_id": message.id,
                "references": " ".join([*references[rma.id], message.message_id]),
            }
            if template := notices[rma.id].get("report_template"):
                base_values.update(rma_template_id=template.id, state="rma_printing")
            mails = rma._prepare_notice_mails(message, people, values[rma.id], base_values)
            for vals, mail_recipients in mails:
                mail_values.append(vals)
                notification_values.append((message, mail_recipients))
        to_tell._send_notice_mails(mail_values, notification_values)
        return {
            rma.id: ", ".join(data["email_normalized"] or data["name"] for data in people)
            for rma in to_tell
            if (people := recipients[rma.id])
        }

    def _get_notice_recipients(self, notices):
        """Return {return id: recipients as `mail` describes them}, found with one query."""
        partner_ids = {pid for values in notices.values() for pid in values["partner_ids"]}
        found = {}
        if partner_ids and self:
            found = self.env["mail.followers"]._get_recipient_data(
                self, "user_notification", False, list(partner_ids)
            )
        recipients = {}
        for rma in self:
            people = found.get(rma.id, {})
            notice = notices[rma.id]
            recipients[rma.id] = [
                people[pid]
                for pid in notice["partner_ids"]
                if people[pid]["active"]
                and (people[pid]["email_normalized"] or people[pid]["notif"] == "inbox")
            ] + [
                rma._prepare_email_recipient(name, email)
                for name, email in email_split_and_normalize(notice.get("outgoing_email_to") or "")
                if email
            ]
        return recipients

    def _prepare_email_recipient(self, name, email):
        """Describe somebody known by an e-mail address only, as `mail` does."""
        return {
            "active": True,
            "email_normalized": email,
            "groups": [],
            "id": False,
            "is_follower": False,
            "lang": self.partner_id.lang,
            "name": name or email,
            "notif": "email",
            "share": True,
            "type": "customer",
            "uid": False,
            "ushare": False,
        }

    def _prepare_notice_messages(self, notices):
        """Return {return id: values of its `mail.message`}, in the order of the returns."""
        authors = {rma.id: rma._get_notice_author(notices[rma.id]) for rma in self}
        addresses = {
            rma.id: notices[rma.id].get("email_from") or authors[rma.id].email_formatted
            for rma in self
        }
        reply_to = self._notify_get_reply_to_batch(
            defaults=addresses,
            author_ids={rma_id: author.id for rma_id, author in authors.items()},
        )
        companies = self._mail_get_companies()
        alias_domains = self._mail_get_alias_domains()
        return {
            rma.id: {
                **rma._prepare_notice_message(notices[rma.id]),
                "author_id": authors[rma.id].id,
                "email_from": addresses[rma.id],
                "record_alias_domain_id": alias_domains[rma.id].id,
                "record_company_id": companies[rma.id].id,
                "reply_to": notices[rma.id].get("reply_to") or reply_to[rma.id],
            }
            for rma in self
        }

    def _prepare_notice_message(self, notice):
        """Return the message's values that do not depend on the other returns.

        :param dict notice: `body`, `subject`, `subtype_xmlid`, `email_layout_xmlid` and
            `partner_ids`; optionally `outgoing_email_to`, `message_type`, `is_internal`,
            `mail_server_id`, `attachment_ids`, `report_template` (its reports are attached when
            the mail leaves), `email_from`, `author_id`, `reply_to` and `auto_delete` (of the mail)
        """
        return {
            "attachment_ids": [(4, file_id) for file_id in notice.get("attachment_ids") or []],
            "body": notice["body"],
            "email_add_signature": not notice.get("is_internal"),
            "email_layout_xmlid": notice["email_layout_xmlid"],
            "is_internal": notice.get("is_internal", False),
            "mail_server_id": notice.get("mail_server_id", False),
            "message_type": notice.get("message_type", "notification"),
            "model": self._name,
            "outgoing_email_to": notice.get("outgoing_email_to"),
            "partner_ids": notice["partner_ids"],
            "res_id": self.id,
            "subject": " ".join(notice["subject"].splitlines()),
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(notice["subtype_xmlid"]),
            "tracking_value_ids": False,
        }

    def _prepare_attachment_commands(self, rendered):
        """Attach rendered files to the return.

        :param list rendered: tuples (name, base64 content)
        :return: commands that link the files
        """
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "datas": content,
                    "description": name,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in rendered
            ]
        )
        return [(4, file.id) for file in files]

    def _get_notice_author(self, notice):
        """Return who writes: named, or whose address it is sent from."""
        if author_id := notice.get("author_id"):
            return self.env["res.partner"].browse(author_id)
        email = email_normalize(notice["email_from"])
        for partner in (self.user_id.partner_id, self.company_id.partner_id):
            if partner.email_normalized == email:
                return partner
        return self._partner_find_from_emails_single([notice["email_from"]], no_create=True)

    def _notify_by_web_push(self, message, people, msg_vals):
        """Push to the devices of colleagues; customers get the mail."""
        colleagues = [data for data in people if data["type"] == "user"]
        if colleagues:
            self._notify_thread_by_web_push(message, colleagues, msg_vals=msg_vals)

    def _get_mail_references(self):
        """Return {return id: Message-Ids of what was written lately}, found with one query, so
        that mail programs keep the mails of a return together."""
        # sudo: technical ids only
        messages = (
            self.env["mail.message"]
            .sudo()
            .search_fetch(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("subtype_id", "=", self.env["ir.model.data"]._xmlid_to_res_id(COMMENT)),
                    ("message_id", "!=", False),
                ],
                ["message_id", "res_id"],
                order="id",
            )
        )
        references = {rma.id: [] for rma in self}
        for message in messages:
            references[message.res_id].append(message.message_id)
        return {rma_id: found[-3:] for rma_id, found in references.items()}

    def _prepare_notice_mails(self, message, people, msg_vals, base_values):
        """Return the values of the mails of one message, each with its recipients: one mail per
        language and kind of reader, since layout and button differ."""
        by_mail = [data for data in people if data["notif"] == "email"]
        if not by_mail:
            return []
        mails = []
        groups = self._notify_get_classified_recipients_iterator(
            message,
            by_mail,
            msg_vals=msg_vals,
            force_email_company=self.company_id,
            force_email_lang=self.partner_id.lang,
            force_record_name=self.name,
        )
        for _lang, render_values, group in groups:
            body = self._notify_by_email_render_layout(
                message, group, msg_vals=msg_vals, render_values=render_values
            )
            vals = self._notify_by_email_get_final_mail_values(
                group["recipients_ids"], base_values, additional_values={"body_html": body}
            )
            if group["recipients_emails"]:
                vals["email_to"] = ",".join(group["recipients_emails"])
            mails.append((vals, group["recipients_data"]))
        return mails

    def _send_notice_mails(self, mail_values, notification_values):
        """Create the mails with the notifications that follow their delivery. They leave by the
        mail queue, which starts when the transaction is committed: nobody waits for them, what is
        undone sends none, and two never send the same one.

        :param list mail_values: values of the mails
        :param list notification_values: for each mail its message and its recipients
        """
        if not mail_values:
            return
        # sudo, clean context: as `mail` does for notifications
        env = self.with_context(clean_context(self.env.context)).sudo().env
        mails = env["mail.mail"].create(mail_values)
        env["mail.notification"].create(
            [
                {
                    **self._notify_by_email_get_base_notification_values(message),
                    "mail_mail_id": mail.id,
                    "res_partner_id": data["id"],
                    "mail_email_address": False if data["id"] else data["email_normalized"],
                }
                for mail, (message, people) in zip(mails, notification_values, strict=True)
                for data in people
            ]
        )
        mails._trigger_rma_sending()
