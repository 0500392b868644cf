from odoo import api, models
from odoo.exceptions import UserError

from ...tools.quantity_field import format_quantity, is_countable


class SaleRma(models.Model):
    """What a consumer declared is not taken back by whoever works on it (docs/law.md L16, L28): it
    is processed, or refused on a ground of the law. That the consumer keeps something after all, a
    sales manager writes down."""

    _inherit = "sale.rma"

    def _filter_declared(self):
        """Return the withdrawals that were declared, whatever state they are in."""
        # sudo: compared only
        return self.filtered(
            lambda rma: rma.sudo().rma_type == "withdrawal" and rma.sudo().date_informed
        )

    def _may_lessen_withdrawals(self):
        return self.env.su or self.env.user.has_group("sales_team.group_sale_manager")

    def action_cancel(self, reason=None):
        """Override: no clerk cancels what was declared.

        :raise UserError: a declared withdrawal, for anybody but sales managers
        """
        declared = self._filter_declared()
        if declared and not self._may_lessen_withdrawals():
            raise UserError(
                self.env._(
                    "%(rmas)s is a withdrawal, which the consumer declared. Process it, or refuse "
                    "it on a ground of article 16. Where the consumer keeps everything after all, "
                    "a sales manager cancels it.",
                    rmas=", ".join(declared.mapped("name")),
                )
            )
        return super().action_cancel(reason=reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_declared(self):
        """:raise UserError: a withdrawal that was declared would leave no trace"""
        if declared := self._filter_declared():
            raise UserError(
                self.env._(
                    "%(rmas)s was declared by the consumer: it is kept, cancelled as well.",
                    rmas=", ".join(declared.mapped("name")),
                )
            )


class SaleRmaLine(models.Model):
    """Items of declared withdrawals: not fewer than were declared."""

    _inherit = "sale.rma.line"

    def write(self, vals):
        """Override: see `_check_not_lessened`."""
        if "quantity" in vals:
            # as it will be written: a program may send a word, or a number in one
            quantity = self._fields["quantity"].convert_to_cache(vals["quantity"], self)
            lowered = self.filtered(
                lambda line: (
                    is_countable(quantity)
                    and is_countable(line.quantity)
                    and line.product_uom_id.compare(quantity, line.quantity) < 0
                )
            )
            lowered._check_not_lessened(quantity)
        if "sale_line_id" in vals:
            self.filtered(
                lambda line: line.sale_line_id.id != vals["sale_line_id"]
            )._check_not_lessened(0.0)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_declared(self):
        self._check_not_lessened(0.0)

    def _check_not_lessened(self, quantity):
        """Keep in the history that a sales manager took units off a declared withdrawal.

        :param float quantity: units that are left, in the sold line's unit
        :raise UserError: anybody else would
        """
        rmas = self.rma_id._filter_declared()
        lines = self.filtered(lambda line: line.rma_id in rmas)
        if not lines or self.env.su:
            return
        if not rmas._may_lessen_withdrawals():
            raise UserError(
                self.env._(
                    "%(product)s on %(rma)s was withdrawn by the consumer: it cannot become less. "
                    "Refund it, or give the ground of article 16 on which it is refused; a sales "
                    "manager can take off what the consumer keeps after all.",
                    product=lines[0].product_id.display_name,
                    rma=lines[0].rma_id.name,
                )
            )
        for line in lines:
            line.rma_id._message_log(
                body=self.env._(
                    "%(product)s: %(before)s withdrawn, %(after)s left on the return.",
                    product=line.product_id.display_name,
                    before=format_quantity(self.env, line.quantity),
                    after=format_quantity(self.env, quantity),
                )
            )
