from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError


class SaleRma(models.Model):
    """Returns processed by other programs, in one call. Their mistakes are told in words, so that
    JSON-2 answers 4xx (docs/api.md)."""

    _inherit = "sale.rma"

    def process(self, values):
        """Do with a return what the processing screen does: receive, put back, refund, exchange,
        close. What is left out is proposed as the screen proposes it.

        :param dict values: the plan of `_process`: `lines` (dicts with `rma_line` and any of
            `received`, `restock`, `warehouse`, `refund`, `keep`, `exchange`, `exchange_product`,
            `exchange_qty` (all in the sold line's unit), `exchange_price`), `refund_shipping`,
            `fee` and `adjustment` (tax included, in the order's currency), `adjustment_reason`,
            `exchange_carrier`, `repay_by`, `close`, `process_count`. Besides, `rma` (id) where it
            is not the record the method is called on, and `external_ref`, which names this call:
            with one that is known, nothing is done and the first answer is given again. Where
            neither a record nor `rma` is given, `external_ref` is that of the return too.
        :return: dict with `id`, `name`, `state`, `currency`, `amount_refunded` (tax included), and
            what was made: `refunds`, `exchanges`, `repayments`, each a list of dicts with `id`,
            `name`, `state` and `amount` (tax included)
        :raise UserError: what was said is not understood, wrong state, a quantity or an amount
            over its limit
        :raise AccessError: no right to change the return, or to read what is named
        """
        rma, reference, plan = self._read_call(values)
        rma.check_access("write")
        # sudo: read for nobody but who may change the return, which was just checked
        calls = self.env["sale.rma.call"].sudo()
        if reference and (answer := calls._find_answer(rma, reference, plan)):
            return answer
        before = rma._get_made_documents()
        self._process([plan])
        answer = rma._describe_processed(before)
        if reference:
            rma._keep_answer(reference, plan, answer)
        return answer

    def _read_call(self, values):
        """Return (return, reference of the call, plan) of what a program says.

        :raise UserError: it is no plan, or names no return, or several
        """
        if not isinstance(values, dict):
            raise UserError(self._get_value_message("values", values, "plan"))
        plan = dict(values)
        reference = self._read_reference(plan.pop("external_ref", None))
        record_id = plan.pop("rma", None)
        if len(self) > 1:
            raise UserError(self.env._("Process one return with each call."))
        if record_id is not None and self.ids not in ([], [record_id]):
            raise UserError(
                self.env._("rma: %(id)s is another return than the call is about.", id=record_id)
            )
        if self or record_id is not None:
            rma = self or self._read_record("rma", self._name, record_id)
        else:
            rma = self._get_by_external_ref(reference)
        return rma, reference, {**plan, "rma": rma.id}

    @api.model
    def _get_by_external_ref(self, reference, company_id=None):
        """Return the return that another program calls so.

        :raise UserError: there is none that the user may read, or one in each of some companies
        """
        reference = self._read_reference(reference)
        domain = [("external_ref", "=", reference)]
        if company_id is not None:
            company = self._read_record("company_id", "res.company", company_id)
            domain.append(("company_id", "=", company.id))
        found = self.search(domain, limit=2) if reference else self.browse()
        if not found:
            raise UserError(
                self.env._(
                    "external_ref: there is no return %(reference)s that you may read.",
                    reference=self._format_value(reference),
                )
            )
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "external_ref: several companies have a return %(reference)s. Say which one "
                    "with company_id.",
                    reference=self._format_value(reference),
                )
            )
        return found

    def _keep_answer(self, reference, plan, answer):
        """Write down what a call was answered.

        :raise ConcurrencyError: another transaction had the same call done since this one began:
            tried again, its answer is found
        """
        # sudo: whoever may process the return may say under which reference
        calls = self.env["sale.rma.call"].sudo()
        try:
            with self.env.cr.savepoint():
                calls.create(
                    {
                        "rma_id": self.id,
                        "external_ref": reference,
                        "plan_hash": calls._get_hash(plan),
                        "answer": answer,
                    }
                )
        except IntegrityError as error:
            raise ConcurrencyError("The same call was done meanwhile") from error

    # === WHAT IS ANSWERED === #

    def _get_made_documents(self):
        """Return {key of the answer: documents of the return}."""
        self.ensure_one()
        # sudo: names and amounts of the return's own documents, for whoever may change it
        rma = self.sudo()
        return {
            "refunds": rma.refund_ids,
            "exchanges": rma.exchange_order_ids,
            "repayments": rma.repayment_ids,
        }

    def _describe_processed(self, before=None):
        """Say how the return stands and what was made.

        :param dict before: `_get_made_documents` of before, which are left out
        """
        before = before or {}
        return {
            **self._describe_state(),
            **{
                key: [
                    self._describe_document(record)
                    for record in records - before.get(key, records.browse())
                ]
                for key, records in self._get_made_documents().items()
            },
        }

    def _describe_state(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "external_ref": self.external_ref or None,
            "rma_type": self.rma_type,
            "state": self.state,
            "currency": self.currency_id.name,
            "amount_refunded": self.amount_refunded,
        }

    def _describe_document(self, record):
        """Return a document as programs read it; amounts tax included, in its own currency."""
        name = "amount_total" if "amount_total" in record else "amount"
        return {
            "id": record.id,
            "name": record.name if "name" in record else record.display_name,
            "state": record.state,
            "amount": record[name],
            "currency": record.currency_id.name,
        }
