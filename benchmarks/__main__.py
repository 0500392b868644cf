"""`python -m benchmarks --config FILE`: measure, print the tables, write them to RESULTS.md."""

import argparse
import time

from . import results, session

HEAD = """\
# How fast

`make bench` writes this. Figures are medians for one return. All ways take turns on the same
orders (ordered, delivered and invoiced two of each product; one of each comes back and is
credited) and every run is seen to end in the same state: quantities of the order, stock, credit
note, what is left of the invoice. *Floor* is that state written straight with the ORM, without a
document, a check or a message; ours has all of these: return, planned receipt, two mails to the
customer, history. *Screen by screen* is the same by a person: each click is a request that reads
anew what it needs, as the one that tells what follows from one quantity typed on the processing
screen. Compare figures of one run only.

What one return has and the floor has not takes queries too. Counted once by the caller of each
query, on 2026-11-24, on a database where ours takes 248 and the floor 253: two mails 44, the
return and its items 28, what is to be refunded 10, reference 4, history 3, locks 2, screen 2;
receipt, credit note and order take less than the floor's, as much is looked up and locked once.
"""


def say(text=""):
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--quick", action="store_true", help="fewer runs, RESULTS.md untouched")
    options = parser.parse_args()
    start = time.monotonic()
    with session.open_registry(options.config).cursor() as cr:
        lines = measure(session.as_admin(cr), options.quick)
    say()
    say("\n".join(lines))
    say(f"\n{time.monotonic() - start:.0f} s in all")
    if not options.quick:
        results.write("speed", [HEAD, *lines])


def measure(env, quick):
    from . import machine
    from .returns import ReturnsBench

    bench = ReturnsBench(env, say)
    tables = bench.run(alone=4, batches={40: 2}, growth=(1, 10)) if quick else bench.run()
    return [*machine.description(env), "", *tables]


main()
