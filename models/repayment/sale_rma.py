from odoo import api, fields, models

from .sale_rma_repayment import OPEN_STATES


class SaleRma(models.Model):
    """Returns end when the customer has his money."""

    _inherit = "sale.rma"

    repayment_ids = fields.One2many(
        comodel_name="sale.rma.repayment",
        inverse_name="rma_id",
        string="Repayments",
        readonly=True,
        copy=False,
    )
    repayment_count = fields.Integer(compute="_compute_repayments", compute_sudo=True)
    amount_repaid = fields.Monetary(
        string="Repaid",
        compute="_compute_repayments",
        compute_sudo=True,  # the return's own total, shown to whoever sees the return
        help="What the customer has of it, as far as is known, in the order's currency.",
    )
    repayment_state = fields.Selection(
        selection=[
            ("nothing", "Nothing to Repay"),
            ("planned", "To Repay"),
            ("partial", "Partly Repaid"),
            ("done", "Repaid"),
            ("failed", "Failed"),
        ],
        string="Repayment",
        compute="_compute_repayments",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("repayment_ids.state", "repayment_ids.amount", "repayment_ids.way")
    def _compute_repayments(self):
        for rma in self:
            rows = rma.repayment_ids.filtered(lambda row: row.state != "cancel")
            rows = rows.filtered(lambda row: row.way != "card")  # given with the credit note
            done = rows.filtered(lambda row: row.state == "done")
            rma.repayment_count = len(rma.repayment_ids)
            rma.amount_repaid = sum(
                row.refund_id._convert_to_order(row.amount)
                for row in done
                if row.way in row._get_money_ways()
            )
            rma.repayment_state = rma._get_repayment_state(rows, done)

    def _get_repayment_state(self, rows, done):
        """Return what is true of a return's repayments as a whole.

        :param rows: those that are not cancelled
        :param done: of these, what the customer has
        """
        left = rows.filtered(lambda row: row.state in OPEN_STATES)
        if left and any(row.state == "failed" for row in rows):
            return "failed"
        if left:
            return "partial" if done else "planned"
        return "done" if done else "nothing"

    # === BUSINESS METHODS === #

    def _on_refund_posted(self, moves):
        """Override: what a credit note owes is planned to be paid back."""
        super()._on_refund_posted(moves)
        moves._plan_repayments()

    def _restart_refund_alarm(self):
        """Remind managers of the last day again: what was paid is owed again."""
        self.sudo().date_refund_reminded = False  # whoever tells that it is owed

    def _get_repayment_bank_account(self):
        """Return the bank account that the customer is paid back to, if one is known."""
        return self.env["res.partner.bank"]

    def _get_repayment_texts(self):
        """Return in the caller's language what becomes of the money: a list of sentences."""
        self.ensure_one()
        # sudo: the customer's own money; no code of a card and no number of an account is told
        rma = self.sudo()
        texts = [row._get_customer_text() for row in rma.repayment_ids]
        if rma.amount_to_pay > 0:
            amount = rma.currency_id.format(rma.amount_to_pay)
            held = any(order._get_exchange_due() for order in rma.exchange_order_ids)
            texts.append(
                self.env._(
                    "Pay %(amount)s on the page of your return: what you chose instead is sent "
                    "then.",
                    amount=amount,
                )
                if held
                else self.env._("You can pay %(amount)s on the page of your return.", amount=amount)
            )
        return list(filter(None, texts))

    def action_view_repayments(self):
        """Open the repayments of the return."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_repayment_action"),
            "domain": [("rma_id", "=", self.id)],
            "context": {},
        }
