from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

EVENTS = [
    ("requested", "Requested"),
    ("accepted", "Accepted"),
    ("arrived", "Goods arrived"),
    ("refunded", "Refunded"),
    ("repaid", "Repaid"),
    ("done", "Done"),
    ("refused", "Refused"),
]


class SaleRmaWebhook(models.Model):
    """An address that is told what happens to returns (docs/api.md, *Events*)."""

    _name = "sale.rma.webhook"
    _description = "Address That Is Told of Returns"
    _inherit = ["sale.rma.incoming", "sale.rma.cached"]
    _cached_by = frozenset({"company_id", "active", "name"})
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    active = fields.Boolean(default=True)
    url = fields.Char(string="Address", required=True, help="Called by POST, such as https://...")
    secret = fields.Char(
        required=True,
        groups="base.group_system",
        help="Known to both sides: what is sent is signed with it.",
    )
    on_requested = fields.Boolean(string="Requested", default=True)
    on_accepted = fields.Boolean(string="Accepted", default=True)
    on_arrived = fields.Boolean(string="Goods Arrived", default=True)
    on_refunded = fields.Boolean(string="Refunded", default=True)
    on_repaid = fields.Boolean(string="Repaid", default=True)
    on_done = fields.Boolean(string="Done", default=True)
    on_refused = fields.Boolean(string="Refused", default=True)
    event_ids = fields.One2many(
        comodel_name="sale.rma.event", inverse_name="webhook_id", string="Events"
    )
    failed_count = fields.Integer(string="Not Delivered", compute="_compute_failed_count")

    @api.depends("event_ids.state")
    def _compute_failed_count(self):
        groups = self.env["sale.rma.event"]._read_group(
            [("webhook_id", "in", self.ids), ("state", "=", "failed")],
            ["webhook_id"],
            ["__count"],
        )
        counts = {webhook.id: count for webhook, count in groups}
        for webhook in self:
            webhook.failed_count = counts.get(webhook._origin.id, 0)

    @api.constrains("url")
    def _check_url(self):
        """:raise ValidationError: no address that can be called"""
        for webhook in self:
            try:
                parts = urlsplit(webhook.url)
                is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
            except ValueError:
                is_address = False
            if not is_address or not webhook.url.isascii() or len(webhook.url) > 2000:
                raise ValidationError(
                    self.env._(
                        "%(webhook)s: the address has to begin with https:// (or http://).",
                        webhook=webhook.name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_told(self, company, event):
        """Return the addresses that are told of an event of a company's returns."""
        # sudo: read by the program, whoever makes it happen
        return self.sudo().browse(self._get_ids(company.id)).filtered(f"on_{event}")

    @api.model
    @ormcache("company_id")
    def _get_ids(self, company_id):
        """Looked up once: most shops have none, and every step of every return asks."""
        # sudo: ids only, looked up for whoever's step it is
        return tuple(self.sudo().search([("company_id", "=", company_id)]).ids)

    def action_open_events(self):
        """Return the list of what was told."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Events"),
            "res_model": "sale.rma.event",
            "view_mode": "list,form",
            "domain": [("webhook_id", "=", self.id)],
        }
