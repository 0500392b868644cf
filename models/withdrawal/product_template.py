from odoo import fields, models

# CRD art. 16 (docs/law.md E). Left out, because no product can say it of itself: urgent visits for
# repair (h) and public auctions (k).
GROUNDS = [
    ("service_performed", "Service, fully performed (a)"),
    ("market_price", "Price depends on the financial market (b)"),
    ("bespoke", "Made to the consumer's specifications or clearly personalised (c)"),
    ("perishable", "Liable to deteriorate or expire rapidly (d)"),
    ("sealed_hygiene", "Sealed for health or hygiene, if unsealed after delivery (e)"),
    ("mixed", "Inseparably mixed with other items after delivery (f)"),
    ("alcohol", "Alcohol at an agreed price, delivered after 30 days or more (g)"),
    ("sealed_media", "Sealed audio, video or software, if unsealed after delivery (i)"),
    ("press", "Newspaper, periodical or magazine (j)"),
    ("dated_service", "Accommodation, transport, catering or leisure on a date (l)"),
    ("digital_content", "Digital content, begun with the consumer's consent (m)"),
]
# What has to be seen first: the withdrawal is let in, and decided when the goods arrive (L27).
GROUNDS_SEEN_ON_ARRIVAL = ("sealed_hygiene", "mixed", "sealed_media")


class ProductTemplate(models.Model):
    """Why the right of withdrawal may not exist for a product: for colleagues to know. Nothing is
    refused because of it (docs/law.md L16, L27)."""

    _inherit = "product.template"

    rma_withdrawal_ground = fields.Selection(
        selection=GROUNDS,
        string="No Right of Withdrawal",
        help="Ground of article 16 of Directive 2011/83/EU, if one applies. Withdrawals are taken "
        "all the same; colleagues are told of the ground and decide.",
    )
