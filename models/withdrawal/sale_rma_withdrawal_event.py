from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_rma_withdrawal import DOUBTS


class SaleRmaWithdrawalEvent(models.Model):
    """What became of a withdrawal: rows are added, never changed. They go with the withdrawal."""

    _name = "sale.rma.withdrawal.event"
    _description = "Event of a Withdrawal"
    _inherit = ["sale.rma.incoming", "sale.rma.evidence"]
    _order = "id desc"
    _rec_name = "kind"

    withdrawal_id = fields.Many2one(
        comodel_name="sale.rma.withdrawal",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="withdrawal_id.company_id")
    kind = fields.Selection(
        selection=[
            ("recorded", "Written down by a colleague"),
            ("attached", "What the consumer sent"),
            ("made", "Receipt made"),
            ("altered", "Receipt's file changed"),
            ("written", "Receipt written"),
            ("repeated", "Same statement again"),
            ("mailed", "Receipt sent"),
            ("failed", "Receipt not sent"),
            ("bounced", "Receipt came back"),
            ("held", "Receipt waits its turn"),
            ("opened", "Return opened"),
            ("asked", "Put before a colleague"),
            ("checked", "Checked"),
            ("hold", "Put on hold"),
            ("released", "Hold ended"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    note = fields.Text(readonly=True)
    mailbox = fields.Char(
        readonly=True, index="btree_not_null", help="Where the receipt goes, in one spelling."
    )
    doubt = fields.Selection(
        selection=DOUBTS, readonly=True, help="Why a colleague was asked, where it was found late."
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="That number and e-mail address of the statement were found to mean.",
    )
    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Return",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Receipt",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The one file that is mailed and downloaded as the receipt.",
    )
    file_hash = fields.Char(string="SHA-256", readonly=True, help="Of the file's content.")

    _made_once = models.UniqueIndex(
        "(withdrawal_id) WHERE kind = 'made'", "The receipt of this withdrawal was made already."
    )
    _opened_once = models.UniqueIndex(
        "(withdrawal_id) WHERE kind = 'opened'", "The return of this withdrawal is open already."
    )

    _written_once = models.UniqueIndex(
        "(withdrawal_id) WHERE kind = 'written'", "This receipt is being sent already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_withdrawal(self):
        raise UserError(self.env._("What became of a withdrawal is evidence as well."))
