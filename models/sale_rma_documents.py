from odoo import models


class SaleRma(models.Model):
    """Ways from a return to the documents it belongs to."""

    _inherit = "sale.rma"

    def action_view_order(self):
        """Open the order that is returned."""
        return self._open_documents(self.order_id, "sale.action_orders")

    def action_view_pickings(self):
        """Open the receipts and transfers of the return."""
        return self._open_documents(self.picking_ids, "stock.action_picking_tree_all")

    def action_view_refunds(self):
        """Open the credit notes of the return; without accounting rights, as the customer sees
        them, since Odoo's form of a credit note asks for these rights."""
        if len(self.refund_ids) == 1 and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            self.check_access("read")
            # the link of a document of a return that was just checked
            url = self.refund_ids.sudo().get_portal_url()
            return {"type": "ir.actions.act_url", "target": "new", "url": url}
        return self._open_documents(self.refund_ids, "account.action_move_out_refund_type")

    def action_view_exchange_orders(self):
        """Open the orders that send other goods instead."""
        return self._open_documents(self.exchange_order_ids, "sale.action_orders")

    def action_preview(self):
        """Open the return as the customer sees it."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    def _open_documents(self, documents, xmlid):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["context"] = {"create": False}
        action["domain"] = [("id", "in", documents.ids)]
        if len(documents) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = documents.id
        return action
