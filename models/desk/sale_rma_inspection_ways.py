from odoo import models
from odoo.exceptions import UserError


class SaleRmaInspection(models.Model):
    """Places that dispositions lead to."""

    _inherit = "sale.rma.inspection"

    def _get_destination(self):
        """Return the location where a piece goes by its disposition."""
        self.ensure_one()
        warehouse, disposition = self.parcel_id.warehouse_id, self.disposition_id
        if disposition.action == "restock":
            if self.rma_line_id:
                return self.rma_line_id._get_restock_location(warehouse)
            return warehouse.lot_stock_id
        if disposition.action in ("refurbish", "quarantine"):
            return warehouse._get_rma_place(disposition)
        if disposition.action == "supplier":
            return self._get_supplier().property_stock_supplier
        if disposition.action == "customer":
            order = self.rma_id.order_id
            partner = order.partner_shipping_id.with_company(order.company_id)
            return partner.property_stock_customer
        return warehouse.rma_location_id

    def _get_supplier(self):
        """Return who sold us the product: by the purchase, else by the price list.

        :raise UserError: nobody is known
        """
        self.ensure_one()
        purchase = self._get_purchase_move()
        supplier = purchase.picking_id.partner_id or self.product_id.seller_ids[:1].partner_id
        if not supplier:
            raise UserError(
                self.env._(
                    "%(product)s: no supplier is known. Add one under Purchase on the product, or "
                    "choose another disposition.",
                    product=self.product_id.display_name,
                )
            )
        return supplier.with_company(self.company_id)

    def _get_purchase_move(self):
        """Return the receipt by which it was bought, the very lot's first; none without
        `purchase_stock`, which is no dependency."""
        self.ensure_one()
        moves = self.env["stock.move"]
        if "purchase_line_id" not in moves._fields:
            return moves
        domain = [
            ("product_id", "=", self.product_id.id),
            ("purchase_line_id", "!=", False),
            ("state", "=", "done"),
            ("company_id", "=", self.company_id.id),
            ("location_id.usage", "=", "supplier"),
        ]
        if self.lot_id:
            lots = [*domain, ("move_line_ids.lot_id", "=", self.lot_id.id)]
            if move := moves.search(lots, order="date desc, id desc", limit=1):
                return move
        return moves.search(domain, order="date desc, id desc", limit=1)

    def _get_operation_type(self):
        self.ensure_one()
        warehouse = self.parcel_id.warehouse_id
        leaving = self.disposition_id.action in ("supplier", "customer")
        return warehouse.out_type_id if leaving else warehouse.int_type_id

    def _get_transfer_partner(self):
        self.ensure_one()
        if self.disposition_id.action == "supplier":
            return self._get_supplier()
        if self.disposition_id.action == "customer":
            rma = self.rma_id
            return rma.partner_shipping_id or rma.partner_id
        return self.env["res.partner"]
