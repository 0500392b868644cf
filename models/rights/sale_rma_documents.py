from odoo import models
from odoo.exceptions import AccessError, UserError

from .sale_rma import DOCUMENT_GROUPS

REFUND_ACTION = "account.action_move_out_refund_type"


class SaleRma(models.Model):
    """Ways from a return to the documents it belongs to."""

    _inherit = "sale.rma"

    def action_view_order(self):
        """Open the order that is returned.

        :raise AccessError: no right to read it
        """
        return self._open_documents("order_id", "sale.action_orders")

    def action_view_pickings(self):
        """Open the receipts and transfers of the return.

        :raise AccessError: no right to read them
        """
        return self._open_documents("picking_ids", "stock.action_picking_tree_all")

    def action_view_refunds(self):
        """Open the credit notes of the return; without accounting rights, as the customer sees
        them, since Odoo's form of a credit note asks for these rights.

        :raise AccessError: no right in accounting, nor to change the return: the customer's view
            of a credit note is the customer's key to it
        """
        self.check_access("read")
        refunds = self._get_documents("refund_ids")
        if self._filter_viewable("refund_ids", refunds) or not self._may_act_for_customer():
            return self._open_documents("refund_ids", REFUND_ACTION)
        if len(refunds) == 1:
            # sudo: who may act for the customer may have the customer's link
            url = refunds.sudo().get_portal_url()
            return {"type": "ir.actions.act_url", "target": "new", "url": url}
        if len(self) != 1:
            raise UserError(self.env._("Open the credit notes of one return at a time."))
        return self.action_preview()

    def action_view_exchange_orders(self):
        """Open the orders that send other goods instead.

        :raise AccessError: no right to read them
        """
        return self._open_documents("exchange_order_ids", "sale.action_orders")

    def action_preview(self):
        """Open the return as the customer sees it; with the customer's key only for those who may
        act for the customer."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    def _open_documents(self, name, xmlid):
        """Open the documents of a field, as far as the user may see them.

        :raise AccessError: there are some, and none the user may see; it says who can
        """
        self.check_access("read")
        documents = self._get_documents(name)
        viewable = self._filter_viewable(name, documents)
        if documents and not viewable:
            raise AccessError(self._get_closed_message(name, documents))
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["context"] = {"create": False}
        action["domain"] = [("id", "in", viewable.ids)]
        if len(viewable) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = viewable.id
        return action

    def _get_closed_message(self, name, documents):
        """Return in words who can open documents that this user cannot."""
        rmas = ", ".join(self.mapped("name"))
        if name == "picking_ids":
            return self.env._("The transfers of %(rmas)s are for inventory and sales.", rmas=rmas)
        if name == "refund_ids":
            return self.env._(
                "The credit notes of %(rmas)s are for accounting, and for those who may process "
                "the return.",
                rmas=rmas,
            )
        # sudo: whom to ask
        owners = documents.sudo().user_id
        if not owners or not self.env.user.has_groups(DOCUMENT_GROUPS[name]):
            return self.env._("The orders of %(rmas)s are for sales and accounting.", rmas=rmas)
        return self.env._(
            "The orders of %(rmas)s are for %(owners)s, and for those with the right to all "
            "documents.",
            rmas=rmas,
            owners=", ".join(owners.mapped("name")),
        )
