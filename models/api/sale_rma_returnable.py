from odoo import api, models

KINDS = ("return", "claim")


class SaleRma(models.Model):
    """What of an order can come back, for other programs, as the portal shows it (docs/api.md)."""

    _inherit = "sale.rma"

    @api.model
    def returnable(self, order_id):
        """Tell what of an order can come back and on which terms, by the rules of the portal.

        :param int order_id: the `sale.order`
        :return: dict with `order_id`, `name`, `currency`; `kinds`: for each kind its `resolutions`
            and `reasons`; `lines`: dicts with `sale_line_id`, `product_id`, `sku`, `name`, `unit`,
            `price_paid` (of one unit, tax included), and for each kind `quantity` (in the sold
            line's unit), `until` (last day to ask, None without a limit), `code` and `message`
            (why not more, in the user's language); `estimate`: what sending everything back now
            would give back, tax included
        :raise UserError: `order_id` is no id
        :raise AccessError: no right to read returns or the order
        """
        order = self._read_record("order_id", "sale.order", order_id)
        self.check_access("read")
        # sudo: what is told is what the order's customer sees; the right to read it was checked
        form = self.env["sale.rma.request"]
        asked = {kind: form._prepare(order.sudo(), kind) for kind in KINDS}
        withdrawals = order._get_withdrawal_offers()
        return {
            "order_id": order.id,
            "name": order.name,
            "currency": order.currency_id.name,
            "kinds": {kind: self._describe_kind(kind) for kind in KINDS},
            "lines": [
                self._describe_sold_line(line, offers, withdrawals)
                for line, *offers in zip(
                    asked["return"].lines, *(asked[kind].lines for kind in KINDS), strict=True
                )
            ],
            "estimate": self._estimate_all(form, asked["return"]),
        }

    @api.model
    def _describe_kind(self, kind):
        form = self.env["sale.rma.request"]
        return {
            "resolutions": list(form._get_wishes(kind)),
            "reasons": [
                {
                    "code": reason.code,
                    "name": reason.name,
                    "note_required": reason.note_required,
                    "photo_required": reason.photo_required,
                }
                for reason in form._get_reasons(kind)
            ],
        }

    @api.model
    def _describe_sold_line(self, line, offers, withdrawals):
        """:param offers: the `AskedLine`s of each of `KINDS`"""
        sold = line.sold
        return {
            "sale_line_id": sold.id,
            "product_id": sold.product_id.id,
            "sku": sold.product_id.default_code or "",
            "name": self.env["sale.rma.request"]._get_name(sold),
            "unit": sold.product_uom_id.name,
            "price_paid": line.price_paid,
            **{
                kind: self._describe_offer(asked.offer)
                for kind, asked in zip(KINDS, offers, strict=True)
            },
            "withdrawal": self._describe_offer(withdrawals[sold]),
        }

    @api.model
    def _describe_offer(self, offer):
        return {
            "quantity": offer.quantity,
            "until": offer.until.isoformat() if offer.until else None,
            "code": offer.code,
            "message": offer.message,
        }

    @api.model
    def _estimate_all(self, form, asked):
        """Return what would be given back if everything that can come back did, tax included."""
        for line in asked.lines:
            line.is_picked = line.offer.is_possible
            line.quantity = line.offer.quantity
        estimate = form._estimate(asked)
        return estimate.refund if estimate else 0.0
