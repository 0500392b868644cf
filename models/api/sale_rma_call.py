import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError


class SaleRmaCall(models.Model):
    """What another program had done with a return under a reference of its own, and what it was
    answered: asked again, nothing is done and the answer is the same."""

    _name = "sale.rma.call"
    _description = "Processing Asked for by a Program"
    _inherit = ["sale.rma.incoming"]

    rma_id = fields.Many2one("sale.rma", required=True, index=True, ondelete="cascade")
    external_ref = fields.Char(string="External Reference", required=True)
    plan_hash = fields.Char(required=True, help="Of what was asked for, to tell another plan.")
    answer = fields.Json(required=True)

    _external_ref_uniq = models.UniqueIndex(
        "(rma_id, external_ref)", "This reference was used on this return already."
    )

    def _get_hash(self, plan):
        """Return what tells one plan from another."""
        text = json.dumps(plan, sort_keys=True, default=repr)
        return hashlib.sha256(text.encode()).hexdigest()

    def _find_answer(self, rma, reference, plan):
        """Return what a call with this reference was answered, None if there was none.

        :raise UserError: the same reference with another plan
        """
        call = self.search([("rma_id", "=", rma.id), ("external_ref", "=", reference)], limit=1)
        if not call:
            return None
        if call.plan_hash != self._get_hash(plan):
            raise UserError(
                self.env._(
                    "external_ref: %(reference)s was used to process %(rma)s with another plan. "
                    "Give this call a reference of its own.",
                    reference=reference,
                    rma=rma.name,
                )
            )
        return call.answer
