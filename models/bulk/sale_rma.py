from odoo import models


class SaleRma(models.Model):
    """Operations on any number of returns."""

    _inherit = "sale.rma"

    def action_bulk(self, operation):
        """Prepare an operation on many returns; its screen says first what it will do.

        :param str operation: `request`, `accept`, `process` (as requested), `refuse`, `cancel` or
            `print`
        :return: act_window on the `sale.rma.job`
        :raise UserError: no returns, or no such operation
        """
        self.check_access("read")
        jobs = self.env["sale.rma.job"]
        operation = self._read_choice(jobs, "operation", operation)
        return jobs._create_for(self, operation)._get_form_action()
