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
        return {
            "doc_ids": docids,
            "doc_model": rmas._name,
            "docs": rmas.sudo(),
            "get_mark": self._get_mark,
        }

    @api.model
    def _get_mark(self, rma):
        """Return in the customer's words what a slip says that nothing is to be sent with, so that
        it has neither address nor instructions; nothing for one that is good to send with."""
        if rma.state != "draft" and rma.state not in rma._get_closed_states():
            return False
        states = dict(rma._fields["state"]._description_selection(rma.env))
        return rma.env._("%(state)s: do not send anything with this slip.", state=states[rma.state])
