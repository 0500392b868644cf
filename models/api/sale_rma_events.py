from odoo import fields, models

VERSION = 1
"""Of what is sent: raised when a key is taken away or means something else."""


class SaleRma(models.Model):
    """What happens to returns is told to the addresses that want to know (docs/api.md)."""

    _inherit = "sale.rma"

    def _prepare_event(self, kind):
        """Return what is written down of something that happened."""
        self.ensure_one()
        key = self.env["sale.rma.event"]._make_key()
        # sudo: the shop's own address is told, whoever makes it happen
        rma = self.sudo()
        return {
            "kind": kind,
            "key": key,
            "payload": {
                "version": VERSION,
                "key": key,
                "event": kind,
                "date": fields.Datetime.to_string(fields.Datetime.now()),
                "company": rma.company_id.name,
                "order": rma.order_id.name,
                "rma": {
                    **rma._describe_processed(),
                    "dates": rma._describe_dates(),
                    "lines": [line._describe() for line in rma.line_ids],
                },
            },
        }

    def _on_requested(self):
        super()._on_requested()
        self.env["sale.rma.event"]._note(self, "requested")

    def _on_accepted(self):
        super()._on_accepted()
        self.env["sale.rma.event"]._note(self, "accepted")

    def _on_goods_received(self):
        super()._on_goods_received()
        self.env["sale.rma.event"]._note(self, "arrived")

    def _on_refund_posted(self, moves):
        super()._on_refund_posted(moves)
        self.env["sale.rma.event"]._note(self, "refunded")

    def _on_done(self):
        super()._on_done()
        self.env["sale.rma.event"]._note(self, "done")

    def _on_refused(self):
        super()._on_refused()
        self.env["sale.rma.event"]._note(self, "refused")
