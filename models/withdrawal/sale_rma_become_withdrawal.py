from odoo import fields, models


class SaleRma(models.Model):
    """An open return that becomes the withdrawal which its customer declared."""

    _inherit = "sale.rma"

    def _turn_into_withdrawal(self, at):
        """Make a withdrawal of an accepted commercial return, with the clock of the statement.

        :param datetime at: when the statement was submitted
        """
        self.ensure_one()
        self._lock()
        # sudo: the statement does it, whoever's return it is
        rma = self.sudo()
        rma.write({"rma_type": "withdrawal", "date_informed": at, "date_expiry": False})
        rma.line_ids.qty_unsent = 0.0  # all of it was sent, and may be on its way back
        rma._set_expiry()
        rma._message_log(
            body=self.env._(
                "The consumer withdrew on %(date)s: this return is the withdrawal now.",
                date=fields.Datetime.to_string(at),
            )
        )

    def _add_withdrawn(self, lines):
        """Add what a statement covers besides to the return that was turned.

        :param list lines: dicts with `sale_line_id` and `quantity` in its unit
        """
        self.ensure_one()
        if not lines:
            return
        rma = self.sudo()  # see `_turn_into_withdrawal`
        rma.env["sale.rma.line"].create([{"rma_id": rma.id, **vals} for vals in lines])
        rma._hold_unsent()
