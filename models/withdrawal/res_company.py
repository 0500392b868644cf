from odoo import fields, models

from ...tools.number_field import Count


class ResCompany(models.Model):
    """Settings of the right of withdrawal."""

    _inherit = "res.company"

    rma_withdrawal_link = fields.Boolean(
        string="Withdrawal Function",
        default=True,
        help="Show the link to the withdrawal function on every page, on orders and in their "
        "mails. Shops that sell to consumers in the European Union need it.",
    )
    rma_withdrawal_days = Count(
        string="Withdrawal Period",
        default=14,
        help="Days in which consumers can withdraw, from the day they received the last delivery, "
        "that day not counted. 14 is the least there is by law.",
    )
    rma_transit_days = Count(
        string="Days in Transit",
        default=7,
        help="Days from dispatch to the customer's door at most, where neither the delivery says "
        "when it arrived nor its delivery method how long it takes.",
    )
    rma_withdrawal_shipping = fields.Selection(
        selection=[("none", "Nothing"), ("share", "Its share by value")],
        string="Shipping of Partial Withdrawals",
        required=True,
        default="none",
        help="What of the outbound delivery is given back when only a part of an order is "
        "withdrawn from. When all of it is, the standard delivery is.",
    )
    rma_legal_interest_rate = fields.Float(
        string="Legal Interest",
        default=5.0,
        help="Percent a year: what a late refund of a withdrawal costs. In France the law adds "
        "more from the eleventh day on, by itself.",
    )
    rma_withdrawal_log_ip = fields.Boolean(
        string="Keep the IP Address of Withdrawals",
        help="Keep with each withdrawal the address it came from. Personal data: say so in the "
        "privacy notice.",
    )
    rma_withdrawal_retention_years = Count(
        string="Keep Withdrawals For",
        default=5,
        help="Years after which the evidence of withdrawals is deleted.",
    )

    _rma_withdrawal_days_statutory = models.Constraint(
        "CHECK (rma_withdrawal_days >= 14)",
        "The withdrawal period cannot be shorter than the 14 days of the law.",
    )
    _rma_legal_interest_rate = models.Constraint(
        "CHECK (rma_legal_interest_rate BETWEEN 0 AND 100)",
        "The legal interest is a percentage between 0 and 100.",
    )
    _rma_transit_days_positive = models.Constraint(
        "CHECK (rma_transit_days >= 0)",
        "The days in transit cannot be negative.",
    )
    _rma_withdrawal_retention_positive = models.Constraint(
        "CHECK (rma_withdrawal_retention_years BETWEEN 1 AND 100)",
        "Withdrawals are kept for a year at least, and a hundred at most.",
    )
