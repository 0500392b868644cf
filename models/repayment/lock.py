"""Waiting for what somebody else pays at this moment."""

import time

from odoo.exceptions import LockError
from odoo.tools import SQL

LOCK_WAIT, LOCK_PAUSE = 3.0, 0.05


def wait_for_lock(records, *, touch=False):
    """Lock records; wait for a moment while somebody else has them.

    :param touch: write to them as well, so that whoever decides on what he read before is tried
        again by Odoo, and sees what is decided here
    :raise LockError: somebody else still has one of them
    """
    if not records:
        return
    last_try = time.monotonic() + LOCK_WAIT
    while len(records.try_lock_for_update(allow_referencing=True)) < len(records):
        if time.monotonic() >= last_try:
            raise LockError(
                records.env._(
                    "Somebody else is paying %(records)s back at this moment: try again.",
                    records=", ".join(records.mapped("display_name")),
                )
            )
        time.sleep(LOCK_PAUSE)
    if touch:
        table = SQL.identifier(records._table)
        ids = tuple(records.ids)
        records.env.cr.execute(
            SQL("UPDATE %s SET write_uid = write_uid WHERE id IN %s", table, ids)
        )
