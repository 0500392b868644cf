from odoo import api, fields, models


class SaleRmaProcess(models.TransientModel):
    """What the screen says in words of what is going to happen."""

    _inherit = "sale.rma.process"

    card_message = fields.Char(
        compute="_compute_card_message", help="What to know of gift cards and eWallets."
    )
    given_before_message = fields.Char(compute="_compute_given_before_message")
    missing_message = fields.Char(compute="_compute_missing_message")
    expired_message = fields.Char(
        compute="_compute_expired_message",
        help="Lots whose date is over that go back for sale: completing asks first.",
    )
    does_nothing = fields.Boolean(
        compute="_compute_does_nothing",
        help="Nothing is received, put back, refunded or exchanged: completing asks first.",
    )
    posting_message = fields.Char(compute="_compute_posting_message")

    # === COMPUTE METHODS === #

    @api.depends("rma_id")
    def _compute_card_message(self):
        """Say what can not go back to a card, and what of a bought card was spent."""
        for wizard in self:
            texts = wizard.rma_id._get_card_warnings() if wizard.rma_id else []
            wizard.card_message = " ".join(texts)

    @api.depends("rma_id")
    def _compute_given_before_message(self):
        """Name the documents that gave something beside items."""
        engine = self.env["sale.rma.refund"]
        for wizard in self:
            given = engine._get_goodwill_documents(wizard.order_id)
            wizard.given_before_message = bool(given) and self.env._(
                "Given on this order before, beside items: %(documents)s",
                documents=", ".join(
                    # sudo: names and amounts of the order's credit notes
                    f"{wizard.currency_id.format(amount)} ({move.sudo().display_name})"
                    for move, amount in given.items()
                ),
            )

    @api.depends("line_ids.qty_missing")
    def _compute_missing_message(self):
        """What is still owed to us stays visible (R10)."""
        for wizard in self:
            missing = wizard.rma_id._get_missing_text(wizard._get_plan().missing)
            wizard.missing_message = missing and self.env._(
                "Completing the return gives up what did not come: %(items)s. Kept open, it goes "
                "on waiting for it.",
                items=missing,
            )

    @api.depends("line_ids.qty_restock")
    def _compute_expired_message(self):
        for wizard in self:
            back = wizard.line_ids.filtered(lambda line: line.qty_restock > 0).rma_line_id
            lots = self.env["stock.lot"].union(*(line._get_expired_lots() for line in back))
            wizard.expired_message = bool(lots) and self.env._(
                "The date of %(lots)s is over, and it goes back to stock.",
                lots=", ".join(lots.mapped("name")),
            )

    @api.depends(
        "line_ids.qty_received",
        "line_ids.qty_restock",
        "line_ids.qty_refund",
        "line_ids.exchange",
        "line_ids.qty_exchange",
        "refund_shipping",
        "amount_adjustment",
    )
    def _compute_does_nothing(self):
        for wizard in self:
            wizard.does_nothing = wizard._get_plan().does_nothing

    @api.depends("company_id")
    def _compute_posting_message(self):
        for wizard in self:
            # sudo: a setting; what it means is told
            in_draft = wizard.company_id.sudo().rma_refund_posting == "draft"
            wizard.posting_message = in_draft and self.env._(
                "The credit note is left in draft: accounting posts it."
            )
