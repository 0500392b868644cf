from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import api, models
from odoo.tools import format_date

from .public_holidays import is_public_holiday
from .stock_picking import Arrival

# The least there is by law (CRD art. 9(1), docs/law.md L14).
STATUTORY_DAYS = 14
# A closing of the working calendar is a holiday of the days it takes so much of: half a working
# day. Less is what an entry made in another time zone spills over to the day beside it.
HOLIDAY_HOURS = 4
SATURDAY = 5
# No closing moves the end further than this, whatever was entered in the calendar.
LOOK_AHEAD_DAYS = 366
MOVE_FIELDS = (
    "date",
    "location_dest_id",
    "location_final_id",
    "location_id",
    "origin_returned_move_id",
    "picking_id",
    "rma_line_id",
    "state",
)


class WithdrawalPeriod(NamedTuple):
    """When the right of withdrawal of an order runs, and why.

    `start` is the day the last delivery was received and is not counted; `counted_end` is the day
    reached by counting; `end`, until whose midnight the right can be used, is the working day
    after it if it is none itself. `is_open` goes by the consumer's clock; without a start there is
    no end. `arrival` is the last delivery's.
    """

    start: object
    days: int
    counted_end: object
    end: object
    is_open: bool
    explanation: str
    arrival: Arrival | None = None


class PeriodStart(NamedTuple):
    """The day the period starts from, if it is known, and why in words."""

    day: object
    text: str
    arrival: Arrival | None = None


