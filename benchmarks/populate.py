"""`python -m benchmarks.populate --config FILE --size N`: many returns in minutes.

Two years of a web shop: N returns with two and a half items each, on as many orders that were
delivered and invoiced. A handful is made with the ORM, the rest are copies of these with
customers, references, managers and dates of their own.
"""

import argparse
import random
import time

from stdnum.iso7064 import mod_37_36

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from . import session
from .copies import Copies
from .templates import Templates

SMALLEST = 100
DAYS = 730
LIVE_DAYS = 20
LIVE_SHARE = 0.03
"""Of all returns, those of the last weeks that are under way."""

CLOSED_TURNS = (0, 1, 0, 1, 2, 0, 1, 0, 1, 3, 0, 1, 0, 1, 4)
"""How often the states of the closed templates take turns: twelve of fifteen were done."""

MOST_OF_ONE = 40
BIG_CUSTOMER = 500
PORTAL_CUSTOMERS = {"size_none": 0, "size_few": 4, "size_many": MOST_OF_ONE}
"""Logins (and passwords) of customers with about so many returns; `size_big` has the most."""

FIRST_NAMES = ("Anna", "Bruno", "Carla", "David", "Elena", "Felix", "Greta", "Hugo", "Inès", "Jan")
LAST_NAMES = (
    "Martin",
    "Keller",
    "Rossi",
    "Dubois",
    "Novak",
    "Silva",
    "Jensen",
    "Kowalski",
    "Petit",
)
YEARLY = r"\d{4}/\d+$"
NUMBER = r"\d+$"


def say(text=""):
    print(text, flush=True)


def padded(value):
    """Return SQL for a number with five digits or more."""
    return SQL("LPAD((%(n)s)::text, GREATEST(5, LENGTH((%(n)s)::text)), '0')", n=value)


