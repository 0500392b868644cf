from markupsafe import escape

from odoo import api, models

HISTORY_KINDS = ("state", "notified", "refunded", "restocked", "exchanged")


class HistoryRows:
    """Rows that wait in the context for those that follow. No caller from outside can put such
    an object there, and Odoo takes no two of them for the same."""

    def __init__(self):
        self.rows = []


class SaleRma(models.Model):
    """What was done with a return, row by row: the messages of our subtypes in its thread."""

    _inherit = "sale.rma"

    @api.model
    def _get_history_subtypes(self):
        """Return {kind of row: XML id of its subtype}; who adds a kind extends it."""
        return {kind: f"sale_rma.mt_rma_{kind}" for kind in HISTORY_KINDS}

    @api.model
    def _get_history_subtype_ids(self):
        """Return the ids of the subtypes whose messages are the history."""
        # not env.ref, which asks the database each time
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return {get_id(xmlid) for xmlid in self._get_history_subtypes().values()}

    def _log_history(self, subtype, bodies):
        """Write one row of the history per return. Nobody is notified and the portal does not
        show it. Rights are the caller's to check.

        :param str subtype: a kind of row, see `_get_history_subtypes`
        :param dict bodies: {return id: str or Markup}; returns without one are skipped
        """
        self._log_history_rows([(rma, subtype, bodies[rma.id]) for rma in self if rma.id in bodies])

    def _gather_history(self):
        """Return the returns with a context in which rows of the history wait until
        `_write_gathered_history`."""
        return self.with_context(rma_history=HistoryRows())

    def _write_gathered_history(self):
        """Write the rows that waited, in the order they happened."""
        rows = self.env.context["rma_history"].rows
        self.with_context(rma_history=None)._log_history_rows(rows)

    @api.model
    def _log_history_rows(self, rows):
        """Write history rows in one go.

        :param list rows: tuples (return, subtype, body), in the order they happened
        """
        gathered = self.env.context.get("rma_history")
        if isinstance(gathered, HistoryRows):
            gathered.rows += rows
            return
        base_values = {
            "email_add_signature": False,
            "is_internal": True,
            "message_type": "notification",
            "model": self._name,
            "record_alias_domain_id": False,
            "record_company_id": False,
        }
        authors = {rma: rma._get_acting_partner() for rma, _subtype, _body in rows}
        xmlids = self._get_history_subtypes()
        subtype_ids = {
            subtype: self.env["ir.model.data"]._xmlid_to_res_id(xmlids[subtype])
            for _rma, subtype, _body in rows
        }
        self._read_message_subtypes()
        # sudo: like any log note; the history may not be written otherwise
        self.sudo()._message_create(
            [
                {
                    **base_values,
                    "author_id": authors[rma].id,
                    "email_from": authors[rma].email_formatted,
                    "reply_to": authors[rma].email_formatted,
                    "res_id": rma.id,
                    "subtype_id": subtype_ids[subtype],
                    "body": escape(body),
                }
                for rma, subtype, body in rows
            ]
        )

    @api.model
    def _read_message_subtypes(self):
        """Have the subtypes of what is written to the thread read together: the first message of
        each would read its own."""
        xmlids = ["mail.mt_comment", *self._get_history_subtypes().values()]
        ids = map(self.env["ir.model.data"]._xmlid_to_res_id, xmlids)
        self.env["mail.message.subtype"].browse(ids).mapped("internal")
