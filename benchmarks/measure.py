"""Counting queries and seconds of what is undone afterwards."""

import gc
import time
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Figures:
    """What the runs of one measure took, for each return."""

    queries: list = field(default_factory=list)
    seconds: list = field(default_factory=list)

    def add(self, number, queries, seconds):
        self.queries.append(queries / number)
        self.seconds.append(seconds / number)

    @property
    def query_count(self):
        return median(self.queries)

    @property
    def milliseconds(self):
        return median(self.seconds) * 1000


class Stopwatch:
    """Run something on committed data, count, compare, and undo it."""

    def __init__(self, env):
        self.env = env

    def measure(self, action, figures, number, after=None):
        """Run an action from an empty cache and add what it took to some figures.

        :param int number: returns it does
        :param after: called before it is undone; its value is returned
        """
        cr = self.env.cr
        cr.rollback()
        self.env.invalidate_all()
        gc.collect()
        queries, start = cr.sql_log_count, time.perf_counter()
        action()
        self.env.flush_all()
        figures.add(number, cr.sql_log_count - queries, time.perf_counter() - start)
        result = after() if after else None
        cr.rollback()
        return result
