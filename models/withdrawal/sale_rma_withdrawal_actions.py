from odoo import models
from odoo.exceptions import UserError


class SaleRmaWithdrawal(models.Model):
    """What colleagues do with a withdrawal."""

    _inherit = "sale.rma.withdrawal"

    def action_check(self):
        """Open the dialog in which a colleague says what becomes of the withdrawal.

        :raise AccessError: for anybody but salespeople who may see the withdrawal
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check %(withdrawal)s", withdrawal=self.name),
            "res_model": "sale.rma.withdrawal.check",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_withdrawal_id": self.id, "dialog_size": "medium"},
        }

    def action_send_receipt(self):
        """Send the acknowledgement once more, to the address given in the statement.

        :raise AccessError: for anybody but salespeople who may see the withdrawal
        :raise UserError: it was sent often enough within the hour
        """
        self = self.browse(set(self.ids))  # said twice, sent once
        self.check_access("read")
        self.env["sale.rma"].check_access("create")
        self._check_submitted()
        if any(not withdrawal.email for withdrawal in self):
            raise UserError(
                self.env._(
                    "No e-mail address was given: print the receipt and send it by post instead."
                )
            )
        self._check_sent_by_hand()
        # sudo: rights were checked; posting needs more than reading
        for withdrawal in self.sudo():
            is_waiting = withdrawal.receipt_state == "held"
            if not is_waiting or not withdrawal._write_acknowledgement(withdrawal.matched_order_id):
                withdrawal._mail_receipt()
        return True

    def action_download_receipt(self):
        """Download the acknowledgement: the very file that was mailed.

        :raise AccessError: for anybody but salespeople who may see the withdrawal
        :raise UserError: the server cannot make PDF
        """
        self.ensure_one()
        self.check_access("read")
        self.env["sale.rma"].check_access("create")
        self._check_submitted()
        receipt = self.sudo()._get_receipt_pdf()  # rights were checked; it may have to be made
        if not receipt and self._is_receipt_altered():
            # refused by what is opened, not by an error: that would undo that colleagues are told
            return self._notify_altered_receipt()
        if not receipt:
            raise UserError(
                self.env._("There is no PDF of this receipt: the server could not make one.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{receipt.id}?download=true",
            "target": "download",
        }

    def action_view_returns(self):
        """Open the returns of the withdrawal, as far as the user may see them."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_action")
        action["domain"] = [("id", "in", self.rma_ids.ids)]
        action["context"] = {}  # all of them, not only those that wait
        if len(self.rma_ids) == 1:
            action.update(res_id=self.rma_ids.id, views=[(False, "form")])
        return action
