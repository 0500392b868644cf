"""Returns beside Odoo by hand and beside the floor: queries and seconds for each."""

import time
from collections import defaultdict

from odoo.tests import Form

from .measure import Figures, Stopwatch
from .table import number, ratio, table
from .ways import ByHand, Floor, Ours, OursByScreens
from .world import World, end_state

ALONE = 40
BATCHES = {40: 5, 400: 2}  # returns: rounds
GROWTH = (1, 3, 10, 50)
GROWTH_ROUNDS = 5
LINES = 3
FURTHER_LINE_BAR = 6
ALONE_BAR = 1.15
BATCH_BAR = 0.85
SCREENS_BARS = {"queries": 1.2, "time": 1.15}  # people work screen by screen
TYPED_LINES = 25
TYPED_ROUNDS = 5
TYPED_BAR = 15


class ReturnsBench:
    """All ways take turns on the same orders, each of them first at times, so that a busy moment
    of the machine hits all."""

    def __init__(self, env, say):
        self.env = env
        self.say = say
        self.world = World(env)
        self.stopwatch = Stopwatch(env)
        self.alone = defaultdict(Figures)
        self.batches = defaultdict(Figures)
        self.growth = defaultdict(Figures)
        self.typed = Figures()

    def run(self, alone=ALONE, batches=None, growth=GROWTH):
        """Measure all, and return the tables as lines of Markdown."""
        batches = BATCHES if batches is None else batches
        self.prepare(alone, batches, growth)
        for index in range(alone):
            self.measure_alone(self.orders[index])
        for size, rounds in batches.items():
            for _round in range(rounds):
                self.measure_batch(self.orders[:size])
        for lines in growth:
            for order in self.orders_by_lines[lines]:
                self.measure_growth(order, lines)
        for _round in range(TYPED_ROUNDS):
            self.measure_typed()
        return self.report(batches, growth)

    def prepare(self, alone, batches, growth):
        number_of_orders = max([alone, *batches])
        self.say(f"Making {number_of_orders} orders of {LINES} lines, delivered and invoiced")
        self.orders = self.world.sell(number_of_orders, LINES)
        self.orders_by_lines = {
            lines: self.world.sell(GROWTH_ROUNDS, lines) for lines in sorted(growth)
        }
        self.env.cr.commit()
        self.say("Warming up")
        spare = self.world.sell(8, LINES)
        for index, way_class in enumerate((ByHand, Floor, Ours, OursByScreens)):
            way_class(self.world).run(spare[2 * index : 2 * index + 2])
        self.screen = self.open_screen(TYPED_LINES)
        self.env.cr.commit()

    def open_screen(self, lines):
        """Return the processing screen of an accepted return of so many lines."""
        rma = Ours(self.world).create_returns(self.world.sell(1, lines))
        rma.action_accept()
        return self.env["sale.rma.process"].create({"rma_id": rma.id})

    def measure_alone(self, order):
        self.compare((ByHand, Floor, Ours, OursByScreens), order, self.alone)

    def measure_batch(self, orders):
        self.say(f"A batch of {len(orders)}")
        self.compare((Floor, Ours), orders, self.batches, len(orders))

    def measure_growth(self, order, lines):
        self.compare((Floor, Ours), order, self.growth, lines)

    def measure_typed(self):
        """Type one quantity on the screen, as the web client asks what follows from it: a request
        of its own, which reads anew what it needs."""
        cr = self.env.cr
        cr.rollback()
        self.env.invalidate_all()
        with Form(self.screen) as form, form.line_ids.edit(1) as line:
            self.env.invalidate_all()
            queries, start = cr.sql_log_count, time.perf_counter()
            line.qty_received = 0.0
            self.typed.add(1, cr.sql_log_count - queries, time.perf_counter() - start)
        cr.rollback()

    def compare(self, way_classes, orders, figures, *key):
        """Measure the ways on the same orders and see that they end in the same state; another way
        begins each round."""
        states = {}
        first = len(figures[(way_classes[0], *key)].seconds) % len(way_classes)
        for way_class in way_classes[first:] + way_classes[:first]:
            way = way_class(self.world)
            states[way_class] = self.stopwatch.measure(
                lambda way=way: way.run(orders),
                figures[(way_class, *key)],
                len(orders),
                after=lambda: end_state(self.world, orders),
            )
        expected = states[Floor]
        for way_class, state in states.items():
            for part in expected:
                if state[part] != expected[part]:
                    raise AssertionError(
                        f"{way_class.title} ends in another state than the floor: "
                        f"{part}\n{state[part]}\n{expected[part]}"
                    )

    # === REPORT === #

    def report(self, batches, growth):
        lines = [f"## One return of {LINES} lines", "", *self.table_alone(), ""]
        lines += [f"## Batches of returns of {LINES} lines", "", *self.table_batches(batches), ""]
        lines += ["## Lines per return", "", *self.table_growth(growth), ""]
        return [*lines, "## Bars", "", *self.table_bars(batches, growth)]

    def table_alone(self):
        floor = self.alone[Floor,]
        return table(
            ["", "queries", "ms", "queries / floor", "time / floor"],
            [
                [
                    way_class.title,
                    number(figures.query_count),
                    number(figures.milliseconds),
                    ratio(figures.query_count, floor.query_count),
                    ratio(figures.milliseconds, floor.milliseconds),
                ]
                for (way_class,), figures in self.alone.items()
            ],
        )

    def table_batches(self, batches):
        rows = []
        for size in batches:
            floor = self.batches[Floor, size]
            for way_class in (Floor, Ours):
                figures = self.batches[way_class, size]
                rows.append(
                    [
                        f"{way_class.title}, {size} at once",
                        number(figures.query_count),
                        number(figures.milliseconds),
                        ratio(figures.query_count, floor.query_count),
                        ratio(figures.milliseconds, floor.milliseconds),
                        number(3600_000 / figures.milliseconds),
                    ]
                )
        return table(
            ["per return", "queries", "ms", "queries / floor", "time / floor", "returns / hour"],
            rows,
        )

    def table_growth(self, growth):
        rows = []
        for lines in growth:
            floor, ours = self.growth[Floor, lines], self.growth[Ours, lines]
            rows.append(
                [
                    str(lines),
                    number(floor.query_count),
                    number(ours.query_count),
                    number(floor.milliseconds),
                    number(ours.milliseconds),
                ]
            )
        return table(["lines", "floor, queries", "ours, queries", "floor, ms", "ours, ms"], rows)

    def table_bars(self, batches, growth):
        alone, floor = self.alone[Ours,], self.alone[Floor,]
        screens = self.alone[OursByScreens,]
        rows = [
            self.bar(
                "one return, queries", alone.query_count / floor.query_count, ALONE_BAR, "× floor"
            ),
            self.bar(
                "one return, time", alone.milliseconds / floor.milliseconds, ALONE_BAR, "× floor"
            ),
            self.bar(
                "screen by screen, queries",
                screens.query_count / floor.query_count,
                SCREENS_BARS["queries"],
                "× floor",
            ),
            self.bar(
                "screen by screen, time",
                screens.milliseconds / floor.milliseconds,
                SCREENS_BARS["time"],
                "× floor",
            ),
            self.bar(
                f"one quantity typed, {TYPED_LINES} lines",
                self.typed.query_count,
                TYPED_BAR,
                "queries",
            ),
        ]
        for size in batches:
            ours, floor = self.batches[Ours, size], self.batches[Floor, size]
            rows += [
                self.bar(
                    f"{size} at once, queries",
                    ours.query_count / floor.query_count,
                    BATCH_BAR,
                    "× floor",
                ),
                self.bar(
                    f"{size} at once, time",
                    ours.milliseconds / floor.milliseconds,
                    BATCH_BAR,
                    "× floor",
                ),
            ]
        if len(growth) > 1:
            few, many = min(growth), max(growth)
            added = self.growth[Ours, many].query_count - self.growth[Ours, few].query_count
            rows.append(
                self.bar("each further line", added / (many - few), FURTHER_LINE_BAR, "queries")
            )
        if len(batches) > 1:
            small, large = min(batches), max(batches)
            slower = self.batches[Ours, large].milliseconds / self.batches[Ours, small].milliseconds
            rows.append(self.bar(f"{large} at once beside {small}, time", slower, 1.0, "×"))
        return table(["bar", "measured", "at most", ""], rows)

    def bar(self, title, value, limit, unit):
        return [title, f"{value:.2f} {unit}", f"{limit:g}", "met" if value <= limit else "missed"]
