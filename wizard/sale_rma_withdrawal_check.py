from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRmaWithdrawalCheck(models.TransientModel):
    """A colleague decides on a withdrawal that the machine could not decide on."""

    _name = "sale.rma.withdrawal.check"
    _description = "Check a Withdrawal"
    _inherit = ["sale.rma.incoming"]

    withdrawal_id = fields.Many2one(
        comodel_name="sale.rma.withdrawal", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="withdrawal_id.company_id")
    statement = fields.Text(related="withdrawal_id.statement")
    check_note = fields.Text(related="withdrawal_id.check_note")
    outcome = fields.Selection(
        selection=[
            ("return", "Open the return, accepted"),
            ("noted", "Open nothing"),
        ],
        required=True,
        compute="_compute_outcome",
        store=True,
        readonly=False,
        precompute=True,
    )
    rma_ids = fields.Many2many(related="withdrawal_id.rma_ids")
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        compute="_compute_order_id",
        store=True,
        readonly=False,
        domain="[('state', '=', 'sale'), ('company_id', '=', company_id)]",
    )
    period = fields.Char(string="Withdrawal Period", compute="_compute_period")
    hint = fields.Text(compute="_compute_hint")
    note = fields.Text(help="Why it was decided so; kept with the withdrawal.")

    @api.model
    def _get_fixed_names(self):
        """Override: which withdrawal is decided on is given once."""
        return super()._get_fixed_names() | {"withdrawal_id"}

    @api.depends("withdrawal_id")
    def _compute_outcome(self):
        """Where the statement has opened its return, a second one is seldom meant."""
        for wizard in self:
            wizard.outcome = "noted" if wizard.withdrawal_id.rma_ids else "return"

    @api.depends("withdrawal_id")
    def _compute_order_id(self):
        for wizard in self:
            wizard.order_id = wizard.withdrawal_id.matched_order_id

    @api.depends("order_id", "withdrawal_id")
    def _compute_period(self):
        for wizard in self:
            periods = self.env["sale.rma.period"]._get_periods(
                wizard.order_id, at=wizard.withdrawal_id.submitted_at
            )
            wizard.period = periods[wizard.order_id].explanation if wizard.order_id else ""

    @api.depends("order_id", "withdrawal_id")
    def _compute_hint(self):
        for wizard in self:
            hints = []
            if order := wizard.order_id:
                withdrawal = wizard.withdrawal_id
                items = withdrawal.items if order == withdrawal.matched_order_id else None
                lines = withdrawal._get_declared_lines(order, items)
                hints = order._get_withdrawal_hints(lines)
            wizard.hint = "\n".join(hint for hint, _to_decide in hints)

    # === ACTIONS === #

    def action_confirm(self):
        """Open the return, or note why there is none; the withdrawal counts as checked.

        :return: act_window on the return, or act_window_close
        :raise UserError: no order chosen, or nothing of it can be returned
        :raise AccessError: no right to create returns, or to read the order
        """
        self.ensure_one()
        self.env["sale.rma"].check_access("create")
        self.withdrawal_id.check_access("read")
        rma = self._create_return() if self.outcome == "return" else self.env["sale.rma"]
        self.withdrawal_id._add_event(
            "checked", note=self.note, rma_id=rma.id, user_id=self.env.uid
        )
        # sudo: the activities of all the colleagues who were asked
        self.withdrawal_id.sudo().activity_ids.action_feedback(feedback=self.note)
        if rma:
            return self.withdrawal_id.action_view_returns()
        return {"type": "ir.actions.act_window_close"}

    def _create_return(self):
        """Create the return with the colleague's own rights, or make the withdrawal of an open one
        that waits for the same items."""
        if not self.order_id:
            raise UserError(self.env._("Choose the order the consumer withdraws from."))
        withdrawal = self.withdrawal_id
        items = withdrawal.items if self.order_id == withdrawal.matched_order_id else None
        at = withdrawal.submitted_at
        turned = withdrawal._turn_returns(self.order_id, items, at)
        lines, note = withdrawal._get_return_lines(self.order_id, items, turned)
        if turned:
            turned._add_withdrawn(lines)
            return turned
        if not lines:
            raise UserError(note or self.env._("Nothing of this order can be returned now."))
        return withdrawal._create_return(self.order_id, lines, at)
