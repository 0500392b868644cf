from collections import defaultdict

from markupsafe import Markup

from odoo import models

from ...tools.context_marks import OURS, TrustedIds
from ...tools.quantity_field import format_quantity


class SaleRma(models.Model):
    """Credit notes of returns."""

    _inherit = "sale.rma"

    def _get_refundable_shipping(self):
        """Return what is left of the order's shipping to give back, tax included and less what
        discounts took off it, and in words why there is nothing where it is so."""
        self.ensure_one()
        engine = self.env["sale.rma.refund"]
        deliveries = self.order_id.order_line.filtered(lambda line: line._is_delivery())
        if not deliveries:
            return 0.0, self.env._("The order has no shipping.")
        billed = engine._get_billed_lines(self.order_id)
        lines = [line for sold in deliveries for line in billed.get(sold, [])]
        if not lines:
            return 0.0, self.env._("The shipping was not invoiced.")
        if not any(line.left for line in lines):
            return 0.0, self.env._("The shipping was refunded already.")
        credits = engine._prepare_credits(self, {}, refund_shipping=True)
        amount = sum(credit.get_total_in(self.currency_id) for credit in credits)
        amount = self.currency_id.round(amount)
        if self.currency_id.is_zero(amount):
            return 0.0, self.env._("The shipping was free.")
        return amount, False

    def _create_refunds(self, credits_by_rma, reasons=None):
        """Create the credit notes, and post them if the company wants that.

        :param dict credits_by_rma: {return: list of `Credit`s of `sale.rma.refund`}
        :param dict reasons: {return: why it is adjusted}
        :return: the `account.move`s
        """
        vals_list = [
            {**rma._prepare_refund_vals(credit), **rma._prepare_reason_vals(credit, reasons)}
            for rma, credits in credits_by_rma.items()
            for credit in credits
        ]
        # R9: whoever may finish a return has its credit note made, and follows the return, not the
        # credit note; posting is the setting's
        context = {"mail_create_nosubscribe": True, "rma_refund": OURS}
        moves = self._create_documents("account.move", vals_list, **context)
        to_post = moves.filtered(lambda move: move.company_id.rma_refund_posting == "post")
        if to_post:
            to_post.with_context(rma_just_made=TrustedIds(to_post.ids))._post(soft=False)
        drafts = moves - to_post
        drafts.rma_id._log_refunded(drafts)
        return moves

    def _prepare_refund_vals(self, credit):
        """Return the values of the credit note that reverses one invoice: its journal, currency,
        rate, partner and whatever localisations keep on it (R2)."""
        self.ensure_one()
        # sudo: R9, what the credit note takes from the invoice it reverses
        invoice = credit.invoice.sudo().with_company(self.company_id)
        vals = invoice.with_context(include_business_fields=True).copy_data(
            {
                "line_ids": [],
                "invoice_payment_term_id": False,
                "narration": False,
                "adjusting_entries_move_ids": [],
                "adjusting_entry_origin_move_ids": [],
            }
        )[0]
        vals.pop("invoice_line_ids", None)
        for computed in ("date", "partner_bank_id", "invoice_cash_rounding_id"):
            vals.pop(computed, None)
        return {
            **vals,
            "move_type": "out_refund",
            "reversed_entry_id": invoice.id,
            "rma_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": invoice.partner_id.id,
            "currency_id": invoice.currency_id.id,
            "invoice_user_id": invoice.invoice_user_id.id,  # not who processes the return
            "invoice_currency_rate": invoice.invoice_currency_rate,
            "invoice_date": self.env["sale.rma.clock"]._get_company_day(self.company_id)
            if self.company_id.sudo().rma_refund_posting == "post"
            else False,
            "invoice_origin": self.order_id.name,
            # electronic invoices tell the origin by it (BT-25); the return is `rma_id`
            "ref": invoice.name,
            "invoice_line_ids": [(0, 0, line.vals) for line in credit.lines],
        }

    def _prepare_reason_vals(self, credit, reasons):
        """Return what a credit note keeps of the reason given for an adjustment; of a sales
        manager's the amount too, so that accounting can post it."""
        self.ensure_one()
        reason = ((reasons or {}).get(self) or "").strip()
        if not reason:
            return {}
        vals = {"rma_adjustment_reason": reason}
        if self.env["sale.rma.refund"]._may_exceed_ceiling():
            vals["rma_amount_approved"] = credit.get_total_in(self.currency_id)
        return vals

    def _on_refund_posted(self, moves):
        """Override: what was refunded is in the history."""
        super()._on_refund_posted(moves)
        self._log_refunded(moves)

    def _log_refunded(self, moves):
        """Write what was credited, how many and how much to the history."""
        bodies = defaultdict(Markup)
        for move in moves:
            items = ", ".join(
                f"{format_quantity(self.env, line.quantity)} {line.product_id.display_name}"
                for line in move.invoice_line_ids
                if line.rma_line_id
            )
            values = {
                "amount": move.currency_id.format(move.amount_total),
                "items": items or self.env._("no items"),
                "move": move.name or self.env._("a draft credit note"),
            }
            if move.state == "posted":
                text = self.env._("%(amount)s refunded with %(move)s: %(items)s", **values)
            else:
                text = self.env._("%(amount)s in a draft credit note: %(items)s", **values)
            bodies[move.rma_id.id] += Markup("<div>%s</div>") % text
            if move.rma_adjustment_reason:
                reason = self.env._("Reason: %(reason)s", reason=move.rma_adjustment_reason)
                bodies[move.rma_id.id] += Markup("<div>%s</div>") % reason
        # sudo: what was done is told in the history, whoever did it
        self.browse(bodies).sudo()._log_history("refunded", bodies)