class Population:
    """Templates, plan, copies."""

    def __init__(self, env, size, seed=5):
        self.env = env
        self.cr = env.cr
        self.size = size
        self.random = random.Random(seed)

    def make(self):
        """Make the returns; returns the seconds it took."""
        start = time.monotonic()
        say("Making some returns of every kind")
        self.templates = Templates(self.env)
        self.templates.make()
        self.returns = self.templates.closed | self.templates.live
        self.number = self.size - len(self.returns)
        customers = self._make_customers()
        self._make_plan(customers)
        say(f"Copying them to {self.size:,}")
        self._make_copies()
        self._make_logins(customers)
        self.cr.commit()
        self._analyze()
        return time.monotonic() - start

    # === CUSTOMERS === #

    def _make_customers(self):
        """Make customers, and return the id of the customer of each copy."""
        counts = [0, min(BIG_CUSTOMER, self.number // 10)]
        while sum(counts) < self.number:
            number = min(MOST_OF_ONE, 1 + int(self.random.expovariate(1 / 3.5)))
            counts.append(min(number, self.number - sum(counts)))
        partners = self.env["res.partner"]
        table = SQL.identifier(partners._table)
        self.env.flush_all()
        self.cr.execute(SQL("SELECT MAX(id) FROM %s", table))
        base = self.cr.fetchone()[0] + 1
        names = [self._make_name(index) for index in range(len(counts))]
        own = {"id": SQL("c.id"), "commercial_partner_id": SQL("c.id")}
        own |= dict.fromkeys(("name", "complete_name"), SQL("c.name"))
        own |= dict.fromkeys(("email", "email_normalized"), SQL("c.email"))
        columns = [
            field.name for field in partners._fields.values() if field.store and field.column_type
        ]
        self.cr.execute(
            "CREATE TEMP TABLE size_customer (id int, name text, email text) ON COMMIT DROP"
        )
        self.cr.execute_values(
            "INSERT INTO size_customer VALUES %s",
            [(base + i, name, f"customer{base + i}@example.com") for i, name in enumerate(names)],
        )
        self.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM size_customer c, %s t WHERE t.id = %s",
                table,
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(own.get(name, SQL.identifier("t", name)) for name in columns),
                table,
                self.templates.customer.id,
            )
        )
        self.cr.execute("SELECT setval('res_partner_id_seq', (SELECT MAX(id) FROM res_partner))")
        self.customers = {base + i: count for i, count in enumerate(counts)}
        bought = [partner_id for partner_id, count in self.customers.items() for _i in range(count)]
        self.random.shuffle(bought)
        return bought

    def _make_name(self, index):
        first = FIRST_NAMES[index % len(FIRST_NAMES)]
        last = LAST_NAMES[index // len(FIRST_NAMES) % len(LAST_NAMES)]
        return f"{first} {last} {1000 + index}"

    def _make_logins(self, _customers):
        """Let some customers, with few and with many returns, into the portal."""
        by_count = sorted(self.customers.items(), key=lambda customer: customer[1])
        ids = {
            login: min(by_count, key=lambda customer: abs(customer[1] - count))[0]
            for login, count in PORTAL_CUSTOMERS.items()
        }
        ids["size_big"] = by_count[-1][0]
        self.env["res.users"].with_context(no_reset_password=True).create(
            [
                {
                    "partner_id": partner_id,
                    "login": login,
                    "password": login,
                    "company_id": self.env.company.id,
                    "company_ids": [Command.set(self.env.company.ids)],
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
                for login, partner_id in ids.items()
            ]
        )

    # === PLAN === #

    def _make_plan(self, customers):
        """Plan each copy: of which template, when, whose, and its reference."""
        live = max(int(LIVE_SHARE * self.size) - len(self.templates.live), 0) // 4 * 4
        closed = self.number - live
        live_kinds = len(self.templates.live)
        salespeople = self.templates.salespeople.ids
        rows = []
        for n in range(self.number):
            if n < closed:
                kind = 4 * CLOSED_TURNS[n // 4 % len(CLOSED_TURNS)] + n % 4
                days = DAYS - n * (DAYS - LIVE_DAYS) // closed
            else:
                kind = len(self.templates.closed) + (n - closed) % live_kinds
                days = LIVE_DAYS - (n - closed) * LIVE_DAYS // live
            manager = self.random.choice(salespeople)
            rows.append([n, kind, days, customers[n], manager])
        for row, name in zip(rows, self._make_references([row[2] for row in rows]), strict=True):
            row.append(name)
        self.cr.execute(
            "CREATE TEMP TABLE size_plan (n int, k int, days int, partner_id int, user_id int, "
            "rma_name text) ON COMMIT DROP"
        )
        self.cr.execute_values("INSERT INTO size_plan VALUES %s", rows, page_size=10_000)
        self.cr.execute("ANALYZE size_plan")

    def _make_references(self, days_ago):
        """Return a reference for each of these days, as `sale.rma` gives them, and have the
        sequence go on after them."""
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "sale.rma"), ("company_id", "=", self.env.company.id)]
        )
        today = fields.Date.today()
        dates = {days: fields.Date.subtract(today, days=days) for days in set(days_ago)}
        ranges = {}
        for date in sorted(dates.values()):
            if date.year not in ranges:
                found = sequence.date_range_ids.filtered(
                    lambda part, date=date: part.date_from <= date <= part.date_to
                )
                ranges[date.year] = found or sequence._create_date_range_seq(date)
        following = {year: part.number_next_actual for year, part in ranges.items()}
        names = []
        for days in days_ago:
            year = dates[days].year
            number = f"RMA/{year}/{following[year]:0{sequence.padding}}"
            following[year] += 1
            names.append(f"{number}-{mod_37_36.calc_check_digit(number.replace('/', ''))}")
        for year, part in ranges.items():
            part.number_next_actual = following[year]
        return names

    # === COPIES === #

    def _make_copies(self):
        parts = self._collect()
        copies = Copies(self.env, parts, say)
        copies.replace("res.partner", self.templates.customer, "partner_id")
        copies.replace("res.users", self.templates.salespeople[0], "user_id")
        copies.values |= self._name_sales()
        copies.values |= self._name_transfers(parts)
        copies.values |= self._name_invoices(copies)
        copies.values |= self._name_messages(copies)
        copies.make()

    def _collect(self):
        """Return all that hangs on the templates, by model."""
        returns = [self.env["sale.rma"].browse(rma_id) for rma_id in self.returns.ids]
        parts = {"sale.rma": returns, "sale.rma.line": [rma.line_ids for rma in returns]}
        parts["sale.order"] = orders = [rma.order_id for rma in returns]
        parts["sale.order.line"] = [order.order_line for order in orders]
        parts["stock.reference"] = [order.stock_reference_ids for order in orders]
        parts["stock.picking"] = pickings = [
            rma.order_id.picking_ids | rma.picking_ids for rma in returns
        ]
        parts["stock.move"] = [picking.move_ids for picking in pickings]
        parts["stock.move.line"] = [picking.move_line_ids for picking in pickings]
        parts["account.move"] = invoices = [
            rma.order_id.invoice_ids | rma.refund_ids for rma in returns
        ]
        parts["account.move.line"] = items = [invoice.line_ids for invoice in invoices]
        parts["account.partial.reconcile"] = [
            item.matched_debit_ids | item.matched_credit_ids for item in items
        ]
        parts["account.full.reconcile"] = [item.full_reconcile_id for item in items]
        messages = self.env["mail.message"].search(
            [("model", "=", "sale.rma"), ("res_id", "in", self.returns.ids)]
        )
        messages.notification_ids.notification_status = "sent"
        by_return = messages.grouped("res_id")
        parts["mail.message"] = told = [by_return.get(rma.id, messages[:0]) for rma in returns]
        parts["mail.notification"] = [message.notification_ids for message in told]
        parts["mail.tracking.value"] = [message.tracking_value_ids for message in told]
        parts["mail.followers"] = [rma.message_follower_ids for rma in returns]
        return parts

    def _name_sales(self):
        sequence = self.env["ir.sequence"].search([("code", "=", "sale.order")], limit=1)
        start = sequence.number_next_actual
        sequence.number_next_actual = start + self.number
        self.order_name = SQL("'S' || %s", padded(SQL("%s + plan.n", start)))
        token = SQL("gen_random_uuid()::text")
        return {
            ("sale.order", "name"): self.order_name,
            ("sale.order", "access_token"): token,
            ("sale.rma", "access_token"): token,
            ("sale.rma", "name"): SQL("plan.rma_name"),
            ("stock.reference", "name"): self.order_name,
        }

    def _get_origin(self, column):
        return SQL(
            "CASE WHEN %s LIKE 'S%%' THEN %s ELSE plan.rma_name END", column, self.order_name
        )

    def _name_transfers(self, parts):
        pickings = self.env["stock.picking"].union(*parts["stock.picking"])
        sequences = pickings.picking_type_id.sequence_id
        start = max(sequences.mapped("number_next_actual"))
        width = max(map(len, parts["stock.picking"]))
        sequences.number_next_actual = start + width * self.number + width

        def name(column, place):
            number = SQL("%s + plan.n * %s + %s", start, width, place)
            return SQL("REGEXP_REPLACE(%s, %s, %s)", column, NUMBER, padded(number))

        reference = name(SQL("src.reference"), SQL("src.place_picking_id"))
        origin = self._get_origin(SQL("src.origin"))
        return {
            ("stock.picking", "name"): name(SQL("src.name"), SQL("src.place")),
            ("stock.picking", "origin"): origin,
            ("stock.move", "reference"): reference,
            ("stock.move", "origin"): origin,
            ("stock.move.line", "reference"): reference,
        }

    def _name_invoices(self, copies):
        self.cr.execute("SELECT MAX(sequence_number) + 1 FROM account_move")
        start = self.cr.fetchone()[0]
        number = SQL("%s + plan.n", start)
        year = SQL("EXTRACT(YEAR FROM src.date - plan.days)::text")

        def name(column):
            new = SQL("%s || '/' || %s", year, padded(number))
            return SQL("REGEXP_REPLACE(%s, %s, %s)", column, YEARLY, new)

        prefix = SQL("REGEXP_REPLACE(src.sequence_prefix, '[0-9]{4}/$', %s || '/')", year)
        partial = SQL(
            "(SELECT place FROM size_place WHERE model = 'account.partial.reconcile' "
            "AND id = SUBSTR(src.matching_number, 2)::int)"
        )
        matching = SQL(
            """
            CASE WHEN src.full_reconcile_id IS NOT NULL THEN (%s)::text
                 WHEN src.matching_number IS NOT NULL THEN 'P' || (%s)::text
             END
            """,
            copies.new_id("account.full.reconcile", SQL("src.place_full_reconcile_id")),
            copies.new_id("account.partial.reconcile", partial),
        )
        return {
            ("account.move", "name"): name(SQL("src.name")),
            ("account.move", "payment_reference"): name(SQL("src.payment_reference")),
            ("account.move", "sequence_number"): number,
            ("account.move", "sequence_prefix"): prefix,
            ("account.move", "invoice_origin"): self._get_origin(SQL("src.invoice_origin")),
            ("account.move", "access_token"): SQL("gen_random_uuid()::text"),
            ("account.move.line", "move_name"): name(SQL("src.move_name")),
            ("account.move.line", "matching_number"): matching,
        }

    def _name_messages(self, copies):
        message_id = "'<size.' || plan.n || '.' || src.place || '@example.com>'"
        rma_id = copies.new_id("sale.rma", SQL("1"))  # the one return of its template
        own = r"RMA/\d{4}/\d+-[0-9A-Z]"
        replaced = {
            ("mail.message", name): SQL(
                "REGEXP_REPLACE(%s, %s, plan.rma_name, 'g')", SQL.identifier("src", name), own
            )
            for name in ("subject", "body")
        }
        return {
            **replaced,
            ("mail.message", "message_id"): SQL(message_id),
            ("mail.message", "res_id"): rma_id,
            ("mail.followers", "res_id"): rma_id,
        }

    def _analyze(self):
        """Have the planner know what there is now."""
        say("Analyzing")
        connection = self.cr._cnx
        connection.autocommit = True
        self.cr.execute("VACUUM ANALYZE")
        connection.autocommit = False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--size", type=int, required=True)
    options = parser.parse_args()
    if options.size < SMALLEST:
        parser.error(f"at least {SMALLEST} returns")
    with session.open_registry(options.config).cursor() as cr:
        seconds = Population(session.as_admin(cr)(su=True), options.size).make()
    say(f"{options.size:,} returns in {seconds:.0f} s")


if __name__ == "__main__":
    main()
