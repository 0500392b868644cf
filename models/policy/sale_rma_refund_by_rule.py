from odoo import api, fields, models

KINDS = ("return", "withdrawal")
"""Kinds whose money can go by itself: of a claim or recall a colleague decides what is owed."""
WISHES = ("refund", "credit")


class SaleRma(models.Model):
    """Returns whose money goes by itself, at the moment that their rule says: noted when it comes,
    done by a job (`_cron_refund_by_rule`), never in the request of a customer or at the dock."""

    _inherit = "sale.rma"

    rule_refund = fields.Selection(
        selection=[
            ("due", "Due"),
            ("done", "Refunded by the rule"),
            ("clerk", "For a colleague"),
        ],
        string="Refund by Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Where a rule says that the money goes by itself: whether it went, or is left to a "
        "colleague.",
    )
    rule_refund_message = fields.Char(
        string="Left to a Colleague Because", readonly=True, copy=False
    )
    rule_refund_date = fields.Datetime(string="Refunded by Rule On", readonly=True, copy=False)
    rule_refund_amount = fields.Float(
        string="Amount Refunded by Rule",
        readonly=True,
        copy=False,
        help="Tax included, in the company's currency; counts in the ceiling of the day.",
    )

    # === MOMENTS === #

    def _on_accepted(self):
        """Extend: what is kept is refunded at once, as is what was posted before."""
        super()._on_accepted()
        self._note_rule_refunds()

    def _on_posting_shown(self):
        """Extend: some rules wait for no more than this."""
        super()._on_posting_shown()
        self._note_rule_refunds()

    def _on_goods_received(self):
        """Extend: some rules wait until everything is here."""
        super()._on_goods_received()
        self._note_rule_refunds()

    def _on_graded(self):
        """Extend: some rules wait until everything was looked at."""
        super()._on_graded()
        self._note_rule_refunds()

    def _note_rule_refunds(self):
        """Note the returns whose moment has come, and start the job once this is committed."""
        # sudo: noted by the program, whoever receives goods or shows a proof
        due = self.sudo().filtered(lambda rma: not rma.rule_refund and rma._is_rule_refund_due())
        if due:
            due.rule_refund = "due"
            # sudo: to be run, not changed
            self.env.ref("sale_rma.ir_cron_rma_refund_by_rule").sudo()._trigger()

    # === WHAT GOES BY ITSELF === #

    def _is_rule_refund_due(self):
        """Whether rules say of all items that their money goes by itself, the moment of each has
        come, and nothing of the return is in dispute."""
        self.ensure_one()
        return (
            self.state in self._get_receiving_states()
            and self.rma_type in KINDS
            and not self.refund_ids
            and not self._is_processed_by_clerk()
            and bool(self.line_ids)
            and all(line.policy_id and line._is_refunded_by_rule() for line in self.line_ids)
            and not self._get_dispute()
        )

    def _get_dispute(self):
        """Return in words what a colleague has to decide, nothing where nothing is in dispute; a
        hook for rooms that find more of it."""
        self.ensure_one()
        if self.other_serial_message:
            return self.other_serial_message
        if self.policy_override_reason:
            return self.env._("It was accepted although the rules say no.")
        if any(piece.is_other for piece in self.line_ids.inspection_ids):
            return self.env._("Something else was in the parcel.")
        if "customer" in self.line_ids.inspection_ids.disposition_id.mapped("action"):
            return self.env._("Something of it is sent back to the customer.")
        if any(line.refusal_ground or line.amount_deducted for line in self.line_ids):
            return self.env._("Something of it is refused or deducted.")
        return ""

    def _is_graded(self):
        """Whether everything that came back was looked at at the returns desk."""
        self.ensure_one()
        return all(
            line.product_uom_id.compare(
                sum(line._get_placed().mapped("quantity")), line.qty_received
            )
            >= 0
            for line in self.line_ids
            if not line.is_kept_by_rule
        )

    def _prepare_rule_plan(self):
        """Return the plan of the refund that the rules say: money only. What came back is put away
        by those who look at it, and what is still on its way stays awaited."""
        self.ensure_one()
        return {
            "rma": self.id,
            "lines": [line._prepare_rule_plan_line() for line in self.line_ids],
            "close": all(line.is_kept_by_rule for line in self.line_ids),
            "process_count": self.process_count,
        }

    # === CEILINGS === #

    @api.model
    def _get_rule_refunds_of_day(self, company):
        """Return what went by itself within 24 hours, tax included, in the company's currency."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        [(amount,)] = self._read_group(
            [("company_id", "=", company.id), ("rule_refund_date", ">=", since)],
            [],
            ["rule_refund_amount:sum"],
        )
        return amount or 0.0

    def _get_over_rule_ceiling(self, amount):
        """Return in words which ceiling an amount would exceed, nothing where none.

        :param float amount: tax included, in the company's currency
        """
        self.ensure_one()
        company = self.company_id
        currency = company.currency_id
        most, of_day = company.rma_rule_refund_max, company.rma_rule_refund_day_max
        if currency.compare_amounts(amount, most) > 0:
            return self.env._(
                "%(amount)s is more than the %(most)s that go by themselves on a return.",
                amount=currency.format(amount),
                most=currency.format(most),
            )
        before = self._get_rule_refunds_of_day(company)
        if currency.compare_amounts(before + amount, of_day) > 0:
            return self.env._(
                "With %(amount)s more than the %(most)s of a day would go by themselves.",
                amount=currency.format(amount),
                most=currency.format(of_day),
            )
        return ""
