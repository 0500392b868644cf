from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRmaErasure(models.Model):
    """That something was erased on request: by whom, when and what, without the person's data."""

    _name = "sale.rma.erasure"
    _description = "Erasure of Personal Data"
    _inherit = ["sale.rma.incoming", "sale.rma.evidence"]
    _order = "id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    model = fields.Char(string="What", readonly=True)
    count = fields.Integer(readonly=True, aggregator="sum")
    references = fields.Text(
        readonly=True, help="Numbers of receipts: they tell nothing of a person any more."
    )

    @api.model
    def _log(self, records, references=()):
        """Write down that records are erased now, by company.

        :param references: what may still be told of them
        """
        # sudo: nobody has the right to write it; the callers know what they erase
        self.sudo().create(
            [
                {
                    "company_id": company.id,
                    "user_id": self.env.uid,
                    "model": records._description,
                    "count": len(erased),
                    "references": ", ".join(references) or False,
                }
                for company, erased in records.grouped("company_id").items()
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("That something was erased stays written down."))
