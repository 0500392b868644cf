from odoo import models


class SaleRma(models.Model):
    """Page and mails of a withdrawal say that it is one, and what is owed until when."""

    _inherit = "sale.rma"

    def _get_withdrawal_text(self):
        """Return in the reader's language that the right was used, when, and what is given back
        by when; nothing for other returns."""
        self.ensure_one()
        if self.rma_type != "withdrawal" or self._is_closed_without():
            return ""
        texts = []
        moment = self.date_informed or self.date_requested
        if moment:
            clock = self.env["sale.rma.clock"]
            day = clock._get_consumer_day(self.partner_id, self.company_id, moment)
            texts.append(
                self.env._(
                    "You have withdrawn from the contract on %(date)s.", date=self._format_date(day)
                )
            )
        amount = self.amount_estimated if self.state != "done" else 0.0
        if self.date_refund_due and amount > 0 and not self.amount_refunded:
            texts.append(
                self.env._(
                    "%(amount)s are to be given back by %(date)s.",
                    amount=self.currency_id.format(amount),
                    date=self._format_date(self.date_refund_due),
                )
            )
            if not self._is_all_unsent() and not self.date_proof and self.state == "accepted":
                texts.append(self._get_waiting_text())
        return " ".join(texts)

    def _get_waiting_text(self):
        """Return in the reader's language how long the shop may wait: not for what was not sent,
        which has its own, earlier day."""
        if any(self.line_ids.mapped("qty_unsent")):
            return self.env._(
                "For what was sent already we may wait until it is back or you have shown us that "
                "you sent it."
            )
        return self.env._(
            "We may wait until the goods are back or you have shown us that you sent them."
        )

    def _format_date(self, day):
        return self.env["ir.qweb.field.date"].value_to_html(day, {})

    def _get_progress_steps(self):
        """Override: who withdraws asks for nothing, and nobody has to accept it."""
        steps = super()._get_progress_steps()
        if self.rma_type != "withdrawal" or not steps:
            return steps
        accepted = steps[1]
        return [(self.env._("Withdrawn"), *accepted[1:]), *steps[2:]]

    def _get_customer_state_label(self):
        """Override: see `_get_progress_steps`."""
        if self.rma_type == "withdrawal" and self.state == "accepted":
            return self.env._("Withdrawn")
        return super()._get_customer_state_label()
