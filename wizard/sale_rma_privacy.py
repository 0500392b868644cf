import base64
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize


class SaleRmaPrivacy(models.TransientModel):
    """What is kept about one person: handed over, or erased."""

    _name = "sale.rma.privacy"
    _inherit = ["sale.rma.incoming"]
    _description = "Personal Data of a Customer"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")
    email = fields.Char(
        string="E-mail Address",
        compute="_compute_email",
        store=True,
        readonly=False,
        precompute=True,
    )
    summary = fields.Text(compute="_compute_summary", string="Kept")
    result = fields.Text(readonly=True)
    export_file = fields.Binary(string="Export", attachment=False, readonly=True)
    export_name = fields.Char(readonly=True)

    @api.depends("partner_id")
    def _compute_email(self):
        for wizard in self:
            wizard.email = wizard.partner_id.email_normalized or wizard.email

    @api.depends("partner_id", "email")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard._describe(wizard._find()) if wizard._is_known() else ""

    # === ACTIONS === #

    def action_export(self):
        """Make the file of all that is kept about the person.

        :return: the dialog, with the file
        :raise AccessError: for anybody but sales managers
        """
        self.ensure_one()
        data = self.env["sale.rma.personal.data"]._export(self._find_checked())
        content = json.dumps(data, indent=2, ensure_ascii=False, default=str).encode()
        # sudo: the program fills in what it found, on the own screen
        self.sudo().write({"export_file": base64.b64encode(content), "export_name": "returns.json"})
        return self._reopen()

    def action_erase(self):
        """Erase what nothing obliges to keep, and say what is kept.

        :return: the dialog, with what was done
        :raise AccessError: for anybody but sales managers
        """
        self.ensure_one()
        kept = self.env["sale.rma.personal.data"]._erase(self._find_checked())
        names = [record.name for records in kept.values() for record in records]
        if names:
            # sudo: only the program writes the result; managers only, see above
            self.sudo().result = self.env._(
                "Erased. Kept for as long as the law asks: %(names)s.", names=", ".join(names)
            )
        else:
            # sudo: as above
            self.sudo().result = self.env._("Erased. Nothing is kept.")
        # sudo: as above
        self.sudo().write({"export_file": False, "export_name": False})
        return self._reopen()

    # === WHO === #

    def _is_known(self):
        return bool(self.partner_id or email_normalize(self.email or ""))

    def _find(self):
        self._check_manager()
        self.partner_id.check_access("read")
        return self.env["sale.rma.personal.data"]._find(self.partner_id, self.email)

    def _find_checked(self):
        """:raise UserError: nobody is named"""
        if not self._is_known():
            raise UserError(self.env._("Choose a customer, or type an e-mail address."))
        return self._find()

    def _check_manager(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only administrators of sales see all about a person."))

    def _describe(self, found):
        """Return in words how much there is of what."""
        return "\n".join(
            f"{records._description}: {len(records)}" for records in found.values() if records
        ) or self.env._("Nothing is kept.")

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
