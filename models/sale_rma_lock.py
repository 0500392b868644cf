import time

from odoo import models
from odoo.exceptions import LockError

# Seconds for which somebody waits while another works on the same order, and between the tries.
LOCK_WAIT, LOCK_PAUSE = 3.0, 0.05


class SaleRma(models.Model):
    """Nobody works on an order's returns while somebody else does."""

    _inherit = "sale.rma"

    def _lock(self, orders=None):
        """Lock the returns and their orders, so that what is read stays true (R1, R6). Waits for a
        moment: once the other one is done, this transaction is tried again and decides on what is
        true then.

        :param orders: further orders of which something is claimed or comes back
        :raise LockError: somebody else is working on one of them at this moment
        """
        # sudo: locked only
        orders = self.sudo().order_id | (orders or self.env["sale.order"])
        if not orders:
            return
        last_try = time.monotonic() + LOCK_WAIT
        while not orders._try_lock_for_rmas(self):
            if time.monotonic() >= last_try:
                raise LockError(
                    self.env._(
                        "Somebody else is working on %(rmas)s at this moment: try again.",
                        rmas=", ".join(self.mapped("name") or orders.mapped("name")),
                    )
                )
            time.sleep(LOCK_PAUSE)
