"""`python -m benchmarks.load --config FILE --url URL …`: customers and staff at work at the same
time on one or several Odoo servers of a database, through HTTP; then whether all was done once."""

import argparse
import os
import queue
import random
import re
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, zip_longest
from pathlib import Path
from statistics import mean, median, quantiles

import psutil
import requests
from lxml import html

from . import machine, results, session
from .table import number, table

CUSTOMERS, STAFF = 2, 2
"""Sessions that ask, and that accept and process, all the time; one more does so in bulk."""

BULK = 8
BULK_LIMITS = {"sale_rma.bulk_screen_limit": "4", "sale_rma.bulk_batch_limit": "4"}
"""So few that a bulk operation goes on in the background, in several transactions."""

DOUBLE_CLICKS = 3  # one in so many is processed twice at the same moment
REFUSAL = re.compile("Somebody else is working on|processed meanwhile|cannot be done")
CONFLICT = re.compile("could not serialize|could not obtain lock|lock timeout|deadlock")
LOGINS = ("size_few", "size_many", "size_big")
ORDERS = 3000
RETURN_DAYS = 3650
HEAD = """\
# {title}

`make bench LOAD={seconds} SERVERS={servers} DB=…` writes this: {clients} sessions on loopback for
{seconds} s, on a database of {size:,} returns: customers who look at their returns, ask for one
and look at it; staff who accept and process what was asked for, one in {double} of it twice at the
same moment; and bulk operations of {bulk} in the background. {servers_text} The clients run on the
same cores.
"""


def say(text=""):
    print(text, flush=True)


class Failure(Exception):
    """Something was answered that should not be."""


