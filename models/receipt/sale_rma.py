from collections import defaultdict
from datetime import datetime, time

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.quantity_field import format_quantity


class SaleRma(models.Model):
    """Goods of returns: planned receipts, their reception, putting back to stock."""

    _inherit = "sale.rma"

    # === ACTIONS === #

    def action_plan_receipt(self):
        """Plan the receipt anew where the warehouse cancelled or deleted it."""
        self._start_action("plan_receipt")
        self._plan_receipts()
        return True

    # === PLANNING === #

    def _plan_receipts(self):
        """Plan a receipt for what the returns wait for and no planned receipt covers yet. What
        came back before they were opened is theirs first."""
        self.line_ids._claim_arrived()
        quantities = {}
        for line in self.line_ids:
            if line.product_id.type == "service":
                continue
            awaited, planned = line._get_products_awaited(), line._get_products_planned()
            missing = {
                product: quantity - planned.get(product, 0.0)
                for product, quantity in awaited.items()
                if product.uom_id.compare(quantity, planned.get(product, 0.0)) > 0
            }
            if missing:
                quantities[line, line.rma_id.warehouse_id] = missing
        return self._create_receipts(quantities)

    def _replan_receipts(self):
        """Plan again what accepted returns wait for, after their items changed."""
        rmas = self.filtered(lambda rma: rma.state in rma._get_receiving_states())
        rmas.line_ids._cancel_planned_moves()
        rmas._plan_receipts()
        (self - rmas).filtered(lambda rma: rma.state == "requested").line_ids._claim_arrived()

    def _plan_what_did_not_come(self):
        """Plan receipts for what is still waited for, as something else came with the others."""
        self.filtered(lambda rma: rma.state in rma._get_receiving_states())._plan_receipts()

    def _create_receipts(self, quantities):
        """Create and confirm the receipts of these quantities, one for each return and warehouse.

        :param dict quantities: {(return line, warehouse): {product: quantity in its own unit}}
        :return: the planned `stock.picking`
        """
        if not quantities:
            return self.env["stock.picking"]
        moves_by_receipt = defaultdict(list)
        lines = self.env["sale.rma.line"].union(*(line for line, _warehouse in quantities))
        # sudo: read ahead for what Odoo asks move by move
        delivered = lines.sudo().sale_line_id.move_ids
        delivered._read_at_once()
        delivered.returned_move_ids.mapped("state")
        for (line, warehouse), products in quantities.items():
            moves_by_receipt[line.rma_id, warehouse] += line._prepare_receipt_moves(
                warehouse, products
            )
        # whoever may accept a return has its receipt planned, also without stock rights, and
        # follows the return, not the receipt
        pickings = self._create_documents(
            "stock.picking",
            [
                rma._prepare_receipt_vals(warehouse, moves)
                for (rma, warehouse), moves in moves_by_receipt.items()
                if moves
            ],
            defaults=lines.rma_id._get_receipt_defaults(),
            mail_create_nosubscribe=True,
        )
        if pickings:
            pickings.action_confirm()
            pickings.action_assign()
            pickings.move_ids.rma_line_id._limit_receipt_to_lots()
        return pickings

    def _prepare_receipt_vals(self, warehouse, moves):
        """Return the values of a receipt; `moves` are those of its moves."""
        self.ensure_one()
        self._check_can_receive(warehouse)
        return {
            "picking_type_id": warehouse.in_type_id.id,
            "partner_id": (self.partner_shipping_id or self.partner_id).id,
            "origin": self.name,
            "rma_id": self.id,
            "company_id": self.company_id.id,
            "location_id": moves[0]["location_id"],
            "location_dest_id": warehouse.rma_location_id.id,
            "user_id": False,
            "move_ids": [Command.create(vals) for vals in moves],
        }

    def _get_receipt_defaults(self):
        """Return what has receipts planned for the first day that the books are open, where they
        are closed today: Odoo plans no transfer in a closed period. Mostly nothing."""
        get_today = self.env["sale.rma.clock"]._get_company_day
        # sudo: the companies' lock dates, whoever accepts
        companies = self.sudo().company_id
        today = max(get_today(company) for company in companies)
        first_open = max(company._get_first_open_day(today) for company in companies)
        if first_open == today:
            return {}
        moment = datetime.combine(first_open, time(12))
        return {"default_date": moment, "default_scheduled_date": moment}

    def _check_can_receive(self, warehouse):
        self._check_warehouse_company(warehouse)
        if not warehouse.rma_location_id:
            raise UserError(
                self.env._(
                    "The warehouse of %(rma)s has no Returns location: choose a warehouse, or set "
                    "the location on it under Inventory, Configuration, Warehouses.",
                    rma=self.name,
                )
            )

    def _check_warehouse_company(self, warehouse):
        """Told before anything is created: another company's receipts may have the same names."""
        company = warehouse.sudo().company_id  # named to whom it is closed
        if company != self.company_id:
            raise UserError(
                self.env._(
                    "%(warehouse)s is a warehouse of %(other)s, but %(rma)s is a return of "
                    "%(company)s: choose a warehouse of %(company)s.",
                    warehouse=warehouse.sudo().name,
                    other=company.name,
                    rma=self.name,
                    company=self.company_id.name,
                )
            )

    # === ARRIVAL === #

    def _receive(self, quantities):
        """Receive goods now, straight to stock as far as they are put back.

        :param dict quantities: {(return line, warehouse): (quantity received, of these put back)}
            in the sold line's unit
        :return: the done receipts
        """
        arriving = {
            (line, warehouse): line._get_products_awaited(line.qty_received + received)
            for (line, warehouse), (received, _restocked) in quantities.items()
        }
        self._check_customer_has(arriving)
        # sudo: read ahead for what is asked move by move
        self.sudo().line_ids.move_ids._read_at_once()
        missing = {}
        for (line, warehouse), products in arriving.items():
            if short := line._reserve_planned(warehouse, products):
                missing[line, warehouse] = short
        self._create_receipts(missing)
        # sudo: R9, who may process a return receives on it without stock rights
        moves = self.env["stock.move"].sudo()
        to_stock = defaultdict(moves.move_line_ids.browse)
        for (line, warehouse), (_received, restocked) in quantities.items():
            products = arriving[line, warehouse]
            moves |= line._set_arrived(warehouse, products, restocked, to_stock)
        moves.picked = True
        self._check_serials_awaited(moves)
        for location, move_lines in to_stock.items():
            move_lines.location_dest_id = location
        pickings = moves.picking_id
        # what the dock has filled in but not validated is not what the screen says
        (pickings.move_ids - moves).filtered("picked").picked = False
        if pickings:
            pickings._action_done()
        return pickings

    def _check_customer_has(self, arriving):
        """Nothing is received twice (R1): what came back by another document is not received.

        :param dict arriving: {(return line, warehouse): {product: quantity in its own unit}}
        :raise UserError: the customer does not have as much
        """
        lines = self.env["sale.rma.line"].union(*(line for line, _warehouse in arriving))
        # sudo: quantities only
        at_customer = lines.sudo().sale_line_id._get_products_at_customer()
        for (line, _warehouse), products in arriving.items():
            # sudo: a key only
            left = at_customer[line.sudo().sale_line_id]
            for product, quantity in products.items():
                if product.uom_id.compare(quantity, left.get(product, 0.0)) > 0:
                    raise UserError(line._get_not_at_customer_message(product, quantity, left))
                left[product] = left.get(product, 0.0) - quantity

    def _put_back(self, quantities):
        """Move goods that came earlier from Returns to a warehouse's stock.

        :param dict quantities: {(return line, warehouse): quantity in the sold line's unit}
        :return: the done `stock.picking`
        """
        if not quantities:
            return self.env["stock.picking"]
        moves_by_transfer = defaultdict(list)
        quants = self._get_returns_quants(quantities)
        for (line, warehouse), quantity in quantities.items():
            line.rma_id._check_warehouse_company(warehouse)
            for source, moves in line._prepare_put_back_moves(warehouse, quantity, quants).items():
                location = line._get_restock_location(warehouse)
                moves_by_transfer[line.rma_id, source, warehouse, location] += moves
        # the processing screen checked the rights on the return
        pickings = self._create_documents(
            "stock.picking",
            [
                {
                    "picking_type_id": warehouse.int_type_id.id,
                    "origin": rma.name,
                    "rma_id": rma.id,
                    "company_id": rma.company_id.id,
                    "location_id": source.id,
                    "location_dest_id": location.id,
                    "user_id": False,
                    "move_ids": [Command.create(vals) for vals in moves],
                }
                for (rma, source, warehouse, location), moves in moves_by_transfer.items()
            ],
        )
        if pickings:
            pickings.action_confirm()
            pickings._action_done()
        return pickings

    def _get_returns_quants(self, quantities):
        """Return `stock.quant` with what is in the Returns locations of these items at hand."""
        quants = self.env["stock.quant"].sudo()  # read to check what the screen asks for
        products = self.env["product.product"].union(
            *(product for line, _wh in quantities for product in line.sudo().move_ids.product_id)
        )
        returns = self.env["stock.warehouse"]._get_rma_locations()
        return quants.with_context(
            quants_cache=quants._get_quants_by_products_locations(products, returns)
        )

    def _log_restocked(self, quantities):
        """Write what was put back, how much of it and where to the history.

        :param dict quantities: {(return line, warehouse): quantity in the sold line's unit}
        """
        bodies = defaultdict(Markup)
        for (line, warehouse), quantity in quantities.items():
            if line.product_uom_id.is_zero(quantity):
                continue
            bodies[line.rma_id.id] += Markup("<div>%s</div>") % self.env._(
                "%(quantity)s %(unit)s %(product)s back to stock in %(warehouse)s",
                quantity=format_quantity(self.env, quantity),
                unit=line.product_uom_id.name,
                product=line.product_id.display_name,
                warehouse=warehouse.name,
            )
        # sudo: what was done is told in the history, whoever did it
        self.browse(bodies).sudo()._log_history("restocked", bodies)

    def _has_arrivals(self):
        """Whether anything is here, if only a part of a kit."""
        self.ensure_one()
        return any(any(line._get_products_back().values()) for line in self.line_ids)

    def _give_up_awaited(self):
        """Cancel the planned receipts of goods that will not come any more."""
        self.line_ids._cancel_planned_moves()
