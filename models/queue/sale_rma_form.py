from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleRma(models.Model):
    """What the form shows beside the document, where one decides, and what it fills in at once."""

    _inherit = "sale.rma"

    conversation_ids = fields.One2many(
        comodel_name="mail.message",
        inverse_name="res_id",
        domain=[
            ("model", "=", "sale.rma"),
            ("message_type", "in", ("comment", "email")),
            ("subtype_id.internal", "=", False),
            ("is_internal", "=", False),
        ],
        readonly=True,
        help="What customer and shop wrote to each other, without notices and notes.",
    )
    has_exchange_wish = fields.Boolean(compute="_compute_has_exchange_wish")
    # both are only asked in the form and written nowhere
    take_all = fields.Boolean(string="Everything comes back", store=False)
    reason_all_id = fields.Many2one(
        comodel_name="sale.rma.reason", string="Reason for all", store=False
    )

    @api.depends("line_ids.resolution")
    def _compute_has_exchange_wish(self):
        for rma in self:
            rma.has_exchange_wish = "exchange" in rma.line_ids.mapped("resolution")

    # === ONCHANGE METHODS === #

    @api.onchange("take_all")
    def _onchange_take_all(self):
        """Fill in the most of each item, or take it back."""
        for line in self.line_ids if self.state == "draft" else ():
            if self.take_all:
                line.quantity = line.qty_returnable
            elif line.quantity == line.qty_returnable:
                line.quantity = 0.0

    @api.onchange("reason_all_id")
    def _onchange_reason_all(self):
        """Give all items the same reason; each can be changed afterwards."""
        if self.reason_all_id:
            self.line_ids.reason_id = self.reason_all_id

    # === CRUD METHODS === #

    def web_save(self, vals, *args, **kwargs):
        """Override of `web`: a return of nothing is refused before it gets a number, and what was
        proposed stays on the screen.

        :raise UserError: all quantities are zero
        """
        if not self and self._is_all_zero(vals.get("line_ids")):
            raise UserError(
                self.env._(
                    "Enter how many of at least one item come back, or tick that everything does."
                )
            )
        return super().web_save(vals, *args, **kwargs)

    @api.model
    def _is_all_zero(self, commands):
        """Whether items are proposed of which none is to come back."""
        created = [
            command[2] for command in commands or [] if command and command[0] == Command.CREATE
        ]
        return bool(created) and not any(values.get("quantity", 1) for values in created)
