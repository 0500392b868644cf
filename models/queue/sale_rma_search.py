from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Serial numbers looked at: what is typed in part may fit thousands.
MOST_LOTS = 100


class SaleRma(models.Model):
    """Finding a return by what is on the parcel, in the mail or on the phone."""

    _inherit = "sale.rma"

    anything = fields.Char(
        string="Return",
        compute="_compute_anything",
        search="_search_anything",
        help="Reference, order, customer, e-mail, SKU, serial or tracking number.",
    )

    def _compute_anything(self):
        for rma in self:
            rma.anything = rma.name

    def _search_anything(self, operator, value):
        if operator not in ("=", "ilike", "like", "=ilike", "=like", "in"):
            return NotImplemented
        # as strange as any caller from outside has it
        terms = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        words = (str(term).replace("\0", "").strip() for term in terms if term)
        return Domain.OR(self._get_anything_domain(word) for word in words if word)

    @api.model
    def _get_anything_domain(self, term):
        """Return the domain of returns that have this text where people find it.

        :raise UserError: it looks like a reference and is mistyped
        """
        # `any!`: only returns that the user may see are searched; what is in their order, customer
        # and products may be looked for by whoever sees them
        customer = Domain.OR(
            Domain(name, "ilike", term) for name in ("name", "email", "commercial_company_name")
        )
        product = Domain("default_code", "ilike", term) | Domain("barcode", "=", term)
        product |= Domain("product_tmpl_id", "any!", Domain("name", "ilike", term))
        domains = [
            Domain("reference_search", "ilike", term),
            Domain("external_ref", "ilike", term),
            Domain("email", "ilike", term),
            Domain("tracking_ref", "ilike", term),
            Domain("order_id", "any!", self._get_order_text_domain(term)),
            Domain("partner_id", "any!", customer),
            Domain("line_ids", "any!", Domain("product_id", "any!", product)),
            Domain("picking_ids", "any!", Domain("carrier_tracking_ref", "ilike", term)),
        ]
        # sudo: numbers only, of returns that the user sees
        lots = self.env["stock.lot"].sudo().search([("name", "ilike", term)], limit=MOST_LOTS)
        if lots:
            moved = self.env["stock.move.line"].sudo().search([("lot_id", "in", lots.ids)])
            sold = moved.move_id.sale_line_id.order_id
            domains.append(Domain("line_ids", "any!", Domain("lot_ids", "in", lots.ids)))
            domains.append(Domain("order_id", "in", sold.ids))
        return Domain.OR(domains)

    @api.model
    def _get_order_text_domain(self, term):
        return Domain("name", "ilike", term) | Domain("client_order_ref", "ilike", term)

    # === SCANNED === #

    @api.model
    def open_scanned(self, code):
        """Open what a scanner read: the reference on the slip, a tracking or a serial number.

        :return: act_window on the return, or on a list of those that have it
        :raise UserError: nothing the user may see has it, or the reference is mistyped
        """
        code = str(code or "").strip()
        found = self.search(Domain("anything", "ilike", code), limit=80) if code else self
        exact = found.filtered(lambda rma: rma.name == code)
        found = exact or found
        if not found:
            raise UserError(
                self.env._(
                    "No return has %(code)s: neither as reference, order, SKU, serial nor tracking "
                    "number. It may be a colleague's.",
                    code=code,
                )
            )
        action = self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_action")
        if len(found) == 1:
            return {**action, "res_id": found.id, "view_mode": "form", "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", found.ids)], "context": {}}
