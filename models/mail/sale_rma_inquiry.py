from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...tools.mail_address import get_mailbox

# Most open activities about messages; the rest wait in the list all the same.
MAX_ASKED = 20


class SaleRmaInquiry(models.Model):
    """A mail to the address for returns that belongs to no return: a colleague answers it, or puts
    it where it belongs."""

    _name = "sale.rma.inquiry"
    _description = "Message about Returns"
    _inherit = [
        "sale.rma.incoming",
        "sale.rma.posting",
        "sale.rma.mailbox",
        "mail.thread",
        "sale.rma.activity",
        "sale.rma.access",
    ]
    _order = "state desc, id desc"
    _primary_email = "email_from"
    _mail_defaults_to_email = True
    _check_company_auto = True

    name = fields.Char(string="Subject", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    email_from = fields.Char(string="From", readonly=True)
    mailbox = fields.Char(
        compute="_compute_mailbox",
        store=True,
        index="btree_not_null",
        help="The sender, in the one spelling that is counted by.",
    )
    partner_id = fields.Many2one(comodel_name="res.partner", string="Contact", index=True)
    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Belongs To",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="Return whose thread the message is to join.",
    )
    state = fields.Selection(
        selection=[("new", "To answer"), ("done", "Done")],
        required=True,
        readonly=True,
        default="new",
        copy=False,
        tracking=True,
    )

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"mailbox"}

    @api.depends("email_from")
    def _compute_mailbox(self):
        for inquiry in self:
            inquiry.mailbox = get_mailbox(inquiry.email_from)

    @api.model
    def _create_from_mail(self, msg_dict, company):
        """Create the message for staff from a mail, and have them follow it. What a program wrote
        waits for nobody; of one sender they have one open activity.

        :param dict msg_dict: as `mail` parsed it
        """
        is_automatic = msg_dict.get("rma_is_automatic")
        inquiry = self.create(
            {
                "state": "done" if is_automatic else "new",
                "name": msg_dict.get("subject") or self.env._("No subject"),
                "company_id": company.id,
                "email_from": msg_dict.get("email_from"),
                "partner_id": msg_dict.get("author_id"),
            }
        )
        for user in company._get_rma_staff():
            if is_automatic or inquiry._is_asked_already(user):
                continue
            # they are written to by the message itself, which is posted next
            inquiry.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.with_context(lang=user.lang).env._("Answer"),
                user_id=user.id,
            )
        return inquiry

    def _is_asked_already(self, user):
        """Whether a colleague has to answer the sender already, or has enough to answer."""
        waiting = Domain("company_id", "=", self.company_id.id) & Domain("state", "=", "new")
        waiting &= Domain("activity_ids", "any", [("user_id", "=", user.id)])
        return bool(
            self.search_count(waiting & Domain("mailbox", "=", self.mailbox), limit=1)
            or self.search_count(waiting, limit=MAX_ASKED) >= MAX_ASKED
        )

    # === RETENTION === #

    @api.autovacuum
    def _gc_inquiries(self):
        """Delete what was last written about longer ago than the company's setting."""
        now = fields.Datetime.now()
        # sudo: the settings of all companies
        companies = self.env["res.company"].sudo()
        for company in companies.search([("rma_inquiry_retention_months", ">", 0)]):
            limit = now - relativedelta(months=company.rma_inquiry_retention_months)
            outdated = [
                ("company_id", "=", company.id),
                ("create_date", "<", limit),
                ("message_ids", "not any", [("date", ">=", limit)]),
            ]
            self.sudo().search(outdated, limit=1000).unlink()

    # === ACTIONS === #

    def action_done(self):
        """The messages are answered."""
        self.check_access("write")
        # sudo: the state is written by these buttons only, and the activities are those of all
        # the colleagues who were asked
        self.sudo().state = "done"
        self.sudo().activity_ids.action_feedback()
        return True

    def action_reopen(self):
        """The messages are to be answered after all."""
        self.check_access("write")
        self.sudo().state = "new"  # the right was checked; written by these buttons only
        return True

    def action_move(self):
        """Put the messages into the thread of the return they belong to: as the customer's words
        if they came from the customer, else as a note.

        :return: act_window on the return
        :raise UserError: no return was chosen
        """
        self.ensure_one()
        self.check_access("write")
        rma = self.rma_id
        if not rma:
            raise UserError(self.env._("Choose the return this message belongs to."))
        rma.check_access("write")
        mails = self.message_ids.filtered(lambda message: message.message_type == "email")
        is_customer = rma._is_customer_address(email_normalize(self.email_from))
        note = self.env.ref("mail.mt_note")
        values = {"model": rma._name, "res_id": rma.id, "record_name": rma.name}
        if not is_customer:
            values.update(subtype_id=note.id, is_internal=True)
        # sudo: rights on both were checked; messages may not be moved otherwise
        mails.sudo().write(values)
        # what belongs elsewhere stays there: who writes in a thread may name any file he may read
        own_files = mails.sudo().attachment_ids.filtered(
            lambda file: file.res_model == self._name and file.res_id == self.id
        )
        own_files.write({"res_model": rma._name, "res_id": rma.id})
        self.action_done()
        return {
            "type": "ir.actions.act_window",
            "res_model": rma._name,
            "res_id": rma.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _get_owners(self):
        return self.rma_id._get_owners()
