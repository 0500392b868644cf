from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRmaClose(models.TransientModel):
    _name = "sale.rma.close"
    _description = "Refuse or Cancel Returns"
    _inherit = ["sale.rma.incoming"]
    # the screen works as superuser on what it is told: on what its user may change
    _incoming_rights = {"sale.rma": "write", "sale.rma.line": "write"}

    rma_ids = fields.Many2many(comodel_name="sale.rma", string="Returns", required=True)
    operation = fields.Selection(
        selection=[("refuse", "Refuse"), ("cancel", "Cancel")],
        required=True,
        default="refuse",
    )
    ground_id = fields.Many2one(
        comodel_name="sale.rma.ground",
        string="Standard Text",
        domain="[('operation', 'in', ('all', operation))]",
        help="Each customer gets it in their own language, unless it is changed below.",
    )
    reason = fields.Text(
        string="Ground",
        compute="_compute_reason",
        store=True,
        readonly=False,
        help="Sent to the customer with the notice.",
    )
    is_told = fields.Boolean(
        compute="_compute_is_told", help="A customer is told of it, so that it needs a ground."
    )

    # === COMPUTE METHODS === #

    @api.depends("ground_id")
    def _compute_reason(self):
        """What was written stays, until a standard text is chosen."""
        for wizard in self:
            if wizard.ground_id:
                wizard.reason = wizard.ground_id._get_text(wizard.rma_ids[:1].partner_id.lang)
            else:
                wizard.reason = wizard.reason

    @api.depends("rma_ids")
    def _compute_is_told(self):
        """Nobody knows of a draft."""
        for wizard in self:
            wizard.is_told = any(rma.state != "draft" for rma in wizard.rma_ids)

    # === ACTIONS === #

    def action_confirm(self):
        """Refuse or cancel the returns with the ground given.

        :return: act_window_close
        :raise UserError: no ground is given, a return is in the wrong state, or something was done
            for it already
        """
        self.ensure_one()
        self._check_ground()
        for lang, rmas in self.rma_ids.grouped(lambda rma: rma.partner_id.lang).items():
            if self.operation == "refuse":
                rmas.action_refuse(reason=self._get_reason(lang))
            else:
                rmas.action_cancel(reason=self._get_reason(lang))
        return {"type": "ir.actions.act_window_close"}

    def _check_ground(self):
        """:raise UserError: a customer would not be told why"""
        if self.is_told and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "%(rmas)s: say why, the customer is told. Choose a standard text or write one.",
                    rmas=", ".join(self.rma_ids.mapped("name")),
                )
            )

    def _get_reason(self, lang):
        """Return the ground for customers of a language: a standard text in theirs, unless
        somebody changed it."""
        first = self.rma_ids[:1].partner_id.lang
        if self.ground_id and self.reason == self.ground_id._get_text(first):
            return self.ground_id._get_text(lang)
        return self.reason
