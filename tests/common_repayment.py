from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import requests
from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .common_money import SaleRmaMoneyCommon


class SaleRmaRepaymentCommon(SaleRmaMoneyCommon):
    """Orders that were paid, and a provider of the tests' own. A vase at 30.00, no tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.vase = cls._make_product("Vase", 30.0, "order", cls.no_tax)
        cls.bank = cls.company_data["default_journal_bank"]
        cls.provider, cls.method = cls._make_provider()

    def setUp(self):
        super().setUp()
        supports = dict(self.supports)
        self.addCleanup(lambda: self.supports.update(supports))

    # === FACTORIES === #

    @classmethod
    def _make_provider(cls, support="partial", method_support="partial"):
        """Make a provider that Odoo knows no code for: what it answers is the tests' to say."""
        redirect = cls.env["ir.ui.view"].create(
            {"name": "redirect", "type": "qweb", "arch": "<form/>"}
        )
        method = cls.env["payment.method"].create(
            {"name": "Card", "code": f"card_{cls.env.cr.now()}", "support_refund": method_support}
        )
        provider = cls.env["payment.provider"].create(
            {
                "name": "Tests",
                "code": "none",
                "state": "test",
                "is_published": True,
                "redirect_form_view_id": redirect.id,
                "company_id": cls.company.id,
                "payment_method_ids": [Command.set(method.ids)],
                "journal_id": cls.bank.id,
            }
        )
        method.active = True
        cls.env["account.payment.method.line"].create(
            {
                "name": "Tests",
                "payment_method_id": cls.env.ref("account.account_payment_method_manual_in").id,
                "journal_id": cls.bank.id,
                "payment_provider_id": provider.id,
                "payment_account_id": cls.company.transfer_account_id.id,
            }
        )
        cls.supports = {**getattr(cls, "supports", {}), provider.id: support}

        def compute(providers):
            for each in providers:
                each.support_refund = cls.supports.get(each.id, "none")
                each.support_tokenization = each.support_express_checkout = False
                each.support_manual_capture = False

        cls.classPatch(type(provider), "_compute_feature_support_fields", compute)
        return provider, method

    @classmethod
    def _pay(cls, order, amount=None, provider=None, method=None, **values):
        """Pay a part of an order, or all, at the shop's provider."""
        provider = provider or cls.provider
        tx = cls.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": (method or provider.payment_method_ids[:1]).id,
                "reference": cls.env["payment.transaction"]._compute_reference("none", "paid"),
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [Command.set(order.ids)],
                **values,
            }
        )
        tx._set_done()
        tx._post_process()
        return tx

    @classmethod
    def _buy(cls, quantity=2, amounts=(None,), **values):
        """Sell vases that are paid before they are invoiced, in one payment or several.

        :return: order, payments
        """
        order = cls._create_order(cls._line(cls.vase, quantity, 30.0, cls.no_tax), **values)
        payments = cls.env["payment.transaction"].concat(
            *(cls._pay(order, amount) for amount in amounts)
        )
        cls._deliver(order)
        cls._invoice(order)
        return order, payments

    @classmethod
    def _register_payment(cls, refund, amount=None):
        """Pay a credit note with accounting's own screen."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=refund.ids)
            .create({"journal_id": cls.bank.id})
        )
        if amount is not None:
            wizard.amount = amount
        return wizard._create_payments()

    # === SENDING === #

    def _script(self, *steps, knows_keys=True):
        """Have the provider do this, one step for each time that it is asked.

        :return: the provider, with what it moved
        """
        provider = SilentProvider()
        provider.script = list(steps)
        provider.knows_keys = knows_keys
        self._stand_in(provider, lambda _provider: knows_keys)
        return provider

    def _stand_in(self, provider, knows_keys):
        """Have a provider of the tests' own do what addons of providers do: below what ours adds.

        :param knows_keys: says of a `payment.provider` whether it knows keys
        """
        transactions = type(self.env["payment.transaction"])
        base = next(
            each
            for each in transactions.__mro__
            if each.__module__ == "odoo.addons.payment.models.payment_transaction"
        )
        providers = type(self.env["payment.provider"])
        self.startPatcher(patch.object(base, "_send_refund_request", provider.refund_of))
        self.startPatcher(patch.object(providers, "_knows_refund_keys", knows_keys))

    def _send(self, rows):
        """Send rows, and have what follows the commit happen, in transactions of its own."""
        rows.action_send()
        self._run(rows)

    def _send_and_die(self, rows):
        """Send rows while the server is killed. (`assertRaises` would undo what is committed.)"""
        try:
            self._send(rows)
        except Crash:
            return
        self.fail("It was not killed.")

    def _run(self, rows):
        """Have the provider asked for rows that wait for it."""
        with self._other_transactions():
            rows._send_apart(self.env.registry, rows.ids)

    def _run_cron(self):
        with self._other_transactions():
            self.env.ref("sale_rma.ir_cron_rma_repayments").method_direct_trigger()

    @contextmanager
    def _other_transactions(self):
        """Have what opens a transaction of its own see this test's, and the other way round."""
        muted = mute_logger(
            "odoo.addons.sale_rma.models.repayment.sale_rma_repayment_send",
            "odoo.addons.payment.models.payment_transaction",
        )
        try:
            with self.enter_registry_test_mode(), muted:
                yield
        finally:
            # numbers of entries that the others gave
            self.env.cr.precommit.data.pop("sequence.mixin", None)

    def _let_pass(self, rows, **duration):
        """Have the last attempt have been so long ago."""
        duration = timedelta(**(duration or {"minutes": 2}))
        for row in rows.sudo():
            row.date_attempt = (row.date_attempt or fields.Datetime.now()) - duration
            row.date_sent = (row.date_sent or fields.Datetime.now()) - duration
        self.env.flush_all()

    # === READING === #

    def assertBooksClosed(self, rma):
        """Nothing is open of the credit notes, and the customer owes nothing."""
        self.assertFalse([x for x in rma.refund_ids.mapped("amount_residual") if x])
        moves = rma.order_id.invoice_ids | rma.refund_ids
        payments = rma.order_id.transaction_ids.payment_id | rma.repayment_ids.payment_id
        moves |= rma.repayment_ids.entry_id.filtered(lambda move: move.move_type == "entry")
        lines = (moves | payments.move_id | payments.move_id.reversal_move_ids).line_ids
        lines = lines.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertFalse([x for x in lines.mapped("amount_residual") if x])
        self.assertAlmostEqual(sum(lines.mapped("balance")), 0.0, 2)

    def _rows(self, rma, *states):
        """Return [(way, amount, state)] of a return's repayments, those that were cancelled only
        if asked for."""
        rows = rma.repayment_ids.sorted("id")
        return [
            (row.way, row.amount, row.state)
            for row in rows
            if (row.state in states if states else row.state != "cancel")
        ]


