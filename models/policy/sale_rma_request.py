from odoo import api, models

from ..portal.sale_rma_request import RESOLUTIONS


class SaleRmaRequest(models.AbstractModel):
    """What customers may wish for, and what they are asked to add, follows the rules."""

    _inherit = "sale.rma.request"

    @api.model
    def _set_wishes(self, asked):
        """Extend: what a rule does not allow is not shown, and it is said that it is not possible;
        what rules for reasons do not allow, once the reason is known."""
        super()._set_wishes(asked)
        lines = [line for line in asked.lines if line.offer.is_possible]
        rules = self.env["sale.rma.policy"]
        if not lines or not rules._get_active(asked.order.company_id):
            return
        sold = asked.order.order_line.browse(line.sold.id for line in lines)
        reasons = {line.sold: line.reason for line in lines if line.reason}
        decisions = rules._evaluate(sold, asked.kind, reasons)
        for line in lines:
            decision = decisions[line.sold]
            possible = tuple(wish for wish in line.wishes if wish in decision.resolutions)
            # a rule that allows none refuses the item, which is told elsewhere
            if not possible or possible == tuple(line.wishes):
                continue
            labels = self._get_wish_labels()
            gone = [labels[wish] for wish in line.wishes if wish not in possible]
            line.wishes = possible
            line.wishes_message = " ".join(
                filter(
                    None,
                    (
                        self.env._(
                            "Not possible for this item: %(wishes)s.", wishes=", ".join(gone)
                        ),
                        decision.policy and decision.policy.explanation,
                    ),
                )
            )

    @api.model
    def _get_wish_labels(self):
        return dict(
            self.env["sale.rma.line"]._fields["resolution"]._description_selection(self.env)
        )

    @api.model
    def _check(self, asked):
        """Extend: what the rules for the reasons chosen say."""
        super()._check(asked)
        lines = [line for line in asked.picked if line.offer.is_possible and line.reason]
        rules = self.env["sale.rma.policy"]
        if not lines or not rules._get_active(asked.order.company_id):
            return
        sold = asked.order.order_line.browse(line.sold.id for line in lines)
        decisions = rules._evaluate(sold, asked.kind, {line.sold: line.reason for line in lines})
        for line in lines:
            self._check_decision(line, decisions[line.sold], RESOLUTIONS[asked.kind])

    @api.model
    def _estimate_fee(self, asked, lines):
        """Override: what the rules keep, of what is not exchanged (docs/rules.md)."""
        rules = self.env["sale.rma.policy"]
        refunded = [line for line in lines if line.resolution == "refund"]
        if asked.kind != "return" or not refunded or not rules._get_active(asked.order.company_id):
            return super()._estimate_fee(asked, lines)
        sold = asked.order.order_line.browse(line.sold.id for line in refunded)
        reasons = {line.sold: line.reason for line in refunded if line.reason}
        decisions = rules._evaluate(sold, asked.kind, reasons)
        goods, fees, once = 0.0, 0.0, [0.0]
        for line in refunded:
            decision, paid = decisions[line.sold], line.price_paid * line.quantity
            goods += paid
            fees += paid * decision.fee_percent / 100
            if decision.fee_per == "return":
                once.append(decision.fee_amount)
            else:
                fees += decision.fee_amount
        return asked.order.currency_id.round(min(fees + max(once), goods))

    @api.model
    def _check_decision(self, line, decision, wishes):
        errors = line.errors
        if not decision.allowed:
            errors.setdefault("reason", decision.explanation)
            return
        possible = [wish for wish in wishes if wish in decision.resolutions]
        if line.resolution not in possible:
            labels = self._get_wish_labels()
            errors.setdefault(
                "wish",
                self.env._(
                    "Not possible for this item. Possible: %(wishes)s.",
                    wishes=", ".join(labels[wish] for wish in possible),
                ),
            )
        if decision.note_required and not line.note:
            errors.setdefault("note", self.env._("Please add a few words."))
        if decision.photo_required and not line.uploads:
            errors.setdefault("photos", self.env._("Please add a photo."))
