import re

from odoo import api, fields, models
from odoo.tools import formataddr

DEFAULT_NAME = "returns"
NUMBERED_NAME = re.compile(rf"{DEFAULT_NAME}-\d+")


class ResCompany(models.Model):
    """The mail address of each company for returns."""

    _inherit = "res.company"

    rma_alias_id = fields.Many2one(
        comodel_name="mail.alias",
        string="Alias for Returns",
        copy=False,
        ondelete="set null",
        help="Mails to it join the return they belong to, or become a message for staff.",
    )
    rma_alias_name = fields.Char(
        string="Address for Returns",
        compute="_compute_rma_alias_name",
        inverse="_inverse_rma_alias_name",
        help="What stands before the @. Customers answer to this address.",
    )

    @api.depends("rma_alias_id.alias_name")
    def _compute_rma_alias_name(self):
        # sudo: aliases are the system's, the address is told to whoever sees the settings
        for company, company_sudo in zip(self, self.sudo(), strict=True):
            company.rma_alias_name = company_sudo.rma_alias_id.alias_name

    def _inverse_rma_alias_name(self):
        for company in self:
            name = company.rma_alias_name
            if name and not company.rma_alias_id:
                company._create_rma_alias()
            # sudo: who may change the company may change its address; aliases need more rights
            company.sudo().rma_alias_id.alias_name = name

    @api.model_create_multi
    def create(self, vals_list):
        """Extend the ORM: a company has an address for mails about returns."""
        companies = super().create(vals_list)
        companies._create_rma_alias()
        return companies

    def write(self, vals):
        """Extend the ORM: the address for returns follows the company's domain."""
        result = super().write(vals)
        if "alias_domain_id" in vals:
            # sudo: who may write the company has its address for returns follow
            for company in self.sudo().filtered("rma_alias_id"):
                company.rma_alias_id.write(company._prepare_rma_alias_address())
        return result

    def _create_rma_alias(self):
        """Give each company that lacks one its address for returns."""
        model = self.env["ir.model"]._get("sale.rma")
        owner = self.env["ir.model"]._get("res.company")
        # sudo: aliases need rights of their own
        # the company that was first has the first choice
        without = self.sudo().filtered(lambda company: not company.rma_alias_id)
        for company in without.sorted("id"):
            company.rma_alias_id = (
                self.env["mail.alias"]
                .sudo()
                .create(
                    {
                        **company._prepare_rma_alias_address(),
                        "alias_contact": "everyone",
                        "alias_defaults": repr({"company_id": company.id}),
                        "alias_model_id": model.id,
                        "alias_parent_model_id": owner.id,
                        "alias_parent_thread_id": company.id,
                    }
                )
            )

    def _prepare_rma_alias_address(self):
        """Return the values of a free address in the company's domain: the name somebody chose,
        or `returns`; with a number where another company of the domain has it."""
        self.ensure_one()
        domain = self.alias_domain_id
        wanted = self.rma_alias_id.alias_name or DEFAULT_NAME
        if NUMBERED_NAME.fullmatch(wanted):  # it was numbered where it was taken
            wanted = DEFAULT_NAME
        taken = set(
            self.env["mail.alias"]
            .search(
                [
                    ("alias_domain_id", "=", domain.id),
                    ("alias_name", "=like", f"{wanted}%"),
                    ("id", "!=", self.rma_alias_id.id),
                ]
            )
            .mapped("alias_name")
        ) | {domain.bounce_alias, domain.catchall_alias}
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        return {"alias_domain_id": domain.id, "alias_name": name}

    def _get_rma_reply_to(self):
        """Return where answers about returns go, formatted; nothing without a mail domain."""
        self.ensure_one()
        alias = self.sudo().rma_alias_id  # an address that customers are told
        if not alias.alias_name or not alias.alias_domain_id:
            return ""
        return formataddr((self.name, alias.alias_full_name))
