"""No key of ours in the context that a caller can send changes anything."""

import re
from pathlib import Path

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path

from .common_attacks import AttackCommon

READ = re.compile(r"context(?:\.get\(|\[)\s*\"(rma_\w+)\"")
FORGED = (True, [], {}, 1, "x")
# Those that only ever make something be refused: tested where they do.
REFUSING = {"rma_shown"}


@tagged("post_install", "-at_install")
class TestContextKeys(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.action_accept()
        cls.reader = cls._make_user("reader", "stock.group_stock_user")

    def _get_operations(self):
        """Return {key: operation that reads it; it takes the environment to use and returns what
        it showed and wrote, in a form that compares}."""
        return {
            "rma_reconcile_plan": self._reconcile,
            "rma_just_made": self._process_return,
            "rma_refund": self._describe_fields,
            "rma_history": self._process_return,
            "rma_locked_quants": self._lock_quant,
            "rma_mail": self._compile_text,
            "rma_own_link": self._get_signup,
            "rma_program": self._process_return,
            "rma_erased": self._delete_withdrawal,
            "rma_holds_place": self._change_operation,
            "rma_posting": self._write_in_anothers_name,
            "rma_prepared_refund": self._refund_payment,
            "rma_sister_of": self._find_products,
        }

    def test_every_key_of_ours_is_tried(self):
        keys = set()
        for package in ("models", "wizard", "controllers", "report"):
            for path in Path(file_path(f"sale_rma/{package}")).rglob("*.py"):
                keys |= set(READ.findall(path.read_text()))
        self.assertIn("rma_history", keys)
        self.assertEqual(keys - REFUSING, set(self._get_operations()))

    def test_no_key_that_can_be_sent_changes_anything(self):
        for key, operate in self._get_operations().items():
            honest = self._try(operate, {})
            for value in FORGED:
                with self.subTest(key=key, value=value):
                    self.assertEqual(self._try(operate, {key: value}), honest)

    def _try(self, operate, context):
        """Return what an operation does with a context; nothing of it stays."""
        with self.cr.savepoint() as savepoint:
            self.env.invalidate_all()
            result = operate(self.env(context={**self.env.context, **context}))
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        return result

    # === OPERATIONS === #

    def _process_return(self, env):
        rma = env["sale.rma"].browse(self.own.id)
        env["sale.rma.process"].browse(rma.action_process()["res_id"]).action_process()
        rma = self.env["sale.rma"].browse(rma.id)
        refund = rma.refund_ids
        return (
            (rma.state, rma.process_count, len(rma.message_ids), len(rma.history_ids)),
            (refund.state, refund.amount_total, refund.payment_state, len(rma.picking_ids)),
        )

    def _reconcile(self, env):
        move = env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-01",
                "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 5, "tax_ids": []})],
            }
        )
        move.action_post()
        lines = (move | env["account.move"].browse(self.own_order.invoice_ids.ids)).line_ids
        lines = lines.filtered(lambda line: line.account_type == "asset_receivable")
        lines.reconcile()
        return [self.env["account.move.line"].browse(line.id).reconciled for line in lines]

    def _describe_fields(self, env):
        return set(env["account.move.line"].fields_get([]))

    def _lock_quant(self, env):
        quant = env["stock.quant"].search([("product_id", "=", self.shirt.id)], limit=1)
        before = self.env.cr.sql_log_count
        locked = quant.try_lock_for_update(limit=1)
        return locked.ids, self.env.cr.sql_log_count - before

    def _compile_text(self, env):
        """Kept code is the same object the second time; what is compiled anew is not."""
        qweb = env["ir.qweb"]
        first, second = (
            qweb._generate_code_uncached(etree.fromstring("<t t-out='1'/>")) for _time in range(2)
        )
        return first is second

    def _delete_withdrawal(self, env):
        """Deleting evidence is refused, whatever the context says."""
        withdrawal = self._make_withdrawal()
        try:
            env["sale.rma.withdrawal"].sudo().browse(withdrawal.id).unlink()
        except UserError as error:
            return str(error)
        return "deleted"

    def _make_withdrawal(self):
        return (
            self.env["sale.rma.withdrawal"]
            .sudo()
            .create(
                {
                    "token": "ab" * 32,
                    "company_id": self.company.id,
                    "channel": "form",
                    "customer_name": "X",
                    "email": "x@example.com",
                    "statement": "I withdraw",
                    "submitted_at": fields.Datetime.now(),
                    "timezone": "UTC",
                }
            )
        )

    def _change_operation(self, env):
        picking = env["stock.picking"].browse(self.own.sudo().picking_ids[:1].id).sudo()
        picking.picking_type_id = picking.picking_type_id.copy()
        return picking.location_id, picking.location_dest_id, picking.move_ids.location_dest_id

    def _write_in_anothers_name(self, env):
        """Who may only read a return writes no message in its thread but by its page."""
        messages = env["mail.message"].with_user(self.reader)
        vals = {"model": "sale.rma", "res_id": self.own.id, "author_id": self.customer.id}
        try:
            messages.create({**vals, "body": "Forged", "message_type": "comment"})
        except AccessError:
            return "refused"
        return "written"

    def _refund_payment(self, env):
        """A refund of a payment is a transaction of its own."""
        payment = (
            env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": env["payment.provider"].sudo().search([], limit=1).id,
                    "payment_method_id": env["payment.method"]
                    .sudo()
                    .with_context(active_test=False)
                    .search([], limit=1)
                    .id,
                    "reference": "rma-context-key",
                    "amount": 10,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.customer.id,
                }
            )
        )
        refund = payment._create_child_transaction(5, is_refund=True)
        return refund.amount, refund.operation, refund.source_transaction_id == payment

    def _find_products(self, env):
        """Whatever comes first, the same products are found."""
        found = env["product.product"].with_user(self.reader).name_search(self.shirt.name)
        return {product_id for product_id, _name in found}

    def _get_signup(self, env):
        partner = env["res.partner"].sudo().browse(self.customer.id)
        return {key: set(value) for key, value in partner.signup_get_auth_param().items()}
