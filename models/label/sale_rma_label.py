from odoo import fields, models


class SaleRmaLabel(models.Model):
    """The carrier's label that a return is sent back with: asked for by a job once the return is
    accepted, kept whole if a server dies in between. It never receives anything by itself."""

    _name = "sale.rma.label"
    _description = "Return Label"
    _inherit = ["sale.rma.incoming"]
    _order = "id desc"
    _rec_name = "tracking_ref"

    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Return",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="rma_id.company_id", store=True)
    carrier_id = fields.Many2one(
        comodel_name="delivery.carrier", required=True, readonly=True, ondelete="restrict"
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking", string="Receipt of Goods", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        selection=[
            ("wanted", "Wanted"),
            ("asked", "Asked for"),
            ("done", "There"),
            ("failed", "Failed"),
            ("void", "Void"),
        ],
        required=True,
        readonly=True,
        default="wanted",
        index=True,
        help="Asked for: the carrier was asked and has not answered, or the server ended before "
        "it did.",
    )
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Next Try", readonly=True, default=fields.Datetime.now)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="Label", readonly=True, ondelete="set null"
    )
    tracking_ref = fields.Char(string="Tracking Number", readonly=True)
    message = fields.Char(string="Carrier's Words", readonly=True)

    def action_ask_again(self):
        """Have the carrier asked once more.

        :raise AccessError: no right to change the returns
        """
        self.rma_id.check_access("write")
        # sudo: what the program writes, for whoever may change the return
        failed = self.sudo().filtered(lambda label: label.state in ("failed", "asked"))
        failed.write({"state": "wanted", "attempts": 0, "date_next": fields.Datetime.now()})
        failed._trigger()

    def _trigger(self, at=None):
        """Start the job when this is committed, or later."""
        if self:
            # sudo: to be run, not changed
            self.env.ref("sale_rma.ir_cron_rma_labels").sudo()._trigger(at=at)
