import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from odoo.addons.sale_rma.models.recall.sale_rma import REMEDIES

# Words that make a hazard sound smaller, in the languages of the mails: a recall notice must not
# use them, nor say that no accident was reported (GPSR art. 36 (2) c).
SOOTHING = re.compile(
    r"\b(?:voluntar|precaution|discretionar|volontair|précaution|freiwillig|vorsorg|vorsicht|"
    r"voluntari|precauci|volontari|precauzion|vrijwillig|voorzorg)\w*"
    r"|\b(?:rare|specific|seltenen|bestimmten|spezifischen|rari|raros|zeldzame|specifieke)\s"
    r"(?:situat|case|cas|fäll|situaz|situac|casi|geval)\w*"
    r"|\b(?:no|aucun) (?:accident|incident)\w*|\bkeine (?:unfäll|zwischenfäll)\w*"
    r"|\bnessun incident\w*|\bning[uú]n accident\w*|\bgeen ongeval\w*",
    re.IGNORECASE,
)


class SaleRmaRecall(models.TransientModel):
    """Recall of a product or lot that is not safe: returns are opened for all its buyers, and what
    is in stock is held (docs/law.md N8)."""

    _name = "sale.rma.recall"
    _description = "Recall of a Product"
    _inherit = ["sale.rma.incoming"]

    product_id = fields.Many2one(comodel_name="product.product", required=True)
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots/Serials",
        domain="[('product_id', '=', product_id)]",
        help="Only these are recalled. Empty: all that was ever delivered.",
    )
    tracking = fields.Selection(related="product_id.tracking")
    reason = fields.Text(
        string="Hazard",
        required=True,
        help="What is dangerous and what can happen, in plain words; printed in the notice.",
    )
    remedies = fields.Selection(
        selection=REMEDIES,
        string="Customer's Choice",
        required=True,
        default="refund_replacement",
        help="Customers of a recalled product choose between two remedies at least.",
    )
    summary = fields.Char(compute="_compute_summary")

    # === COMPUTE METHODS === #

    @api.depends("product_id", "lot_ids")
    def _compute_summary(self):
        """Say whom the recall reaches before it is opened."""
        for wizard in self:
            if not wizard.product_id:
                wizard.summary = ""
                continue
            orders = wizard._get_recalled_quantities().keys()
            stock = self.env["stock.quant"].sudo()  # a number, told to who recalls the product
            quants = stock.search(
                stock._get_recalled_domain(
                    wizard.product_id._origin, wizard.lot_ids._origin, self.env.companies
                )
            )
            wizard.summary = self.env._(
                "%(orders)s orders in %(companies)s have it with a customer; %(stock)s %(unit)s in "
                "stock will be held.",
                orders=len({sold.order_id for sold in orders}),
                companies=", ".join(self.env.companies.mapped("name")),
                stock=sum(quants.mapped("quantity")),
                unit=wizard.product_id.uom_id.name,
            )

    # === ACTIONS === #

    def action_open(self):
        """Open and accept the returns of all buyers, tell them, and hold what is in stock. Opened
        a second time only what was not recalled yet is.

        :return: act_window on the recalls of the product
        :raise AccessError: for anybody but sales managers
        :raise UserError: no hazard, one told in soothing words, a lot of another product
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers can recall a product."))
        self._check_notice()
        quantities = self._get_recalled_quantities(lock=True)
        self._turn_open_returns()
        self.env["stock.quant"]._hold_recalled(self.product_id, self.lot_ids, self.env.companies)
        rmas = self._create_returns(quantities)
        rmas.action_accept()
        rmas.filtered(lambda rma: not rma.email)._ask_to_tell_recall()
        action = self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_action")
        action["domain"] = [
            ("rma_type", "=", "recall"),
            ("line_ids.sale_line_id", "in", self._get_sold_lines().ids),
        ]
        action["context"] = {}
        return action

    # === CHECKS === #

    def _check_notice(self):
        """:raise UserError: no hazard, one told in soothing words, a lot of another product"""
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Say what is dangerous: customers have to be told. Fill in the hazard.")
            )
        if words := [match[0] for match in SOOTHING.finditer(self.reason)]:
            raise UserError(
                self.env._(
                    "A recall notice must not make the danger sound smaller: leave out %(words)s.",
                    words=", ".join(words),
                )
            )
        if strangers := self.lot_ids.filtered(lambda lot: lot.product_id != self.product_id):
            raise UserError(
                self.env._(
                    "%(lots)s is not a lot of %(product)s: choose lots of the recalled product.",
                    lots=", ".join(strangers.mapped("name")),
                    product=self.product_id.display_name,
                )
            )

    # === BUYERS === #

    def _get_sold_lines(self):
        """Return the sold lines by which the product, or one of its lots, was sent; of a kit, by
        what is in it."""
        domain = Domain("product_id", "=", self.product_id._origin.id)
        domain &= Domain("state", "=", "done") & Domain("move_id.sale_line_id", "!=", False)
        domain &= Domain("company_id", "in", self.env.companies.ids)
        if lots := self.lot_ids._origin:
            domain &= Domain("lot_id", "in", lots.ids)
        # sudo: who recalls a product finds its buyers, with no rights on stock
        lines = self.env["stock.move.line"].sudo().search(domain).move_id.sale_line_id
        return lines.filtered(lambda line: line._is_returnable("recall"))

    def _get_open_items(self, sold_lines, domain):
        """Return the returned items of these sold lines, of the lots recalled or of no lot."""
        items = self.env["sale.rma.line"].sudo()  # other people's returns too
        items = items.search(Domain("sale_line_id", "in", sold_lines.ids) & domain)
        lots = self.lot_ids._origin
        return items.filtered(lambda item: not lots or not item.lot_ids or item.lot_ids & lots)

    def _get_recalled_quantities(self, lock=False):
        """Return {sold line: (units to recall, lots)}, in the sold line's unit: what customers
        have, is on no live return and was not recalled before.

        :param bool lock: nobody else may return units of these orders meanwhile (R1)
        """
        sold_lines = self._get_sold_lines()
        if lock:
            self.env["sale.rma"]._lock(sold_lines.order_id)
        sendable = sold_lines._get_qty_sendable()
        before = Domain("rma_id.rma_type", "=", "recall") & Domain("rma_id.state", "=", "done")
        live = Domain("state", "in", self.env["sale.rma"]._get_live_states())
        # sudo: lots are stock's; who has one is the recall's to find
        left, named = defaultdict(float), defaultdict(self.env["stock.lot"].sudo().browse)
        for item in self._get_open_items(sold_lines, before | live):
            named[item.sale_line_id] |= item.lot_ids
            if item.state == "done":
                left[item.sale_line_id] += max(item.quantity - item.qty_received, 0.0)
        quantities = {}
        for sold in sold_lines:
            lots = self._get_lots_at_customer(sold)
            quantity = sendable[sold] - left[sold]
            if self.lot_ids:
                lots = {lot: units for lot, units in lots.items() if lot not in named[sold]}
                quantity = min(quantity, sold._get_rma_recalled_units(lots))
            if sold.product_uom_id.compare(quantity, 0.0) > 0:
                is_own = self.lot_ids and sold.product_id == self.product_id._origin
                quantities[sold] = quantity, list(lots) if is_own else []
        return quantities

    def _get_lots_at_customer(self, sold):
        """Return {recalled lot: units the customer has}, in the product's own unit."""
        lots = self.lot_ids._origin
        if not lots:
            return {}
        back = sold.move_ids.filtered(lambda move: move.state == "done")
        back = back._get_lots_back_from_customer()
        return {lot: -units for lot, units in back.items() if units < 0 and lot in lots}

    # === RETURNS === #

    def _create_returns(self, quantities):
        """Create a return for each order.

        :param dict quantities: {sold line: (units, lots)}, see `_get_recalled_quantities`
        """
        items = defaultdict(list)
        for sold, (quantity, lots) in quantities.items():
            lot_ids = [Command.set([lot.id for lot in lots])]
            vals = sold._prepare_rma_line_vals(quantity, lot_ids=lot_ids)
            items[sold.order_id].append(Command.create(vals))
        # sudo: only the program opens recalls; the rights were checked. The customers follow their
        # returns, not who opens hundreds of them.
        returns = self.env["sale.rma"].sudo().with_context(mail_create_nosubscribe=True)
        vals = returns._prepare_recall_vals(self.reason.strip(), self.remedies)
        created = returns.create(
            [
                {**vals, "order_id": order.id, "line_ids": commands}
                for order, commands in items.items()
            ]
        )
        return created.with_context(mail_create_nosubscribe=False)

    def _turn_open_returns(self):
        """Make recalls of open returns of which all is recalled; of the others, colleagues are
        told. What was withdrawn from is given back whole anyway."""
        live = Domain("state", "in", self.env["sale.rma"]._get_live_states())
        kinds = Domain("rma_id.rma_type", "in", ("return", "claim"))
        items = self._get_open_items(self._get_sold_lines(), live & kinds)
        rmas = items.rma_id
        whole = rmas.filtered(lambda rma: rma.line_ids <= items)
        whole._turn_into_recall(self.reason.strip(), self.remedies)
        (rmas - whole)._ask_to_look_at_recall(self.product_id)