class SaleRmaPeriod(models.AbstractModel):
    """The statutory period of withdrawal: one rule for page, portal, mails and back office."""

    _name = "sale.rma.period"
    _description = "Statutory Period of Withdrawal"

    @api.model
    def _get_periods(self, orders, at=None):
        """Tell when the right of withdrawal runs (docs/law.md L14, L15).

        :param orders: `sale.order`
        :param datetime at: the moment asked about, in UTC; default now
        :return: {order: WithdrawalPeriod}
        """
        clock = self.env["sale.rma.clock"]
        periods = {}
        # sudo: the period depends on deliveries and calendars, which not everybody may read
        for company, company_orders in orders.sudo().grouped("company_id").items():
            # in one go, before the orders are looked at one by one
            moves = company_orders.order_line.move_ids
            moves.fetch(MOVE_FIELDS)
            moves.picking_id.fetch(["carrier_id", "company_id", "date_done", "rma_date_delivered"])
            days = max(company.rma_withdrawal_days, STATUTORY_DAYS)
            starts = {order: self._get_start(order) for order in company_orders}
            ends = {start.day + timedelta(days=days) for start in starts.values() if start.day}
            closings = self._get_closings(company, min(ends)) if ends else set()
            for order, start in starts.items():
                today = clock._get_consumer_day(order.partner_id, company, at)
                places = {
                    (place.country_id.code, place.state_id.code)
                    for place in (company, order.partner_id)
                }
                periods[order.with_env(orders.env)] = self._get_period(
                    start, days, closings, places, today
                )
        return periods

    @api.model
    def _get_period(self, start, days, closings, places, today):
        """Count the period.

        :param start: its `PeriodStart`
        :param set closings: dates on which the company is closed
        :param set places: (country, state) codes whose public holidays are no working days
        """
        if not start.day:
            return WithdrawalPeriod(None, days, None, None, True, start.text)
        counted_end = end = start.day + timedelta(days=days)
        while (
            end.weekday() >= SATURDAY
            or end in closings
            or any(is_public_holiday(end, *place) for place in places)
        ):
            end += timedelta(days=1)
        sentences = [
            start.text,
            self.env._(
                "The day itself is not counted; %(days)s days end on %(date)s.",
                days=days,
                date=self._format_day(counted_end),
            ),
        ]
        if end != counted_end:
            sentences.append(
                self.env._(
                    "That is no working day, so the period ends on %(date)s.",
                    date=self._format_day(end),
                )
            )
        text = " ".join(sentences)
        return WithdrawalPeriod(
            start.day, days, counted_end, end, today <= end, text, start.arrival
        )

    @api.model
    def _get_start(self, order):
        """Return the `PeriodStart` of an order.

        Goods: the day the consumer received the last of them; an order with services only: the day
        it was concluded.
        """
        goods = order.order_line._filter_returnable("return")
        if not goods and order.order_line._filter_returnable("claim"):
            day = self.env["sale.rma.clock"]._get_consumer_day(
                order.partner_id, order.company_id, order.date_order
            )
            text = self.env._("Services only: ordered on %(date)s.", date=self._format_day(day))
            return PeriodStart(day, text)
        moves = goods.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and not move.location_id._is_with_customer()
                and not move.rma_line_id
            )
        )
        arrivals = [
            move.picking_id._get_rma_arrival(move.date) for move in moves._filter_first_deliveries()
        ]
        if not arrivals:
            return PeriodStart(
                None, self.env._("No delivery is known: the period has not begun to run.")
            )
        if order.rma_is_regular_delivery:
            first = min(arrivals, key=lambda arrival: arrival.day)
            text = self.env._(
                "Regular deliveries, the first one counts: %(arrival)s",
                arrival=self._explain_arrival(first),
            )
            return PeriodStart(first.day, text, first)
        # what is being picked has its way out as its final location only
        if moves.filtered(
            lambda move: (
                move.state != "done"
                and (move.location_final_id or move.location_dest_id)._is_with_customer()
            )
        ):
            return PeriodStart(
                None,
                self.env._("Something is still to be delivered: the period has not begun to run."),
            )
        last = max(arrivals, key=lambda arrival: arrival.day)
        text = self.env._(
            "The last delivery counts: %(arrival)s", arrival=self._explain_arrival(last)
        )
        return PeriodStart(last.day, text, last)

    @api.model
    def _explain_arrival(self, arrival):
        """Return in words when a delivery was sent and received."""
        if arrival.recorded:
            return self.env._(
                "sent on %(sent)s, arrived on %(arrived)s.",
                sent=self._format_day(arrival.sent),
                arrived=self._format_day(arrival.recorded),
            )
        return self.env._(
            "sent on %(sent)s, expected by %(expected)s.",
            sent=self._format_day(arrival.sent),
            expected=self._format_day(arrival.day),
        )

    @api.model
    def _get_closings(self, company, since):
        """Return the dates from `since` on that the company's working calendar closes for
        everybody."""
        calendar = company.resource_calendar_id
        timezone = company._get_rma_timezone()
        closings = (
            self.env["resource.calendar.leaves"]
            .sudo()  # the shop's public closings, whoever asks for the period
            .search(
                [
                    ("resource_id", "=", False),
                    ("time_type", "=", "leave"),
                    ("calendar_id", "in", (False, calendar.id)),
                    ("company_id", "in", (False, company.id)),
                    ("date_to", ">=", datetime.combine(since, time.min) - timedelta(days=1)),
                ]
            )
        )
        days = set()
        for closing in closings:
            start = closing.date_from.replace(tzinfo=pytz.utc).astimezone(timezone)
            stop = closing.date_to.replace(tzinfo=pytz.utc).astimezone(timezone)
            day = max(start.date(), since)
            last = min(stop.date(), since + timedelta(days=LOOK_AHEAD_DAYS))
            while day <= last:
                # closings may be entered as a morning and an afternoon: each half is enough
                if self._get_hours_of_day(start, stop, day, timezone) >= HOLIDAY_HOURS:
                    days.add(day)
                day += timedelta(days=1)
        return days

    @api.model
    def _get_hours_of_day(self, start, stop, day, timezone):
        """Return how many hours between two moments belong to a day."""
        midnight = timezone.localize(datetime.combine(day, time.min))
        next_midnight = timezone.localize(datetime.combine(day + timedelta(days=1), time.min))
        taken = min(stop, next_midnight) - max(start, midnight)
        return taken.total_seconds() / 3600

    @api.model
    def _format_day(self, day):
        return format_date(self.env, day, date_format="EEEE d MMMM y")
