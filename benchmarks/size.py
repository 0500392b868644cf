"""`python -m benchmarks.size --config FILE --write FILE` measures every page on the returns of a
database; with `--compare FILE`, beside what was measured on a few, for RESULTS.md."""

import argparse
import contextlib
import gc
import json
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import median
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from . import machine, results, session
from .browser import Browser
from .screens import Screen
from .table import number, table

RUNS = 3
SLOWEST = 1.0  # seconds
LISTED = 80
VIEWS = ("search", "list", "kanban", "form", "calendar", "pivot", "graph", "activity")
HEAD = """\
# At any size

`make bench SIZE={size}` writes this: each request of a page as the web client or a customer's
browser makes it, sent to Odoo's own application, with the queries it made and the median of
{runs} times in milliseconds, on 100 returns and on {size:,}. *Own documents* is a salesperson who
sees only their own returns. A bar is met where the queries are the same and it takes less than
{slowest:g} s. *Paging* is a page that a hundred returns do not fill: a full one takes Odoo a query
for the number of all, a column with returns a query for these, and the items of more than a
thousand are read in two.
"""

# what a page takes more as soon as it is full, and at most how many queries
PAGING = {
    "list, group_by_partner": 1,
    "list, group_by_state, unfolded": 1,
    "kanban": 1,
    "calendar, a month": 1,
    "kanban, own documents": 1,
    "orders, the list of them, own documents": 1,
}


def say(text=""):
    print(text, flush=True)


