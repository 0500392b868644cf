from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ...tools.context_marks import OURS

# What a state mail takes from its template.
TEMPLATE_FIELDS = (
    "attachment_ids",
    "auto_delete",
    "body_html",
    "email_cc",
    "email_from",
    "email_to",
    "mail_server_id",
    "partner_to",
    "reply_to",
    "subject",
)
STATE_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"
NOTICE_LAYOUT = "mail.mail_notification_layout"


class SaleRma(models.Model):
    """What customers and managers are told about returns."""

    _inherit = "sale.rma"

    _primary_email = "email"
    _mail_defaults_to_email = True

    def _post_to_customer(self, body, **options):
        """Write to the customer of one return, in its thread and by mail.

        :param body: in his language
        :param options: as `message_post` takes them
        """
        self.ensure_one()
        return self.message_post(
            body=body,
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **options,
        )

    # === ACTIONS === #

    def action_send(self):
        """Open the mail composer with the template of the returns' state.

        :raise UserError: a return is a draft, or the states differ
        :raise AccessError: no right to change the returns: the mail is written in the shop's name
        """
        self.check_access("write")
        if any(rma.state == "draft" for rma in self):
            raise UserError(
                self.env._("The customer does not see a draft: request or accept the return first.")
            )
        if len(set(self.mapped("state"))) > 1:
            raise UserError(
                self.env._("Choose returns in the same state: each state has its own e-mail.")
            )
        template = self._get_state_template(self[:1]._get_template_key())
        return {
            "name": self.env._("Send by Email"),
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment" if len(self) == 1 else "mass_mail",
                "default_template_id": template.id,
                "default_email_layout_xmlid": STATE_LAYOUT,
                "email_notification_allow_footer": True,
                "force_email": True,
            },
        }

    def action_print(self):
        """Return the action that prints the return slips."""
        self.check_access("read")
        return self.env.ref("sale_rma.action_report_sale_rma").report_action(self)

    # === CHANGES OF STATE === #

    def _notify_state_change(self, old_states):
        """Override: tell of a change of state, by history, one mail to the customer and a notice to
        the manager.

        Customers hear nothing of drafts, nor of drafts that are cancelled (R8). The mails leave
        when the transaction is committed (R7).

        :param dict old_states: {return id: state before}
        """
        super()._notify_state_change(old_states)
        # sudo: the caller was allowed to change the state, and telling of it needs no further
        # right; superuser for customers, who may not have links of access made
        notifier = self.sudo() if self.env.user._is_internal() else self.with_user(SUPERUSER_ID)
        to_tell = notifier.filtered(lambda rma: rma._is_customer_told(old_states[rma.id]))
        to_tell.filtered(lambda rma: old_states[rma.id] == "draft")._subscribe_parties()
        told_customers = to_tell._mail_customers()
        told_managers = notifier._notify_managers(
            old_states, {rma.id: rma._get_acting_partner() for rma in self}
        )
        rows = self._prepare_state_rows(old_states)
        rows += to_tell.with_env(self.env)._prepare_customer_rows(told_customers)
        rows += self._prepare_manager_rows(told_managers)
        self._log_history_rows(rows)

    def _tell_refunds(self):
        """Tell the customers what was given back while their returns stay open: the mail of the
        state says so. A change of state is told by `_notify_state_change`."""
        # sudo: who processed the return tells of it, which needs no further right
        told = self.sudo()._mail_customers()
        self._log_history_rows(self._prepare_customer_rows(told))

    def _on_draft_refund_posted(self):
        """Override: customers are told of money that accounting releases later (R9), once."""
        super()._on_draft_refund_posted()
        # sudo: whoever posts the credit note tells of it, which needs no right on the return
        told = self.sudo().filtered(lambda rma: rma.state in ("processing", "done"))
        if told:
            told._tell_refunds()

    def _is_customer_told(self, old_state):
        """Whether the customer hears of the change from a state to the present one."""
        return self.state != "draft" and not (old_state == "draft" and self.state == "cancel")

    def _subscribe_parties(self):
        """Have customer and manager follow the returns: they get what is written in the thread."""
        for parties, rmas in self.grouped(lambda rma: rma._get_parties()).items():
            rmas._message_subscribe(partner_ids=parties.ids)

    def _get_parties(self):
        """Return the customer and, as long as that user is active, the manager."""
        self.ensure_one()
        return self.partner_id | self.user_id.filtered("active").partner_id

    def _prepare_state_rows(self, old_states):
        """Return the rows of the history that tell the changes of state."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            (rma, "state", f"{labels[old_states[rma.id]]} → {labels[rma.state]}") for rma in self
        ]

    def _prepare_customer_rows(self, told):
        """Return the rows of the history that tell which customers were told, and which could
        not be.

        :param dict told: {return id: (subject, address)}
        """
        rows = []
        for rma in self:
            text = self.env._("Customer not told: no e-mail address, or no template.")
            if rma.id in told:
                subject, address = told[rma.id]
                text = self.env._("Customer told: %(subject)s", subject=subject) + f" ({address})"
            rows.append((rma, "notified", text))
        return rows

    def _prepare_manager_rows(self, told):
        """Return the rows of the history that tell which managers were told.

        :param dict told: {return id: name}
        """
        return [
            (rma, "notified", self.env._("Administrator told: %(name)s", name=told[rma.id]))
            for rma in self
            if rma.id in told
        ]

    def _get_template_key(self):
        """Return which mail tells the customer of the return's state: its own, except that a
        withdrawal is taken note of where a request would be accepted."""
        self.ensure_one()
        declared = self.rma_type == "withdrawal" and self.state == "accepted"
        return "withdrawal" if declared else self.state

    @api.model
    def _get_state_template(self, key):
        """Return the mail template of a state; empty when it was deleted or archived.

        :param str key: see `_get_template_key`
        """
        template_id = self.env["ir.model.data"]._xmlid_to_res_id(
            self._get_template_xmlid(key), raise_if_not_found=False
        )
        return self.env["mail.template"].browse(template_id or ()).filtered("active")

    def _is_mail_overtaken(self, template):
        """Whether the return was closed since a mail about it was written.

        :param mail.template template: of the mail
        """
        self.ensure_one()
        is_closed = self._is_closed_without()
        return is_closed and template != self._get_state_template(self._get_template_key())

    def _mail_customers(self):
        """Mail the customers the template of the state, in their language.

        :return: {return id: (subject, address)} of those written to
        """
        notices = {}
        for key, rmas in self.grouped(lambda rma: rma._get_template_key()).items():
            template = self._get_state_template(key)
            if not template:
                continue
            template = template.with_context(rma_mail=OURS)
            for rma_id, values in template._generate_template(rmas.ids, TEMPLATE_FIELDS).items():
                emails = ", ".join(filter(None, (values["email_to"], values.get("email_cc"))))
                if emails or values.get("partner_ids"):
                    notices[rma_id] = {
                        "attachment_ids": values.get("attachment_ids", []),
                        "auto_delete": values["auto_delete"],
                        "body": values["body_html"],
                        "email_from": values["email_from"],
                        "email_layout_xmlid": template.email_layout_xmlid or STATE_LAYOUT,
                        "report_template": template if template.report_template_ids else None,
                        "mail_server_id": values["mail_server_id"],
                        "outgoing_email_to": emails,
                        "partner_ids": values.get("partner_ids", []),
                        "reply_to": values.get("reply_to"),
                        "subject": values["subject"],
                        "subtype_xmlid": "mail.mt_comment",
                    }
        told = self.browse(notices)
        context = {"email_notification_allow_footer": True}
        addresses = told.with_context(**context)._post_notices(notices)
        return {
            rma.id: (notices[rma.id]["subject"], addresses[rma.id])
            for rma in told
            if addresses.get(rma.id)
        }

    def _notify_managers(self, old_states, actors):
        """Tell the managers, in their language, of what somebody else did.

        :param dict old_states: {return id: state before}
        :param dict actors: {return id: partner who changed the state}
        :return: {return id: name of the manager} of those told
        """
        to_tell = self.filtered(
            lambda rma: rma.user_id.active and rma.user_id.partner_id != actors[rma.id]
        )
        notices = {}
        for rma in to_tell:
            actor = actors[rma.id]
            localized = rma.with_context(lang=rma.user_id.lang)
            labels = dict(localized._fields["state"]._description_selection(localized.env))
            notices[rma.id] = {
                "author_id": actor.id,
                "body": localized._get_manager_notice(labels[old_states[rma.id]], actor),
                "email_layout_xmlid": NOTICE_LAYOUT,
                "is_internal": True,
                "message_type": "user_notification",
                "partner_ids": rma.user_id.partner_id.ids,
                "subject": f"{rma.name}: {labels[rma.state]}",
                "subtype_xmlid": "mail.mt_note",
            }
        addresses = to_tell._post_notices(notices)
        return {rma.id: rma.user_id.name for rma in to_tell if rma.id in addresses}

    def _get_manager_notice(self, old_label, actor):
        labels = dict(self._fields["state"]._description_selection(self.env))
        text = self.env._(
            "%(who)s moved the return %(rma)s of %(customer)s for %(order)s from %(old)s to "
            "%(new)s.",
            who=actor.name,
            rma=self.name,
            customer=self.partner_id.name,
            order=self.order_id.name,
            old=old_label,
            new=labels[self.state],
        )
        items = Markup().join(
            Markup("<li>%s × %s</li>")
            % (self._format_quantity(line.quantity, line.product_uom_id), line.product_id.name)
            for line in self.line_ids
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (text, items)