class Session:
    """A user's session; each request goes to one of the servers."""

    def __init__(self, load, login=None, password=None):
        self.load = load
        self.http = requests.Session()
        if login:
            params = {"db": load.database, "login": login, "password": password or login}
            self.post_json("/web/session/authenticate", params)

    def get(self, what, path):
        return self._send(what, "GET", path)

    def post(self, what, path, data):
        return self._send(what, "POST", path, data=data, allow_redirects=False)

    def post_json(self, path, params, what=None):
        payload = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self._send(what, "POST", path, json=payload).json()
        if "error" in answer:
            raise Failure(answer["error"]["data"]["message"])
        return answer["result"]

    def call(self, what, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post_json(f"/web/dataset/call_kw/{model}/{method}", params, what)

    def _send(self, what, verb, path, **kwargs):
        start = time.perf_counter()
        url = random.choice(self.load.urls) + path
        response = self.http.request(verb, url, timeout=120, **kwargs)
        if what:
            self.load.note(what, time.perf_counter() - start)
        if response.status_code >= 400:
            raise Failure(f"{path}: {response.status_code}")
        return response


class Load:
    """What all sessions share: the orders, the returns on their way, the figures."""

    def __init__(self, env, urls, seconds):
        self.database = env.cr.dbname
        self.urls = urls
        self.seconds = seconds
        self.lock = threading.Lock()
        self.times = defaultdict(list)
        self.counts = Counter()
        self.errors = []
        self.requested = queue.Queue()
        self.orders = self._find_orders(env)
        self.memory = defaultdict(list)
        self.busy = os.getloadavg()[0]  # before the run: what else the machine has to do
        self.logins = queue.Queue()
        for login in LOGINS:
            self.logins.put(login)

    def _find_orders(self, env):
        """Return (order, token, sold line) of orders of which one piece can be sent back."""
        orders = env["sale.order"].search(
            [("is_returnable", "=", True), ("access_token", "!=", False)], limit=ORDERS
        )
        found = queue.Queue()
        # one customer after the other, who do not hurry
        rounds = zip_longest(*orders.grouped("partner_id").values())
        for order in filter(None, chain.from_iterable(rounds)):
            line = order.order_line.filtered(lambda line: line.qty_returnable >= 1)[:1]
            if line:
                found.put((order.id, order.access_token, line.id))
        return found

    def note(self, what, seconds):
        with self.lock:
            self.times[what].append(seconds)

    # === RUN === #

    def run(self, processes):
        """Have all at work until the time is over.

        :param list processes: the servers', to see what memory their workers take
        """
        self.end = time.monotonic() + self.seconds
        works = [self.ask] * CUSTOMERS + [self.process] * STAFF + [self.process_in_bulk]
        threads = [threading.Thread(target=self.repeat, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        while time.monotonic() < self.end:
            self.look_at_memory(processes)
            time.sleep(2)
        for thread in threads:
            thread.join()

    def repeat(self, work):
        session = None
        while time.monotonic() < self.end:
            try:
                session = session or self.open_session(work)
                work(session)
            except queue.Empty:
                self.errors.append(f"{work.__name__}: SIZE is too small, no order is left")
                break
            except (Failure, requests.RequestException) as error:
                with self.lock:
                    self.errors.append(f"{work.__name__}: {error}")

    def open_session(self, work):
        if work == self.ask:
            return Session(self, self.logins.get_nowait())
        return Session(self, "admin")

    def look_at_memory(self, processes):
        for process in processes:
            for child in psutil.Process(process).children():
                if "gevent" not in child.cmdline():
                    self.memory[child.pid].append(child.memory_info().rss / 2**20)

    # === CUSTOMERS === #

    def ask(self, session):
        """Look at one's returns, ask for one, look at it. The order is anybody's: its link is
        enough to ask, as in a mail."""
        session.get("portal: list of returns", "/my/returns")
        order_id, token, line_id = self.orders.get_nowait()
        path = f"/my/orders/{order_id}/return?access_token={token}"
        page = html.fromstring(session.get("portal: form", path).text)
        data = {
            field.get("name"): field.get("value", "")
            for field in page.xpath("//form[contains(@class, 'o_rma_request')]//input[@name]")
            if field.get("type") not in ("radio", "checkbox", "file")
        }
        data |= {
            f"line-{line_id}-{name}": value
            for name, value in {
                "pick": "1",
                "quantity": "1",
                "reason": "wrong_size",
                "wish": "refund",
            }.items()
        }
        data["step"] = "send"
        answer = session.post("portal: ask for a return", path, data)
        match = re.search(r"/my/returns/(\d+)", answer.headers.get("Location", ""))
        if not match:
            raise Failure(f"order {order_id} was not taken")
        self.counts["asked"] += 1
        session.get("portal: page of a return", answer.headers["Location"])
        self.requested.put(int(match[1]))

    # === STAFF === #

    def process(self, session):
        try:
            rma_id = self.requested.get(timeout=1)
        except queue.Empty:
            return
        session.call("accept", "sale.rma", "action_accept", [rma_id])
        action = session.call("open the processing screen", "sale.rma", "action_process", [rma_id])
        wizard_id = action["res_id"]
        clicks = 2 if rma_id % DOUBLE_CLICKS == 0 else 1
        with ThreadPoolExecutor(clicks) as pool:
            outcomes = list(
                pool.map(lambda _click: self.click_process(session, wizard_id), range(clicks))
            )
        if sum(outcomes) != 1:
            raise Failure(f"return {rma_id}: processed {sum(outcomes)} times")
        self.counts["processed one by one"] += 1
        self.counts["second clicks refused"] += clicks - 1

    def click_process(self, session, wizard_id):
        """Tell whether the screen did what it says; a second click is refused in words."""
        try:
            session.call("process", "sale.rma.process", "action_process", [wizard_id])
        except Failure as error:
            if not REFUSAL.search(str(error)):
                raise
            return False
        return True

    def process_in_bulk(self, session):
        """Accept and process some, in the background."""
        rma_ids = []
        while len(rma_ids) < BULK and time.monotonic() < self.end:
            try:
                rma_ids.append(self.requested.get(timeout=1))
            except queue.Empty:
                continue
        for operation in ("accept", "process"):
            if rma_ids:
                self.run_job(session, rma_ids, operation)
        self.counts["processed in bulk"] += len(rma_ids)

    def run_job(self, session, rma_ids, operation):
        action = session.call("bulk: summary", "sale.rma", "action_bulk", rma_ids, operation)
        job_id = action["res_id"]
        if operation == "process":
            session.call(None, "sale.rma.job", "write", [job_id], {"goods_are_here": True})
        self.counts["jobs"] += 1
        session.call("bulk: start", "sale.rma.job", "action_start", [job_id])
        session.call(None, "sale.rma.job", "action_run_in_background", [job_id])  # even a few
        start = time.perf_counter()
        while True:
            job = session.call(None, "sale.rma.job", "read", [job_id], ["state", "problem_count"])
            if job[0]["state"] == "done":
                break
            if time.perf_counter() - start > 120:
                raise Failure(f"job {job_id} is not done after two minutes")
            time.sleep(0.5)
        self.note(f"bulk: {operation} {BULK} in the background", time.perf_counter() - start)
        if job[0]["problem_count"]:
            raise Failure(f"job {job_id}: {job[0]['problem_count']} not done")


class Check:
    """Whether each return that was made has had its effects, and had them once."""

    def __init__(self, env, mark):
        self.env = env
        self.returns = env["sale.rma"].search([("id", ">", mark)])

    def find_wrong(self):
        """Return in words what is not as it should be."""
        wrong = []
        for rma in self.returns:
            # quantities are derived from done moves and posted credit notes
            lines = rma.line_ids
            effects = (
                len(rma.refund_ids),
                len(rma.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")),
                rma.process_count,
                lines.mapped("qty_received") == lines.mapped("quantity"),
                lines.mapped("qty_refunded") == lines.mapped("quantity"),
                set(rma.refund_ids.mapped("state")),
            )
            expected = {
                "done": (1, 1, 1, True, True, {"posted"}),
                "accepted": (0, 1, 0, False, False, set()),
                "requested": (0, 0, 0, False, False, set()),
            }
            if effects != expected.get(rma.state):
                wrong.append(f"{rma.name} ({rma.state}): {effects}")
        for line in self.returns.line_ids.sale_line_id:
            if line.qty_delivered < 0 or line.qty_invoiced < 0 or line.qty_invoiced_posted < 0:
                wrong.append(f"{line.order_id.name}: more came back than was sold")
        jobs = self.env["sale.rma.job.line"].search([("rma_id", "in", self.returns.ids)])
        wrong += [f"{line.rma_id.name}: {line.state}" for line in jobs if line.state != "done"]
        return wrong


def report(env, load, check, logs, servers):
    """Return the section of RESULTS.md."""
    done = len(check.returns.filtered(lambda rma: rma.state == "done"))
    requests_made = sum(map(len, load.times.values()))
    errors, conflicts = read_logs(logs)
    wrong = check.find_wrong()
    quarters, most = read_memory(load.memory)
    facts = [
        ["load average of the machine before the run", number(load.busy)],
        ["returns asked for", number(load.counts["asked"])],
        ["of these finished", number(done)],
        ["finished in an hour, at this rate", number(3600 * done / load.seconds)],
        ["requests a second", number(requests_made / load.seconds)],
        ["bulk operations in the background", str(load.counts["jobs"])],
        ["second clicks, all refused", str(load.counts["second clicks refused"])],
        ["errors answered", str(len(load.errors))],
        ["errors in the servers' logs", str(len(errors))],
        ["transactions that were tried again, or put off", str(conflicts)],
        ["effects missing or done twice", str(len(wrong))],
        ["memory of a worker in each quarter of the run, MB", ", ".join(map(number, quarters))],
        ["the most a worker had, MB", number(most)],
    ]
    rows = [
        [what, str(len(times)), *(number(1000 * value) for value in read_times(times))]
        for what, times in sorted(load.times.items())
    ]
    for text in [*load.errors, *errors, *wrong]:
        say(f"  wrong: {text}")
    return [
        HEAD.format(
            title="Two servers on one database" if servers > 1 else "Two workers under load",
            seconds=load.seconds,
            servers=servers,
            clients=CUSTOMERS + STAFF + 1,
            double=DOUBLE_CLICKS,
            bulk=BULK,
            size=round(env["sale.rma"].search_count([]), -3),
            servers_text=(
                f"{servers} Odoo servers, each with two workers and two schedulers, on "
                "one database and filestore; each request goes to any of them."
                if servers > 1
                else "One Odoo server with two workers and two schedulers."
            ),
        ),
        *machine.description(env),
        "",
        *table(["", "measured"], facts),
        "",
        *table(["ms for a request", "number", "median", "95th percentile", "longest"], rows),
    ], not (load.errors or errors or wrong)


def read_times(times):
    percentile = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return median(times), percentile, max(times)


def read_memory(memory):
    """Return the mean memory of the workers in each quarter of the run, and the most one had.
    Workers that did nothing do not count."""
    series = sorted((values for values in memory.values() if len(values) > 10), key=max)[-2:]
    quarters = [
        mean(mean(values[len(values) * i // 4 : len(values) * (i + 1) // 4]) for values in series)
        for i in range(4)
    ]
    return quarters, max(map(max, series))


def read_logs(logs):
    """Return the errors in the servers' logs, and how many transactions were tried again."""
    errors, conflicts = [], 0
    for log in logs:
        lines = log.read_text(errors="replace").splitlines()
        for index, line in enumerate(lines):
            if " ERROR " in line or " CRITICAL " in line:
                if CONFLICT.search("\n".join(lines[index : index + 3])):
                    conflicts += 1
                else:
                    errors.append(line[:300])
    return errors, conflicts


def prepare(env):
    """Have the orders of two years returnable, and no first login of a user during the run."""
    env["res.company"].search([]).rma_return_days = RETURN_DAYS
    for user in env["res.users"].search([("login", "in", (*LOGINS, "admin"))]):
        env["res.users.settings"]._find_or_create_for_user(user)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--url", action="append", required=True)
    parser.add_argument("--process", action="append", type=int, required=True)
    parser.add_argument("--log", action="append", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--keep", action="store_true", help="RESULTS.md untouched")
    options = parser.parse_args()
    registry = session.open_registry(options.config)
    with registry.cursor() as cr:
        env = session.as_root(cr)
        for key, value in BULK_LIMITS.items():
            env["ir.config_parameter"].set_param(key, value)
        prepare(env)
        mark = env["sale.rma"].search([], order="id desc", limit=1).id
        load = Load(env, options.url, options.seconds)
    say(f"At work for {options.seconds} s")
    load.run(options.process)
    with registry.cursor() as cr:
        env = session.as_root(cr)
        lines, is_right = report(env, load, Check(env, mark), options.log, len(options.url))
    say("\n".join(lines))
    if not options.keep:
        results.write("servers" if len(options.url) > 1 else "load", lines)
    return 0 if is_right else 1


if __name__ == "__main__":
    raise SystemExit(main())
