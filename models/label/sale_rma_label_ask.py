import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
PAUSES = (5, 15, 60, 240)
"""Minutes after each try that failed."""
LOST_AFTER = timedelta(minutes=15)
"""A carrier that was asked so long ago, by a server that ended, is asked again."""


class SaleRmaLabel(models.Model):
    """The job that asks carriers for labels."""

    _inherit = "sale.rma.label"

    @api.model
    def _cron_ask(self):
        """Ask for what is wanted, one after the other; each step is committed, so that what a
        carrier gave is kept whatever happens after it."""
        now = fields.Datetime.now()
        due = self.search(
            [
                "|",
                "&",
                ("state", "=", "wanted"),
                ("date_next", "<=", now),
                "&",
                ("state", "=", "asked"),
                ("write_date", "<", now - LOST_AFTER),
            ],
            order="id",
        )
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(due))
        for label in due:
            own = label.try_lock_for_update()
            if own.filtered(lambda label: label.state in ("wanted", "asked")):
                own.state = "asked"
                crons._commit_progress()
                own._ask()
            if not crons._commit_progress(1):
                break

    def _ask(self):
        """Ask the carrier, and write down what came of it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._get_from_carrier()
        except Exception as error:
            self._note_failure(str(error) or type(error).__name__)
        else:
            self._tell()

    def _get_from_carrier(self):
        """Take the label that is on the receipt already, else have the carrier make one.

        :raise UserError: the carrier refuses, or gave none
        """
        receipt = self.picking_id
        if receipt.state in (False, "done", "cancel"):
            receipt = self.rma_id.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )[:1]
        if not receipt:
            self.write({"state": "void", "message": self.env._("No receipt is planned any more.")})
            return
        receipt.carrier_id = self.carrier_id
        if not receipt.return_label_ids:
            self.carrier_id.get_return_label(receipt)
            receipt.invalidate_recordset(["return_label_ids"])
        file = receipt.return_label_ids[:1]
        if not file:
            raise ValueError(self.env._("The carrier gave no label."))
        self.write(
            {
                "state": "done",
                "picking_id": receipt.id,
                "attachment_id": file.id,
                "tracking_ref": receipt.carrier_tracking_ref,
                "message": False,
            }
        )
        if self.tracking_ref and not self.rma_id.tracking_ref:
            self.rma_id.tracking_ref = self.tracking_ref

    def _note_failure(self, words):
        """Try again later, and in the end tell the return's manager: the slip goes meanwhile."""
        attempts = self.attempts + 1
        values = {"attempts": attempts, "message": words[:500], "state": "failed"}
        if attempts < MOST_ATTEMPTS:
            pause = timedelta(minutes=PAUSES[attempts - 1])
            values.update(state="wanted", date_next=fields.Datetime.now() + pause)
            self._trigger(at=values["date_next"])
        self.write(values)
        if values["state"] == "failed":
            _logger.warning("No label for %s: %s", self.rma_id.name, words)
            self.rma_id._schedule_label_activity(self)

    def _tell(self):
        """Mail the label to the customer."""
        self.ensure_one()
        if self.state != "done" or self.rma_id.state not in ("accepted", "processing"):
            return
        rma = self.rma_id.with_context(lang=self.rma_id.partner_id.lang)
        copy = self.attachment_id.copy({"res_model": rma._name, "res_id": rma.id})
        rma._post_to_customer(
            rma.env._(
                "Here is the label for your return %(rma)s: print it and stick it on the parcel.",
                rma=rma.name,
            ),
            attachment_ids=copy.ids,
        )

    def _void(self):
        """Give up labels whose returns ended; where the carrier can, it takes them back."""
        for label in self.filtered(lambda label: label.state != "void"):
            name = f"{label.carrier_id.delivery_type}_cancel_return_label"
            values = {"state": "void"}
            if label.state == "done" and hasattr(label.carrier_id, name):
                try:
                    with self.env.cr.savepoint():
                        getattr(label.carrier_id, name)(label.picking_id)
                except Exception as error:
                    _logger.warning("The label of %s was not taken back", label.rma_id.name)
                    values["message"] = str(error)[:500]
            label.write(values)
