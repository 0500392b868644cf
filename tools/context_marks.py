class TrustedIds(frozenset):
    """Ids that this addon itself put into the context. A class of its own, as no caller from
    outside can put one there."""


class Mark:
    """What this addon puts into the context to say that it is itself at work. No caller from
    outside can send it: what comes by RPC is text, numbers, lists and dicts."""


OURS = Mark()


class ReconcilePlan:
    """Lines that are to be reconciled, gathered in the context. No caller from outside can put
    such an object there, and Odoo takes no two of them for the same."""

    def __init__(self):
        self.line_ids = []


class PreparedRefund:
    """The refund transaction that was written and committed before the provider is asked: no
    other one is made for it. No caller from outside can put such an object into the context."""

    def __init__(self, transaction):
        self.transaction = transaction
