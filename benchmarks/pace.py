"""`python -m benchmarks.pace --config FILE --seconds N`: how many returns an hour this machine
does, with a process at work for each core: asked for, accepted, processed, told by mail."""

import argparse
import multiprocessing
import os
import time
from functools import partial

import requests

from odoo.service.model import retrying

from . import machine, results, session
from .load import Check
from .table import number, table
from .ways import Ours
from .world import World

BATCH = 40
LINES = 1
"""Most parcels that come back hold one item."""

HEAD = """\
# Returns an hour

`make bench PACE={seconds}` writes this: {processes} processes side by side for {seconds} s, one for
each core; PostgreSQL, the printer of slips and the mail server run on the same cores. Each takes
{batch} orders at a time and does all there is to do with them: return asked for, accepted (receipt
planned, mail with the printed slip), processed (goods received and put back, credit note posted
and set against its invoice, mail), the mails sent. Each batch is a transaction, as a bulk
operation does it, and tried again where the other process changed the same stock meanwhile;
afterwards each return is seen to have had its effects, once.
"""


class Worker:
    """One process at work."""

    def __init__(self, env, order_ids):
        self.env = env
        self.orders = env["sale.order"].browse(order_ids)
        self.way = Ours(World(env))
        self.tries = 0

    def work(self, end):
        """Do batch after batch; return how many returns were done when the time was over, and how
        many batches were tried again."""
        done = 0
        for start in range(0, len(self.orders), BATCH):
            if time.time() >= end:
                return done, self.tries - done // BATCH
            orders = self.orders[start : start + BATCH]
            retrying(partial(self.run, orders), self.env)
            self.env.cr.commit()
            self.send_mails(orders)
            self.env.invalidate_all()
            done += len(orders)
        raise SystemExit("All orders are done before the time is over: make more of them.")

    def run(self, orders):
        self.tries += 1
        self.way.run(orders)

    def send_mails(self, orders):
        """Let those leave that wait, as the scheduler does."""
        domain = [("model", "=", "sale.rma"), ("state", "=", "outgoing")]
        mails = self.env["mail.mail"].sudo().search(domain)
        own = set(orders.rma_ids.ids)
        mails.filtered(lambda mail: mail.res_id in own).send(auto_commit=True)


def open_env(cr):
    return session.as_admin(cr, mail_notify_force_send=False)


def work(arguments):
    """What each process does."""
    path, order_ids, start, end = arguments
    with session.open_registry(path).cursor() as cr:
        worker = Worker(open_env(cr), order_ids)
        worker.way.run(worker.orders[:1])  # a first time loads what is loaded once
        cr.rollback()
        worker.env.invalidate_all()
        time.sleep(max(start - time.time(), 0.0))
        begin = time.time()
        done, tried_again = worker.work(end)
        return done, tried_again, time.time() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--url", required=True, help="of a server, for the printer's style sheets")
    parser.add_argument("--keep", action="store_true", help="RESULTS.md untouched")
    options = parser.parse_args()
    processes = os.cpu_count()
    registry = session.open_registry(options.config)
    requests.get(f"{options.url}/web/login", timeout=60)
    with registry.cursor() as cr:
        env = open_env(cr)
        count = processes * (options.seconds * 6 // BATCH + 1) * BATCH
        print(f"Making {count} orders, delivered and invoiced", flush=True)
        orders = World(env).sell(count, LINES)
        env["mail.mail"].sudo().search([]).unlink()
        env.cr.postcommit.clear()
        mark = env["sale.rma"].search([], order="id desc", limit=1).id
        env.cr.commit()
        parts = [orders.ids[index::processes] for index in range(processes)]
        start = time.time() + 15  # all have loaded by then
        end = start + options.seconds
        print(f"At work for {options.seconds} s", flush=True)
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            outcomes = pool.map(work, [(options.config, part, start, end) for part in parts])
        env.cr.rollback()
        env.invalidate_all()
        lines, is_right = report(env, options, outcomes, mark)
    print("\n".join(lines), flush=True)
    if not options.keep:
        results.write("pace", lines)
    return 0 if is_right else 1


def report(env, options, outcomes, mark):
    done = sum(count for count, _again, _seconds in outcomes)
    hourly = sum(3600 * count / seconds for count, _again, seconds in outcomes)
    check = Check(env, mark)
    wrong = check.find_wrong()
    mails = env["mail.mail"].sudo()
    unsent = mails.search_count([("model", "=", "sale.rma"), ("state", "!=", "sent")])
    for text in wrong:
        print(f"  wrong: {text}")
    facts = [
        ["returns done", number(done)],
        ["returns an hour", number(hourly)],
        ["batches tried again", str(sum(again for _count, again, _seconds in outcomes))],
        ["effects missing or done twice", str(len(wrong))],
        ["mails that did not leave", str(unsent)],
    ]
    head = HEAD.format(seconds=options.seconds, processes=len(outcomes), batch=BATCH)
    lines = [head, *machine.description(env), "", *table(["", "measured"], facts)]
    return lines, not (wrong or unsent) and len(check.returns) == done


if __name__ == "__main__":
    raise SystemExit(main())
