import hashlib
import hmac
import json
import logging
import uuid
from datetime import timedelta

import requests

from odoo import api, fields, models

from .sale_rma_webhook import EVENTS

_logger = logging.getLogger(__name__)

TIMEOUT = 10
"""Seconds that an address has to answer."""
MOST_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(hours=6)
KEPT_DAYS = 60


class SaleRmaEvent(models.Model):
    """What happened to a return, to be told to an address: kept until the address has it, in the
    order it happened."""

    _name = "sale.rma.event"
    _description = "Event of a Return"
    _inherit = ["sale.rma.incoming"]
    _order = "id desc"
    _rec_name = "kind"

    webhook_id = fields.Many2one(
        comodel_name="sale.rma.webhook",
        string="Address",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="webhook_id.company_id", store=True)
    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Return",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(selection=EVENTS, string="Event", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="The same each time it is sent.")
    payload = fields.Json(required=True, readonly=True)
    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("sent", "Delivered"), ("failed", "Not delivered")],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Next Try", readonly=True, default=fields.Datetime.now)
    answer = fields.Char(string="Last Answer", readonly=True)

    # === TELLING === #

    @api.model
    def _note(self, rmas, kind):
        """Write down that something happened, for each address that is told of it."""
        vals_list = []
        for company, own in rmas.grouped("company_id").items():
            if webhooks := self.env["sale.rma.webhook"]._get_told(company, kind):
                vals_list += [
                    {"webhook_id": webhook.id, "rma_id": rma.id, **rma._prepare_event(kind)}
                    for rma in own
                    for webhook in webhooks
                ]
        if vals_list:
            # sudo: written by the program, whoever makes it happen
            self.sudo().create(vals_list)
            # sudo: a job that looks for itself what is to be done
            self.env.ref("sale_rma.ir_cron_rma_events").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Send what is due, the oldest of each return first; each one is committed, so that
        nothing is sent twice because something after it fails."""
        due = self.search(
            [
                ("state", "=", "waiting"),
                ("date_next", "<=", fields.Datetime.now()),
                ("webhook_id.active", "=", True),
            ],
            order="id",
        )
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(due))
        held = self._get_held()
        for event in due:
            place = (event.webhook_id.id, event.rma_id.id)
            if place in held and held[place] < event.id:
                continue
            if event.try_lock_for_update().filtered(lambda event: event.state == "waiting"):
                event._send()
                if event.state == "waiting":
                    held[place] = min(event.id, held.get(place, event.id))
            if not crons._commit_progress(1):
                break

    @api.model
    def _get_held(self):
        """Return {(address, return): the first event that waits for its next try}: what happened
        to the return after it waits, too."""
        groups = self._read_group(
            [("state", "=", "waiting"), ("date_next", ">", fields.Datetime.now())],
            ["webhook_id", "rma_id"],
            ["id:min"],
        )
        return {(webhook.id, rma.id): first for webhook, rma, first in groups}

    def _send(self):
        """Tell the address, and write down what it answered."""
        self.ensure_one()
        body = json.dumps(self.payload, sort_keys=True).encode()
        # sudo: the secret signs, and is shown to nobody
        secret = self.webhook_id.sudo().secret or ""
        headers = {
            "Content-Type": "application/json",
            "X-Rma-Event": self.kind,
            "X-Rma-Key": self.key,
            "X-Rma-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        }
        try:
            response = requests.post(
                self.webhook_id.url,
                data=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            answer, is_taken = f"{response.status_code} {response.reason}", response.ok
        except (requests.RequestException, ValueError) as error:  # the latter: no name of a host
            answer, is_taken = type(error).__name__, False
        self._note_answer(answer[:200], is_taken)

    def _note_answer(self, answer, is_taken):
        attempts = self.attempts + 1
        values = {"answer": answer, "attempts": attempts}
        if is_taken:
            values["state"] = "sent"
        elif attempts >= MOST_ATTEMPTS:
            values["state"] = "failed"
            _logger.warning("Event %s of %s was not delivered", self.key, self.rma_id.name)
        else:
            pause = min(timedelta(minutes=2**attempts), LONGEST_PAUSE)
            values["date_next"] = fields.Datetime.now() + pause
            # sudo: a job that looks for itself what is to be done
            self.env.ref("sale_rma.ir_cron_rma_events").sudo()._trigger(at=values["date_next"])
        self.write(values)

    def action_send_again(self):
        """Have what was not delivered sent once more."""
        self.check_access("write")
        # sudo: what the program writes, for whoever keeps the addresses
        failed = self.sudo().filtered(lambda event: event.state != "sent")
        failed.write({"state": "waiting", "attempts": 0, "date_next": fields.Datetime.now()})
        self.env.ref("sale_rma.ir_cron_rma_events").sudo()._trigger()

    @api.autovacuum
    def _gc_events(self):
        """Delete what was told long ago."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        # sudo: the vacuum's, of all companies
        self.sudo().search(
            [("create_date", "<", limit), ("state", "!=", "waiting")], limit=10_000
        ).unlink()

    @api.model
    def _make_key(self):
        return str(uuid.uuid4())
