from odoo import api, fields, models

from ...tools.context_marks import ReconcilePlan, TrustedIds


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "sale.rma.protected"]

    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Customer Return",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Return this credit note gives money back for, or this reversal undoes it for.",
    )

    rma_adjustment_reason = fields.Char(
        string="Reason of the Adjustment",
        copy=False,
        help="Why a return gives back more or less than its items cost.",
    )
    rma_amount_approved = fields.Float(
        copy=False,
        readonly=True,
        help="Total that a sales manager gave with the reason, in the order's currency (R2b).",
    )

    @api.model
    def _get_protected_names(self):
        """Override: what was approved is written by the program."""
        return super()._get_protected_names() | {"rma_amount_approved"}

    def _compute_invoice_currency_rate(self):
        """Override of `account`: a return's credit note keeps the rate of its invoice (R2)."""
        super()._compute_invoice_currency_rate()
        for move in self:
            origin = move.reversed_entry_id
            if move.rma_id and move.currency_id == origin.currency_id:
                move.invoice_currency_rate = origin.invoice_currency_rate

    def _post(self, soft=True):
        """Override of `account`: what a return gives back is checked and told when it is posted."""
        self._check_return_refunds()
        self._take_first_open_day()
        drafts = self._filter_drafts_of_returns()
        posted = super()._post(soft=soft)
        refunds = posted.filtered(lambda move: move.rma_id and move.move_type == "out_refund")
        refunds.rma_id._on_refund_posted(refunds)
        (drafts & refunds).rma_id._on_draft_refund_posted()
        posted._sync_cards()
        return posted

    def _filter_drafts_of_returns(self):
        """Return the credit notes of returns that were left in draft and are posted for the first
        time, after their return was processed."""
        just_made = self.env.context.get("rma_just_made")
        at_once = set(just_made) if isinstance(just_made, TrustedIds) else set()
        return self.filtered(
            lambda move: (
                move.rma_id
                and move.move_type == "out_refund"
                and not move.posted_before
                and move.id not in at_once
            )
        )

    def _take_first_open_day(self):
        """Date credit notes of returns on the first day that no lock date closes; Odoo moves a
        customer's invoice no further than today."""
        clock = self.env["sale.rma.clock"]
        for move in self.filtered(lambda move: move.rma_id and move.move_type == "out_refund"):
            day = move.invoice_date or clock._get_company_day(move.company_id)
            first_open = move.company_id._get_first_open_day(
                day, has_tax=move._affect_tax_report(), journal=move.journal_id
            )
            if first_open != day:
                move.invoice_date = first_open

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """Override of `account`: the credit notes of returns are each set against the invoice they
        reverse, by one plan for all. Odoo pairs invoices and credit notes by their place, and two
        credit notes of one invoice would shift all that follow."""
        of_returns = reverse_moves.filtered("rma_id")
        others = reverse_moves - of_returns
        if others:
            super(AccountMove, others.reversed_entry_id)._reconcile_reversed_moves(
                others, move_reverse_cancel
            )
        plan = ReconcilePlan()
        for move in of_returns.with_context(rma_reconcile_plan=plan):
            super(AccountMove, move.reversed_entry_id)._reconcile_reversed_moves(
                move, move_reverse_cancel
            )
        if plan.line_ids:
            lines = self.env["account.move.line"]
            lines = lines.with_context(move_reverse_cancel=move_reverse_cancel)
            lines._reconcile_plan([lines.browse(ids) for ids in plan.line_ids])
        return reverse_moves

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Override of `account`: the reversal of a return's credit note undoes it for the return
        too, at the same rate."""
        values_list = default_values_list or [{} for move in self]
        for move, values in zip(self, values_list, strict=True):
            if move.rma_id:
                values["rma_id"] = move.rma_id.id
                move._carry_link("rma_id")
        return super()._reverse_moves(values_list, cancel=cancel)

    def _check_return_refunds(self):
        """Refuse credit notes edited to give back more than their return allows (R2).

        :raise UserError: naming the item and the most that is possible
        """
        just_made = self.env.context.get("rma_just_made")
        edited = (
            self.browse(set(self.ids) - just_made) if isinstance(just_made, TrustedIds) else self
        )
        for move in edited.filtered(lambda move: move.rma_id and move.move_type == "out_refund"):
            self.env["sale.rma.refund"]._check_refund(move)

    def _get_company_rate(self, currency):
        """Return how many units of a currency are one of the company's at the date of the invoice;
        for what reverses an invoice, at the date of that one."""
        self.ensure_one()
        if self.reversed_entry_id:
            return self.reversed_entry_id._get_company_rate(currency)
        return self.env["res.currency"]._get_conversion_rate(
            self.company_currency_id, currency, self.company_id, self.invoice_date or self.date
        )

    def _get_rate_into(self, other):
        """Return how many units of another invoice's currency are one of this one's: worth the
        same in the books."""
        self.ensure_one()
        if self.currency_id == other.currency_id:
            return 1.0
        return other.invoice_currency_rate / self.invoice_currency_rate

    def _get_total_in(self, currency):
        """Return the total, tax included and always positive, in an order's currency: where
        accounting moved the invoice to another one, what the books have, converted."""
        self.ensure_one()
        if self.currency_id == currency:
            return self.amount_total
        return currency.round(abs(self.amount_total_signed) * self._get_company_rate(currency))

    def _get_credit_sign(self):
        """Return 1 for a credit note, -1 for an invoice that undoes one, 0 for other entries."""
        self.ensure_one()
        if self.move_type == "out_refund":
            return 1
        return -1 if self._get_undone() else 0

    def _get_undone(self):
        """Return the credit note that an invoice undoes: one that it reverses, or charges again
        as a debit note on it (`account_debit_note`, which is no dependency)."""
        self.ensure_one()
        origin = self.reversed_entry_id
        if not origin and "debit_origin_id" in self._fields:
            origin = self.debit_origin_id
        is_undoing = self.move_type == "out_invoice" and origin.move_type == "out_refund"
        return origin if is_undoing else self.browse()

    def _get_undoing(self):
        """Return what reverses these entries, and the debit notes on credit notes among them."""
        undoing = self.reversal_move_ids
        if "debit_note_ids" in self._fields:
            undoing |= self.filtered(lambda move: move.move_type == "out_refund").debit_note_ids
        return undoing

    def copy_data(self, default=None):
        """Override of `account`: a debit note on a return's credit note charges again what it gave
        back, for the return too."""
        vals_list = super().copy_data(default)
        origin_id = (default or {}).get("debit_origin_id")
        for move, vals in zip(self, vals_list, strict=True):
            is_debit = origin_id == move.id and move.move_type == "out_refund" and move.rma_id
            if is_debit and vals.get("move_type") == "out_invoice":
                vals["rma_id"] = move.rma_id.id
                move._carry_link("rma_id")
        return vals_list

    def action_view_rma(self):
        """Open the return this credit note belongs to.

        :raise AccessError: it is a colleague's
        """
        self.ensure_one()
        self.rma_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.rma",
            "res_id": self.rma_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
