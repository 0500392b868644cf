from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.number_field import Amount


class Deduction(NamedTuple):
    """What is kept of an item: tax included, in the order's currency."""

    amount: float
    ground: str
    photos: object  # `ir.attachment`


class SaleRmaLine(models.Model):
    """What is kept of an item's price because it was handled beyond what is needed to try it
    (docs/law.md L26): an amount, its ground and a photo, or nothing."""

    _inherit = "sale.rma.line"

    amount_deducted = Amount(
        string="Deduction",
        copy=False,
        help="Kept of what the item cost, tax included, in the order's currency: for handling "
        "beyond what is needed to see what it is and that it works. The customer is told.",
    )
    deduction_ground = fields.Text(
        string="Ground of the Deduction",
        copy=False,
        help="What was done to the item, in the customer's language: he is told.",
    )
    deduction_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="sale_rma_deduction_attachment_rel",
        string="Photos of the Deduction",
        copy=False,
        bypass_search_access=True,
    )

    deduction_line_ids = fields.One2many(
        comodel_name="account.move.line",
        inverse_name="rma_deduction_id",
        string="Deductions on Credit Notes",
        readonly=True,
    )

    @api.constrains("amount_deducted", "deduction_ground", "deduction_attachment_ids")
    def _check_deduction(self):
        """:raise ValidationError: a deduction below zero, or without ground and photo"""
        for line in self.filtered("amount_deducted"):
            line._check_deduction_complete(line._get_deduction({}))

    def _get_deduction(self, decided):
        """Return the `Deduction` of the item.

        :param dict decided: {field: value} that is not written yet
        """
        self.ensure_one()
        amount = decided.get("amount_deducted", self.amount_deducted)
        photos = self.env["ir.attachment"]
        if "deduction_attachment_ids" in decided:
            photos = photos.browse(decided["deduction_attachment_ids"])
        elif amount:
            photos = self.deduction_attachment_ids
        return Deduction(
            amount,
            decided.get("deduction_ground", self.deduction_ground),
            photos.exists(),
        )

    def _check_deduction_complete(self, deduction):
        """:raise ValidationError: see `_check_deduction`; or the law lets nothing be kept of what
        this return gives back"""
        self.ensure_one()
        product = self.product_id.display_name
        rma = self.rma_id
        if deduction.amount < 0:
            raise ValidationError(
                self.env._("%(product)s: a deduction is not below zero.", product=product)
            )
        if rma.rma_type != "withdrawal":
            engine = self.env["sale.rma.refund"]
            if message := engine._get_no_lowering_message(rma):
                raise ValidationError(message)
        if not (deduction.ground or "").strip() or not deduction.photos:
            raise ValidationError(
                self.env._(
                    "%(product)s: a deduction needs its ground and at least one photo that "
                    "shows it. The customer is told both.",
                    product=product,
                )
            )

    def _get_amount_deducted_before(self):
        """Return what credit notes kept of the item already, tax included, in the order's
        currency."""
        self.ensure_one()
        amount = 0.0
        # sudo: amounts of the return's own credit notes, whoever works on it
        for kept in self.sudo().deduction_line_ids:
            move = kept.move_id
            if move.state != "posted" and (move.state, move.move_type) != ("draft", "out_refund"):
                continue
            rate = 1.0
            if move.currency_id != self.currency_id:
                rate = move._get_company_rate(self.currency_id) / move.invoice_currency_rate
            amount -= (1 if move.move_type == "out_refund" else -1) * kept.price_total * rate
        return self.currency_id.round(amount)