class Pages:
    """Everything a page asks the server for, by a name for the table."""

    def __init__(self, env):
        self.env = env
        self.database = env.cr.dbname
        self.figures = {}
        self.statements = {}
        self.returns = env["sale.rma"]

    def measure(self):
        """Return {what: (queries, seconds)}."""
        action = self.env.ref("sale_rma.sale_rma_action")
        self.admin = Browser(self.database, "admin")
        self.screens = Screen.open_all(self.admin, "sale.rma", VIEWS, action.id)
        self.measure_list()
        self.measure_groups()
        self.measure_search()
        self.measure_documents(self.admin)
        self.measure_own_documents()
        self.measure_portal()
        self.measure_crons()
        return self.figures

    def time(self, what, request):
        """Note what a request takes, when everything that stays in memory is there."""
        request()
        gc.collect()
        answers = [request() for _run in range(RUNS)]
        queries = median(answer.queries for answer in answers)
        seconds = median(answer.seconds for answer in answers)
        self.figures[what] = (queries, seconds)
        self.statements[what] = answers[-1].statements
        say(f"{what:60} {queries:5.0f} {1000 * seconds:8.0f}")

    # === BACK OFFICE === #

    def search_read(self, browser, domain, **kwargs):
        answer = browser.call(
            "sale.rma",
            "web_search_read",
            domain=domain,
            specification=self.screens["list"].specification,
            limit=LISTED,
            count_limit=10_001,
            context={"force_search_count": True},  # also where a page is not full
            **kwargs,
        )
        answer.result  # noqa: B018 # tells of an error
        return answer

    def measure_list(self):
        self.time("list", lambda: self.search_read(self.admin, []))
        self.time("list, page 2", lambda: self.search_read(self.admin, [], offset=LISTED))
        for field in ("name", "partner_id", "order_id", "date_requested", "state"):
            self.time(
                f"list by {field}",
                lambda field=field: self.search_read(self.admin, [], order=f"{field} ASC"),
            )
        for name, domain in self.screens["search"].get_filters():
            self.time(
                f"list, filter {name}",
                lambda domain=domain: self.search_read(self.admin, domain),
            )
        start = date.today().replace(day=1) - relativedelta(months=1)
        for field in self.screens["search"].get_date_fields():
            domain = [
                "&",
                (field, ">=", str(start)),
                (field, "<", str(start + relativedelta(months=1))),
            ]
            self.time(
                f"list, {field} last month",
                lambda domain=domain: self.search_read(self.admin, domain),
            )

    def measure_groups(self):
        for name, field in self.screens["search"].get_groupings():
            self.time(
                f"list, {name}", lambda field=field: self.read_group(self.admin, field, "list")
            )
        self.time(
            "list, group_by_state, unfolded",
            lambda: self.read_group(self.admin, "state", "list", auto_unfold=True),
        )
        self.time(
            "kanban", lambda: self.read_group(self.admin, "state", "kanban", auto_unfold=True)
        )
        self.time("kanban, bars of its columns", self.read_progress_bar)
        fields = self.screens["pivot"].get_rows_and_columns()
        sets = [[], fields[:1], fields[1:], fields]
        self.time(
            "pivot",
            lambda: self.admin.call(
                "sale.rma",
                "formatted_read_grouping_sets",
                [],
                sets,
                self.screens["pivot"].get_measures(),
            ),
        )
        fields = self.screens["graph"].get_rows_and_columns()
        self.time(
            "graph",
            lambda: self.admin.call(
                "sale.rma",
                "formatted_read_group",
                [],
                fields,
                self.screens["graph"].get_measures(),
            ),
        )
        self.time("calendar, a month", self.read_calendar)

    def read_group(self, browser, field, kind, **kwargs):
        answer = browser.call(
            "sale.rma",
            "web_read_group",
            domain=[],
            groupby=[field],
            aggregates=[],
            limit=LISTED,
            unfold_read_specification=self.screens[kind].specification,
            **kwargs,
        )
        answer.result  # noqa: B018
        return answer

    def read_progress_bar(self):
        return self.admin.call(
            "sale.rma",
            "read_progress_bar",
            domain=[],
            group_by="state",
            progress_bar=self.screens["kanban"].get_progress_bar(),
        )

    def read_calendar(self):
        start = date.today() - relativedelta(months=1)
        return self.admin.call(
            "sale.rma",
            "web_search_read",
            domain=[("date_requested", ">=", str(start))],
            specification={
                **self.screens["calendar"].specification,
                "display_name": {},
                "date_requested": {},
                "state": {},
            },
            limit=500,
        )

    def measure_search(self):
        rma = self.returns.search([("state", "=", "done")], limit=1, offset=20)
        typed = {
            "Reference": rma.name,
            "Reference, without separators": rma.name.replace("/", "").replace("-", ""),
            "Reference, its end": rma.name[-4:],
            "Order": rma.order_id.name,
            "Customer": rma.partner_id.name,
            "Customer, a first name": rma.partner_id.name.split()[0],
            "Product": rma.line_ids[:1].product_id.name,
            "Reason": rma.line_ids[:1].reason_id.name,
            "E-mail": rma.email,
            "Manager": rma.user_id.name,
        }
        for what, text in typed.items():
            domain = self.screens["search"].get_search_domain(what.split(",")[0], text)
            self.time(f"search, {what}", lambda domain=domain: self.search_read(self.admin, domain))
        self.time(
            "search, by name",
            lambda: self.admin.call("sale.rma", "name_search", name=rma.name[4:12], limit=8),
        )

    def measure_documents(self, browser, who=""):
        forms = self.screens["form"]
        for state in ("requested", "accepted", "processing", "done"):
            rma = self.find(4, [("state", "=", state)])
            self.time(
                f"form, {state}{who}",
                lambda rma=rma: browser.call(
                    "sale.rma", "web_read", rma.ids, specification=forms.specification
                ),
            )
        self.time(
            f"form, its messages{who}",
            lambda: browser.rpc(
                "/mail/thread/messages",
                {"thread_model": "sale.rma", "thread_id": rma.id, "fetch_params": {"limit": 30}},
            ),
        )
        order_form = Screen.open_all(browser, "sale.order", ["form"])["form"]
        self.time(
            f"order form with its RMA tab{who}",
            lambda: browser.call(
                "sale.order", "web_read", rma.order_id.ids, specification=order_form.specification
            ),
        )
        self.time(
            f"orders that can be returned, to choose one{who}",
            lambda: browser.call(
                "sale.order", "name_search", domain=[("is_returnable", "=", True)], limit=8
            ),
        )

    def find(self, lines, domain):
        """Return a return with so many items, of an order with as few others as there is: the
        same whatever the number of returns."""
        found = self.returns.search(domain, limit=200).filtered(
            lambda rma: len(rma.line_ids) == lines
        )
        return min(found, key=lambda rma: len(rma.order_id.order_line))

    def measure_own_documents(self):
        rma = self.find(4, [("state", "=", "done")])
        who = ", own documents"
        busiest = self.open_busiest()
        self.time(f"list{who}", lambda: self.search_read(busiest, []))
        self.time(
            f"list, filter to_approve{who}",
            lambda: self.search_read(busiest, [("state", "=", "requested")]),
        )
        self.time(
            f"kanban{who}", lambda: self.read_group(busiest, "state", "kanban", auto_unfold=True)
        )
        login = rma.user_id.login
        browser = Browser(self.database, login, login)
        self.time(
            f"search, Reference{who}",
            lambda: self.search_read(browser, [("reference_search", "ilike", rma.name)]),
        )
        self.time(
            f"form, done{who}",
            lambda: browser.call(
                "sale.rma",
                "web_read",
                rma.ids,
                specification=Screen.open_all(browser, "sale.rma", ["form"])["form"].specification,
            ),
        )
        self.time(
            f"orders that can be returned{who}",
            lambda: browser.call(
                "sale.order", "name_search", domain=[("is_returnable", "=", True)], limit=8
            ),
        )
        self.time(
            f"orders, the list of them{who}",
            lambda: browser.call(
                "sale.order",
                "web_search_read",
                domain=[],
                specification={"name": {}, "partner_id": {"fields": {"display_name": {}}}},
                limit=LISTED,
                count_limit=10_001,
            ),
        )

    def open_busiest(self):
        """Log in who has returns in the most states: an empty column takes no query."""
        groups = self.returns._read_group(
            [("user_id.login", "=like", "size_%")], ["user_id"], ["state:array_agg"]
        )
        user = max(groups, key=lambda group: ("requested" in group[1], len(set(group[1]))))[0]
        return Browser(self.database, user.login, user.login)

    # === CUSTOMERS === #

    def measure_portal(self):
        for login, who in (("size_few", "few returns"), ("size_big", "most returns")):
            browser = Browser(self.database, login, login)
            user = self.env["res.users"].browse(browser.uid)
            own = [("partner_id", "=", user.partner_id.id)]
            rma = self.returns.search([*own, ("state", "=", "done")], limit=1)
            # alike whatever the number of returns: something came back before, few items
            orders = rma.order_id.search(
                [*own, ("is_returnable", "=", True), ("rma_ids.state", "=", "done")], limit=200
            )
            order = min(orders, key=lambda order: (len(order.order_line), order.id))
            pages = {
                "home, its counters": None,
                "list": "/my/returns",
                "list by status": "/my/returns?sortby=state",
                "list, finished": "/my/returns?filterby=done",
                "list, search a reference": f"/my/returns?search={rma.name}",
                "list, search an item": "/my/returns?search=mug",
                "page of a return": f"/my/returns/{rma.id}",
                "page of an order": f"/my/orders/{order.id}",
                "choosing an order": "/my/returns/new",
                "asking for a return": f"/my/orders/{order.id}/return",
            }
            for what, path in pages.items():
                self.time(
                    f"portal, {what}, {who}",
                    lambda path=path, browser=browser: (
                        browser.get(path)
                        if path
                        else browser.rpc("/my/counters", {"counters": ["rma_count"]})
                    ),
                )

    # === SCHEDULER === #

    def measure_crons(self):
        for model, method in (
            ("sale.rma", "_cron_expire"),
            ("sale.rma.job", "_cron_run"),
            ("sale.rma.withdrawal", "_cron_send_receipts"),
            ("sale.rma.withdrawal", "_cron_delete_outdated"),
        ):
            self.time(
                f"cron, {model} {method}",
                lambda model=model, method=method: self.run_cron(model, method),
            )

    def run_cron(self, model, method):
        """Run a job of the scheduler up to its first commit, and undo it."""
        env = self.env
        progress = patch.object(
            type(env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: 0.0
        )
        queries, start = env.cr.sql_log_count, time.perf_counter()
        with progress, contextlib.closing(env.cr.savepoint()):
            getattr(env[model], method)()
        seconds = time.perf_counter() - start
        env.cr.rollback()
        return Took(env.cr.sql_log_count - queries, seconds)


class Took:
    """What something took that was no request."""

    def __init__(self, queries, seconds):
        self.queries, self.seconds, self.statements = queries, seconds, []


def report(env, few, many, size):
    """Return the section of RESULTS.md."""
    rows = []
    for what, (queries, seconds) in many.items():
        few_queries, few_seconds = few.get(what, (None, None))
        bar = "missed"
        if few_queries is not None and seconds < SLOWEST:
            more = queries - few_queries
            bar = "met" if not more else "paging" if 0 < more <= PAGING.get(what, 0) else "missed"
        rows.append(
            [
                what,
                f"{few_queries:.0f}" if few_queries is not None else "–",
                f"{queries:.0f}",
                number(1000 * few_seconds) if few_seconds is not None else "–",
                number(1000 * seconds),
                bar,
            ]
        )
    head = ["", "queries, 100", f"queries, {size:,}", "ms, 100", f"ms, {size:,}", "bar"]
    return [
        HEAD.format(size=size, runs=RUNS, slowest=SLOWEST),
        *machine.description(env),
        "",
        *table(head, rows),
        "",
        "## What it takes on disk",
        "",
        *measure_disk(env),
    ]


def measure_disk(env):
    """Return a table of the largest tables with their indexes, for each 100,000 returns."""
    env.cr.execute(
        """
        SELECT relname, pg_total_relation_size(oid), pg_indexes_size(oid)
          FROM pg_class
         WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
        """
    )
    tables = env.cr.fetchall()
    sizes = defaultdict(lambda: [0, 0])
    returns = env["sale.rma"].search_count([])
    for name, total, indexes in tables:
        what = name if total > 10 * 2**20 else "all other tables"
        sizes[what][0] += total
        sizes[what][1] += indexes
    sizes["the whole database"] = [sum(size[i] for size in sizes.values()) for i in range(2)]
    rows = sorted(sizes.items(), key=lambda row: row[1][0])
    scale = 100_000 / returns / 2**20
    return table(
        ["MB for 100,000 returns", "with indexes", "indexes alone"],
        [[name, number(total * scale), number(indexes * scale)] for name, (total, indexes) in rows],
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--write", type=Path, help="keep the figures in this file")
    parser.add_argument("--compare", type=Path, help="figures on a few returns")
    parser.add_argument("--keep", action="store_true", help="RESULTS.md untouched")
    options = parser.parse_args()
    with session.open_registry(options.config).cursor() as cr:
        env = session.as_root(cr)
        figures = Pages(env).measure()
        if options.write:
            options.write.write_text(json.dumps(figures))
        if options.compare:
            few = json.loads(options.compare.read_text())
            size = round(env["sale.rma"].search_count([]), -3)
            lines = report(env, few, figures, size)
            say("\n".join(lines))
            if not options.keep:
                results.write("size", lines)


if __name__ == "__main__":
    main()
