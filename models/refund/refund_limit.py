"""How many units of a sold line can be refunded (R2), beside what they cost."""

from dataclasses import dataclass

from .refund_lines import EPSILON


@dataclass
class RefundLimit:
    """What is refunded was paid, and is not kept: a unit is refunded only as far as the units that
    the customer keeps are fewer than those he paid for. Units in the sold line's unit, before what
    arrives now.

    That the customer keeps a unit and is refunded all the same is a decision; it is none to refund
    what was sent beyond what he ordered.
    """

    left: float  # invoiced and not credited
    unkept: float | None  # paid, and not with the customer; nothing is kept of a service
    unkept_of_order: float | None = None  # the same of what was ordered or billed in all

    def get_most(self, come, kept=0.0, arriving=0.0, others=0.0):
        """Return the most that can be refunded.

        :param float come: units to refund whose goods came back, or come now, or were never sent
        :param float kept: units to refund whose goods stay with the customer by decision
        :param float arriving: units of the sold line that come now
        :param float others: units of the sold line that are refunded beside these
        """
        left = self.left - others
        if self.unkept is None:
            return max(min(come + kept, left), 0.0)
        most = min(come, self.unkept + arriving - others)
        most = max(most, 0.0)
        is_theirs = come <= self.unkept_of_order + arriving - others + EPSILON
        if is_theirs:
            most += kept
        return max(min(most, left), 0.0)
