from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.quantity_field import format_quantity


class SaleRma(models.Model):
    """Exchange orders of returns."""

    _inherit = "sale.rma"

    def _prepare_exchange_order_vals(self, items):
        """Return the values of the order that sends other goods instead.

        :param list items: (return line, product, quantity in the product's own unit, or in the
            sold line's one for the same product, agreed price of one unit or none)
        """
        self.ensure_one()
        return {
            **self._prepare_exchange_header_vals(),
            "order_line": [
                Command.create(line._prepare_exchange_line_vals(product, quantity, price))
                for line, product, quantity, price in items
            ],
        }

    def _prepare_exchange_header_vals(self):
        """Return the values of the order that sends other goods instead, without its lines."""
        self.ensure_one()
        order = self.order_id
        vals = {
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "partner_invoice_id": order.partner_invoice_id.id,
            "partner_shipping_id": self._get_exchange_address().id,
            "pricelist_id": order.pricelist_id.id,
            "fiscal_position_id": order.fiscal_position_id.id,
            "payment_term_id": order.payment_term_id.id,
            "user_id": order.user_id.id,
            "team_id": order.team_id.id,
            "warehouse_id": order._get_rma_warehouse().id,
            "client_order_ref": order.client_order_ref,
            "origin": self.name,
            "source_rma_id": self.id,
        }
        if "website_id" in order._fields:  # the shop it was bought in (website_sale)
            vals["website_id"] = order.website_id.id
        return vals

    def _get_exchange_address(self):
        """Return where goods are sent instead: where the others come from, and never to a relay
        shop, which the customer chose for one parcel."""
        self.ensure_one()
        address = self.partner_shipping_id
        if not address or self.order_id._is_relay_shop(address):
            return self.order_id._get_rma_home_address()
        return address

    def _get_exchange_carrier_proposed(self):
        """Override: what is sent instead goes as the order went, if that method still works; not
        to a relay shop, as it goes home."""
        # sudo: the method the customer chose, whoever processes the return
        carrier = self.order_id.sudo().carrier_id
        if not carrier.active or self.order_id._is_relay_shop(carrier):
            return super()._get_exchange_carrier_proposed()
        return carrier.with_env(self.env)

    def _check_exchange_carrier(self, carrier):
        """:raise UserError: the delivery method brings parcels to relay shops only"""
        self.ensure_one()
        address = self._get_exchange_address()
        if self.order_id._is_relay_shop(carrier) and not self.order_id._is_relay_shop(address):
            raise UserError(
                self.env._(
                    "%(carrier)s brings parcels to relay shops, but what is sent instead on "
                    "%(rma)s goes to %(address)s: choose another delivery method for it.",
                    carrier=carrier.name,
                    rma=self.name,
                    address=address.display_name,
                )
            )

    def _create_exchange_orders(self, items_by_rma, carriers):
        """Create and confirm the exchange orders, with their delivery method, and invoice what
        their products' policy lets be invoiced now.

        :param dict items_by_rma: {return: items of `_prepare_exchange_order_vals`}
        :param dict carriers: {return: `delivery.carrier`}
        :return: the confirmed `sale.order`s
        """
        # R9: the return's rights were checked; its order may belong to a colleague
        orders = self._get_program_model("sale.order").create(
            [
                rma._prepare_exchange_order_vals(items)
                for rma, items in items_by_rma.items()
                if items
            ]
        )
        for order in orders:
            if carrier := carriers.get(order.source_rma_id):
                order.source_rma_id._check_exchange_carrier(carrier)
                # the customer paid for sending once: the exchange travels free
                order.set_delivery_line(carrier, 0.0)
        if orders:
            # sudo: what was kept goes to the order that sends it (R9)
            kept = orders.source_rma_id.sudo().line_ids._get_hold_moves()
            kept._action_cancel()
            orders.action_confirm()
            orders._invoice_exchange()
            kept.rma_hold_line_id._sync_exchange_hold()  # what is still to be sent
        return orders

    def _get_exchange_amount(self, items):
        """Return what the exchange order of these items will cost, tax included, in the order's
        currency: told by an order that is never saved."""
        self.ensure_one()
        if not items:
            return 0.0
        order = self._get_program_model("sale.order").new(self._prepare_exchange_order_vals(items))
        return order.amount_total

    def _get_exchange_prices(self, line, products):
        """Return {product: what one unit of it costs instead of a returned item, tax included, in
        the order's currency}, told by an order that is never saved.

        :param line: the returned item
        """
        self.ensure_one()
        items = [(line, product, 1.0, None) for product in products]
        order = self._get_program_model("sale.order").new(self._prepare_exchange_order_vals(items))
        priced = zip(products, order.order_line, strict=True)
        return {product: order_line.price_total for product, order_line in priced}

    def _reconcile_exchange(self, lines, invoices):
        """Set invoices of exchange orders against credit notes of the return, in each currency.
        Odoo would set different currencies against each other at today's rate, which is neither
        what was credited nor what is owed: that is left to accounting, and told.

        :param lines: open receivable `account.move.line`s of one account
        :param invoices: the exchange orders'
        """
        self.ensure_one()
        for own in lines.grouped("currency_id").values():
            if own.move_id & invoices and own.move_id - invoices:
                own.reconcile()
        left = lines.filtered(lambda line: not line.reconciled)
        owed = left.filtered(lambda line: line.move_id in invoices)
        if owed and len(left.currency_id) > 1 and left - owed:
            text = self.env._(
                "%(invoices)s and %(credits)s are in different currencies: they are not set "
                "against each other. Accounting reconciles them at the rate that was agreed.",
                invoices=", ".join(owed.move_id.mapped("name")),
                credits=", ".join((left - owed).move_id.mapped("name")),
            )
            self._log_history("exchanged", {self.id: text})

    def _log_exchanged(self, orders):
        """Write what was sent instead to the history."""
        bodies = defaultdict(Markup)
        for order in orders:
            items = ", ".join(
                f"{format_quantity(self.env, line.product_uom_qty)} {line.product_id.display_name}"
                for line in order.order_line
                if line.source_rma_line_id
            )
            bodies[order.source_rma_id.id] += Markup("<div>%s</div>") % self.env._(
                "Exchanged for %(items)s with order %(order)s", items=items, order=order.name
            )
        # sudo: what was done is told in the history, whoever did it
        self.browse(bodies).sudo()._log_history("exchanged", bodies)
