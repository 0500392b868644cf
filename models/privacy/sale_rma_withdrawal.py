from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.context_marks import TrustedIds


class SaleRmaWithdrawal(models.Model):
    """Erasure on request (GDPR art. 17), and the hold that stops any."""

    _inherit = "sale.rma.withdrawal"

    is_on_hold = fields.Boolean(
        string="On Hold",
        compute="_compute_is_on_hold",
        store=True,
        help="Needed for a claim: neither a request nor the retention job erases it.",
    )

    @api.depends("event_ids.kind")
    def _compute_is_on_hold(self):
        for withdrawal in self:
            kinds = withdrawal.event_ids.sorted("id").mapped("kind")
            holds = [kind for kind in kinds if kind in ("hold", "released")]
            withdrawal.is_on_hold = holds[-1:] == ["hold"]

    # === ACTIONS === #

    def action_hold(self, reason=None):
        """Keep the withdrawals, whatever retention or requests say, until they are released.

        :raise AccessError: for anybody but sales managers
        """
        self._check_may_erase()
        self._origin.filtered(lambda withdrawal: not withdrawal.is_on_hold)._add_event(
            "hold", note=reason
        )
        return True

    def action_release(self, reason=None):
        """End the hold.

        :raise AccessError: for anybody but sales managers
        """
        self._check_may_erase()
        self._origin.filtered("is_on_hold")._add_event("released", note=reason)
        return True

    def action_erase(self):
        """Erase withdrawals on their consumer's request, with receipt, mails and events: those that
        no order was found for at once, others when their retention period is over. That they were
        erased is written down, without the data.

        :return: act_window on what is left
        :raise AccessError: for anybody but sales managers
        :raise UserError: one of them has to be kept
        """
        self._check_may_erase()
        withdrawals = self._origin
        kept = withdrawals - withdrawals._filter_erasable()
        if kept:
            raise UserError(
                self.env._(
                    "%(withdrawals)s: evidence of a contract, or on hold. It is kept until its "
                    "retention period is over or the hold ends, and can be erased then.",
                    withdrawals=", ".join(kept.mapped("name")),
                )
            )
        withdrawals._erase()
        return self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_withdrawal_action")

    # === RULES === #

    def _check_may_erase(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only administrators of sales hold or erase withdrawals."))

    def _filter_erasable(self):
        """Return those whose consumer may have them erased now: nothing depends on them."""
        matched_nothing = self.filtered(
            lambda withdrawal: (
                withdrawal.doubt == "unmatched"
                and not withdrawal.matched_order_id
                and not withdrawal.rma_ids
                and not withdrawal.is_on_hold
            )
        )
        return matched_nothing | self.filtered_domain(self._get_outdated_domain())

    def _erase(self):
        """Erase what may be erased, and write down that it was."""
        if not self:
            return
        self.env["sale.rma.erasure"]._log(self, self.mapped("name"))
        # sudo: nobody has the right to delete one; what may be erased was decided before
        self.sudo().with_context(rma_erased=TrustedIds(self.ids)).unlink()

    def _filter_unlinkable(self):
        """Return those that may be deleted now: outdated, or being erased on request. The context
        is only believed if this addon wrote it: no caller from outside can make such a set."""
        erased = self.env.context.get("rma_erased")
        erased = erased if isinstance(erased, TrustedIds) else ()
        on_request = self.filtered(lambda withdrawal: withdrawal.id in erased)
        return on_request | self.filtered_domain(self._get_outdated_domain())
