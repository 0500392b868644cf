from odoo import api, models


class SaleRmaSlip(models.AbstractModel):
    """The slip is for whoever may read the return, also where its order is a colleague's."""

    _name = "report.sale_rma.report_sale_rma"
    _description = "Return Slip"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the slip is made of.

        :raise AccessError: no right to read the returns
        """
        rmas = self.env["sale.rma"].browse(docids)
        rmas.check_access("read")
        # sudo: access was just checked, and the slip says what the customer may know (R8)
        return {"doc_ids": docids, "doc_model": rmas._name, "docs": rmas.sudo()}