class Crash(BaseException):
    """The server is killed: nothing of ours catches it."""


class SilentProvider:
    """A provider of the tests' own, with a ledger that no rollback reaches. What it does when it
    is asked is a script: one step for each time."""

    def __init__(self):
        self.moved = {}  # {key: amount}
        self.asked = []  # keys, in order
        self.script = []
        self.knows_keys = True

    @property
    def refund_of(self):
        """What stands in for the provider's method."""
        return lambda tx: self.refund(tx)

    def refund(self, tx):  # noqa: C901
        """Do what the script says next; asked for nothing special, move the money and say so."""
        key = tx._get_repayments().key
        self.asked.append(key)
        step = self.script.pop(0) if self.script else "done"
        if step == "timeout before":
            raise self._make_timeout()
        if step == "crash before":
            raise Crash
        if step == "refuse":
            raise self._make_refusal()
        if step == "serialization before":
            raise SerializationFailure("could not serialize access")
        self._move(key, -tx.amount)
        if step == "timeout after":
            raise self._make_timeout()
        if step == "server error":
            raise self._make_error(502)
        if step == "crash after":
            raise Crash
        if step == "serialization after":
            raise SerializationFailure("could not serialize access")
        if step == "nonsense":
            raise KeyError("refund")
        if step in ("done", "done twice"):
            tx._set_done()
        if step == "done twice":
            tx._set_done()
        if step == "pending":
            tx._set_pending()
        # "received": nothing but that it was taken

    def _move(self, key, amount):
        if self.knows_keys and key in self.moved:
            return  # the answer is given again, the money is not
        self.moved[key] = self.moved.get(key, 0.0) + amount

    def _make_timeout(self):
        error = ValidationError("Could not establish the connection to the payment provider.")
        error.__context__ = requests.exceptions.Timeout()
        return error

    def _make_error(self, status):
        response = requests.Response()
        response.status_code = status
        error = ValidationError("The payment provider rejected the request.")
        error.__context__ = requests.exceptions.HTTPError(response=response)
        return error

    def _make_refusal(self):
        return self._make_error(400)
