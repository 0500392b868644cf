from odoo import Command

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

    # === READING === #

    def _rows(self, rma, *states):
        """Return [(way, amount, state)] of a return's repayments, those that were cancelled only
        if asked for."""
        rows = rma.repayment_ids.sorted("id")
        return [
            (row.way, row.amount, row.state)
            for row in rows
            if (row.state in states if states else row.state != "cancel")
        ]
