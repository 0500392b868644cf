from odoo import fields, models


class SaleRma(models.Model):
    """What happens to returns, for rooms and other addons to extend. Each hook works on many
    returns at once; those of a state are called once the returns are in it, before anybody is told
    (`_write_state`)."""

    _inherit = "sale.rma"

    def _on_requested(self):
        """The returns were asked for."""

    def _on_accepted(self):
        """The returns were accepted."""

    def _on_posting_shown(self):
        """The customer showed for the first time that the goods are on their way."""

    def _on_goods_received(self):
        """Goods arrived: accepted returns are being processed now."""
        now = fields.Datetime.now()
        # sudo: a stock user receives without any right on returns (R9)
        self.filtered(lambda rma: not rma.date_received).sudo().date_received = now
        arrived = self.filtered(lambda rma: rma.state == "accepted")
        if arrived:
            arrived._change_state("processing")

    def _on_graded(self):
        """What came back was seen, graded and put where it belongs."""

    def _on_refused(self):
        """The returns were refused."""

    def _on_cancelled(self):
        """The returns were cancelled."""

    def _on_expired(self):
        """The returns expired: nothing came for them in time."""

    def _on_done(self):
        """The returns are finished."""

    def _on_reopened(self):
        """The returns were finished and wait again for what remains."""

    def _on_awaited_changed(self):
        """What the returns wait for, where from or where to changed."""

    def _on_refund_posted(self, moves):
        """Credit notes of the returns were posted.

        :param moves: these `account.move`s
        """

    def _on_draft_refund_posted(self):
        """Credit notes that were left in draft when the returns were processed are posted."""

    def _release_claims(self):
        """Let go of what returns hold that were only asked for: they are not to be."""

    def _notify_state_change(self, old_states):
        """Tell of a change of state.

        :param dict old_states: {return id: state before}
        """
