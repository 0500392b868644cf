from odoo import fields, models

from ...tools.number_field import Amount, Count


class ResCompany(models.Model):
    """What goes by itself, and how far."""

    _inherit = "res.company"

    rma_rule_refund_max = Amount(
        string="Most Refunded by Itself on a Return",
        default=200.0,
        help="Tax included, in the company's currency. Rules say when money goes by itself; above "
        "this a colleague decides. 0: nothing goes by itself.",
    )
    rma_rule_refund_day_max = Amount(
        string="Most Refunded by Itself in a Day",
        default=2000.0,
        help="Of all returns of the company, tax included, in its currency.",
    )
    rma_keep_max = Count(
        string="Returns with Items Kept",
        default=2,
        help="How many returns of a customer within 12 months may have items that a rule lets him "
        "keep.",
    )
    rma_reminder_days = Count(
        string="Days until the Parcel Is Asked For",
        default=0,
        help="Customers who have not sent an accepted return after so many days are reminded once. "
        "0: never.",
    )
    rma_expiry_reminder_days = Count(
        string="Days before the Last Day",
        default=0,
        help="Customers are reminded once, so many days before an accepted return closes. "
        "0: never.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    rma_rule_refund_max = Amount(
        related="company_id.rma_rule_refund_max",
        readonly=False,
        currency_field="company_currency_id",
    )
    rma_rule_refund_day_max = Amount(
        related="company_id.rma_rule_refund_day_max",
        readonly=False,
        currency_field="company_currency_id",
    )
    rma_keep_max = Count(related="company_id.rma_keep_max", readonly=False)
    rma_reminder_days = Count(related="company_id.rma_reminder_days", readonly=False)
    rma_expiry_reminder_days = Count(related="company_id.rma_expiry_reminder_days", readonly=False)
