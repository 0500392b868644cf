"""What was typed on a page whose session had ended, kept until its visitor is logged in again."""

from odoo.http import request

KEY = "rma_typed"
MAX_TYPED = 64 * 1024
"""Signs kept in a session: what an honest form of dozens of items has."""
NOT_KEPT = ("csrf_token", "access_token")


def keep_typed(path, values):
    """Keep what was typed in the visitor's session, which outlives logging in.

    :param str path: of the page that shows it again
    :param dict values: strings by the names of fields
    """
    values = {
        name: value
        for name, value in values.items()
        if name not in NOT_KEPT and isinstance(value, str)
    }
    if sum(len(name) + len(value) for name, value in values.items()) <= MAX_TYPED:
        request.session[KEY] = {"path": path, "values": values}


def take_typed(path):
    """Return what was kept for a page, once; nothing if there is nothing.

    :param str path: of the page
    """
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept.get("path") != path:
        return {}
    request.session.pop(KEY)
    return kept["values"]
