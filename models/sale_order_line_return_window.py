from dataclasses import dataclass
from datetime import date

from odoo import fields, models
from odoo.tools import format_date


@dataclass(frozen=True)
class ReturnOffer:
    """What a customer may send back of a sold line, and in words why not more.

    `quantity` is in the sold line's unit. `code` says for programs what `message` says for people;
    it is empty where everything bought can come back. `until` is the last day to ask, if there
    is one.
    """

    quantity: float = 0.0
    code: str = ""
    message: str = ""
    until: date | None = None

    @property
    def is_possible(self):
        return self.quantity > 0


@dataclass(frozen=True)
class ReturnTerms:
    """Until when customers may ask for a sold line, without a limit if None, and in words why not
    at all."""

    until: date | None = None
    refusal: str = ""


@dataclass(frozen=True, eq=False)
class Travels:
    """The done moves of a sold line between the shop and its customer."""

    delivered: object
    came_back: object


class SaleOrderLine(models.Model):
    """What customers are offered to send back. Staff are bound by R1 only, not by this."""

    _inherit = "sale.order.line"

    def _get_return_offers(self, rma_type="return"):
        """Decide what customers may ask to send back of these sold lines. The one place where it
        is decided: the portal, guests and the mails all go by it.

        :param str rma_type: the kind of return that is asked for
        :return: {sold line: `ReturnOffer`}
        """
        at_customer = self._get_qty_at_customer()
        sendable = self._get_qty_sendable()
        travels = self._get_travels()
        terms = self._get_return_terms(travels, rma_type)
        return {
            line: line._get_return_offer(
                at_customer[line], sendable[line], travels[line], terms[line], rma_type
            )
            for line in self
        }

    def _get_return_terms(self, travels, rma_type="return"):
        """Return {sold line: its `ReturnTerms`}; a hook for what rules they follow.

        :param dict travels: {sold line: its `Travels`}
        """
        return {
            line: ReturnTerms(line._get_return_window_end(travels[line], rma_type)) for line in self
        }

    def _get_return_offer(self, at_customer, sendable, travels, terms, rma_type="return"):
        """Return the `ReturnOffer` of one sold line.

        :param float at_customer: units delivered and not come back, in the line's unit
        :param float sendable: of these, what no live return waits for
        :param travels: its `Travels`
        :param terms: its `ReturnTerms`
        :param str rma_type: the kind of return that is asked for
        """
        self.ensure_one()
        if refusal := self._get_not_returnable_ground(rma_type):
            return ReturnOffer(code=refusal[0], message=refusal[1])
        if self.product_uom_id.compare(sendable, 0.0) <= 0:
            code, message = self._get_nothing_left_ground(at_customer, travels)
            return ReturnOffer(code=code, message=message)
        if terms.refusal:
            return ReturnOffer(code="policy", message=terms.refusal)
        until = terms.until
        if until and until < self._get_return_today():
            message = self._get_late_message(until, rma_type)
            return ReturnOffer(code="late", message=message, until=until)
        code, message = self._get_rest_ground(at_customer, sendable, travels)
        return ReturnOffer(sendable, code, message, until)

    # === GROUNDS === #

    def _get_late_message(self, until, rma_type="return"):
        """Return in words that it is too late to ask.

        :param date until: the last day to ask
        """
        self.ensure_one()
        return self.env._("Could be sent back until %(date)s.", date=format_date(self.env, until))

    def _get_not_returnable_ground(self, rma_type="return"):
        """Return (code, words) where the line is nothing that customers send back, else None."""
        self.ensure_one()
        if self._is_returnable(rma_type):
            return None
        if self._is_delivery():
            return "shipping", self.env._("Shipping is nothing that can be sent back.")
        if self.is_downpayment:
            return "down_payment", self.env._("A down payment is nothing that can be sent back.")
        if self._is_order_discount():
            return "discount", self.env._(
                "Discounts are not sent back: what you get back takes them into account."
            )
        return "service", self.env._(
            "A service cannot be sent back. If something is wrong with it, write to us."
        )

    def _get_nothing_left_ground(self, at_customer, travels):
        """Return (code, words) why nothing is left to send back."""
        self.ensure_one()
        if self.product_uom_id.compare(at_customer, 0.0) > 0:
            names = self._get_live_return_names()
            return "on_return", self.env._("It is on the return %(names)s already.", names=names)
        if travels.delivered or self.qty_delivered > 0:
            return "sent_back", self.env._("It was sent back already.")
        return "not_delivered", self.env._("It has not been delivered yet.")

    def _get_rest_ground(self, at_customer, sendable, travels):
        """Return (code, words) why less than what was bought can be sent back, if it is so."""
        self.ensure_one()
        uom = self.product_uom_id
        if uom.compare(sendable, self.product_uom_qty) >= 0:
            return "", ""
        if uom.compare(sendable, at_customer) < 0:
            names = self._get_live_return_names()
            return "on_return", self.env._("The rest is on the return %(names)s.", names=names)
        if travels.came_back:
            return "sent_back", self.env._("The rest was sent back already.")
        return "not_delivered", self.env._("The rest has not been delivered yet.")

    def _get_live_return_names(self):
        """Return the references of the live returns that wait for the line; their customer knows
        all of them."""
        # sudo: names only, of returns of the customer's own order
        lines = self.sudo().rma_line_ids.filtered(
            lambda line: line.rma_id.state in self.env["sale.rma"]._get_live_states()
        )
        return ", ".join(lines.rma_id.sorted("id").mapped("name"))

    # === WINDOW === #

    def _get_return_window_end(self, travels, rma_type="return"):
        """Return the last day on which the customer may ask for a return, counted from the
        line's last delivery. None where there is no limit, or nobody knows that day."""
        self.ensure_one()
        days = self._get_return_window_days()
        dates = list(filter(None, travels.delivered.mapped("date")))
        if not days or not dates:
            return None
        return fields.Date.add(self._to_return_day(max(dates)), days=days)

    def _get_return_window_days(self):
        """Return the days after delivery in which the line may be sent back; 0: no limit."""
        self.ensure_one()
        return self.company_id.sudo().rma_return_days  # a setting that customers are told

    def _get_travels(self):
        """Return {sold line: `Travels`}, of kits those of their components."""
        # sudo: customers have no rights on transfers; only what is said of them gets out
        done = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        outside = (done.location_id | done.location_dest_id).filtered(
            lambda place: place._is_with_customer()
        )
        delivered = done.filtered(
            lambda move: move.location_dest_id in outside and move.location_id not in outside
        ).grouped("sale_line_id")
        came_back = done.filtered(
            lambda move: move.location_id in outside and move.location_dest_id not in outside
        ).grouped("sale_line_id")
        nothing = done.browse()
        return {
            line: Travels(delivered.get(line, nothing), came_back.get(line, nothing))
            for line in self
        }

    def _get_return_today(self):
        return self._to_return_day(fields.Datetime.now())

    def _to_return_day(self, moment):
        """Return the day of a moment (UTC) where the customer is, who asks for the return."""
        clock = self.env["sale.rma.clock"]
        return clock._get_consumer_day(self.order_id.partner_id, self.company_id, moment)
