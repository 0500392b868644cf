from ...tools.quantity_field import is_countable, round_units

# quantities that follow from the others
FOLLOWING = ("refund", "restock", "exchange_qty")


class ProcessProposal:
    """What follows from what came back of returned items (R10): how many are refunded, put back
    for sale and exchanged; in the sold lines' units.

    What the orders' documents say is read once for all items. Those of one sold line share what
    is left to refund of it.
    """

    def __init__(self, rma_lines):
        engine = rma_lines.env["sale.rma.refund"]
        self._limits = engine._get_refund_limits(rma_lines.sale_line_id)
        self._settled = rma_lines._get_qty_settled_uninvoiced()

    def get_refund(self, rma_line, received, keep, others=0.0, others_arriving=0.0):
        """Return the units to refund: of what came back or the customer keeps, as far as it was
        paid and is not kept all the same, nor credited, nor settled by what the order is not
        billed any more.

        :param float received: units that came back, in all
        :param bool keep: the customer keeps what did not come back
        :param float others: units that other items of the screen refund of the same sold line
        :param float others_arriving: units that come now with these
        """
        if not rma_line._is_given_back() and not keep:
            return 0.0
        done = self._settled[rma_line] + get_qty_credited(rma_line)
        come = get_qty_come(rma_line, received) - done
        most = rma_line.quantity - done if keep else come
        come = min(come, most)
        refund = self._limits[rma_line.sale_line_id].get_most(
            max(come, 0.0),
            kept=max(most - max(come, 0.0), 0.0),
            arriving=max(received - rma_line.qty_received, 0.0) + others_arriving,
            others=others,
        )
        return max(round_units(rma_line.product_uom_id, refund), 0.0)

    def get_restock(self, rma_line, received):
        """Return the units to put back for sale: what is unfit by its reason, or was put elsewhere,
        stays where it is."""
        in_returns = get_qty_in_returns(rma_line, received)
        if not in_returns or not rma_line._is_fit_for_sale():
            return 0.0
        return max(
            round_units(rma_line.product_uom_id, in_returns - rma_line._get_qty_off_sale()), 0.0
        )

    def follow(self, rma_line, values, given, before=None, others=0.0, others_arriving=0.0):
        """Return what follows from the others, and what is proposed: what was typed stays, as far
        as there is as much.

        :param dict values: `received`, `keep`, `refund`, `restock`, `exchange`, `exchange_qty` as
            they are
        :param given: names of those that were given just now, and stay as they are
        :param dict before: what was proposed before: a quantity that equals it was not typed
        :param float others: units that other items refund of the same sold line
        :param float others_arriving: units that come now with these
        :return: two dicts, {name: value}
        """
        received = values["received"]
        if not is_countable(received):
            return {}, {}
        before = before or dict.fromkeys(FOLLOWING, 0.0)
        unit, keep = rma_line.product_uom_id, values["keep"]
        if "refund" in given and "keep" not in given:
            keep = keep or get_qty_kept(rma_line, received, values["refund"]) > 0
        following, proposed = {"keep": keep}, {}

        def propose(name, quantity, most):
            proposed[name] = quantity
            if name not in given:
                following[name] = _get_followed(unit, values[name], before[name], quantity, most)

        come = max(get_qty_come(rma_line, received) - get_qty_credited(rma_line), 0.0)
        propose(
            "refund",
            self.get_refund(rma_line, received, keep, others, others_arriving),
            rma_line.quantity if keep else come,
        )
        propose(
            "restock",
            self.get_restock(rma_line, received),
            get_qty_in_returns(rma_line, received),
        )
        refund = following.get("refund", values["refund"])
        to_send = 0.0
        if values["exchange"]:
            to_send = get_qty_to_exchange(rma_line, received, keep, refund)
        propose("exchange_qty", to_send, to_send)
        return following, proposed


def _get_followed(unit, value, before, proposed, most):
    """Return a quantity after others changed: what was typed stays, up to what is there."""
    if not is_countable(value) or not is_countable(before):
        return value
    if unit.compare(value, before) == 0:
        return proposed
    return min(value, most)


def get_qty_come(rma_line, received):
    """Return the units asked for whose goods are not missing: what came back, or was withdrawn
    before it was sent; of a service, all."""
    if rma_line.product_id.type == "service":
        return rma_line.quantity
    return min(received, rma_line._get_qty_to_come_back()) + rma_line.qty_unsent


def get_qty_credited(rma_line):
    """Return the units credited before, drafts included."""
    return rma_line.sudo()._get_qty_credited()  # credit notes are accounting's; a number gets out


def get_qty_in_returns(rma_line, received):
    """Return the units that came back and were not put back for sale before."""
    return max(round_units(rma_line.product_uom_id, received - rma_line.qty_restocked), 0.0)


def get_qty_kept(rma_line, received, refund):
    """Return the units credited, with those refunded now, whose goods did not come back."""
    if rma_line.product_id.type == "service" or not refund > 0:
        return 0.0
    if not is_countable(received) or not is_countable(refund):
        return 0.0
    kept = refund + get_qty_credited(rma_line) - get_qty_come(rma_line, received)
    return max(round_units(rma_line.product_uom_id, kept), 0.0)


def get_qty_to_exchange(rma_line, received, keep, refund):
    """Return the most that can be sent instead: of what came back, or is refunded while the
    customer keeps it, what was not exchanged before."""
    settled = get_qty_come(rma_line, received)
    if rma_line.product_id.type != "service":
        settled -= rma_line.qty_unsent
    if keep and is_countable(refund):
        settled = max(settled, min(get_qty_credited(rma_line) + refund, rma_line.quantity))
    return max(round_units(rma_line.product_uom_id, settled - rma_line.qty_exchanged), 0.0)
