from odoo import fields, models


class StockWarehouse(models.Model):
    """Places inside Returns for goods that are refurbished or locked away: not for sale, and seen
    apart. Made when the first piece goes there."""

    _inherit = "stock.warehouse"

    rma_refurbish_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Refurbishing Location",
        check_company=True,
        copy=False,
        readonly=True,
    )
    rma_quarantine_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Quarantine Location",
        check_company=True,
        copy=False,
        readonly=True,
    )

    def _get_rma_place(self, disposition):
        """Return where goods of a disposition wait: its own location, if that is inside this
        warehouse's Returns, else the warehouse's."""
        self.ensure_one()
        own = disposition.with_company(self.company_id).location_id
        if own and own._is_rma_returns(self.rma_location_id):
            return own
        name = f"rma_{disposition.action}_location_id"
        # sudo: made by the program for whoever sends the first piece there
        warehouse = self.sudo()
        if not warehouse[name]:
            labels = {"refurbish": self.env._("Refurbish"), "quarantine": self.env._("Quarantine")}
            warehouse[name] = self.env["sale.rma"]._create_documents(
                "stock.location",
                [
                    {
                        "name": labels[disposition.action],
                        "usage": "internal",
                        "location_id": warehouse.rma_location_id.id,
                        "company_id": warehouse.company_id.id,
                    }
                ],
            )
        return warehouse[name]
