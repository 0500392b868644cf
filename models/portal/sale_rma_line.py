from odoo import api, models


class SaleRmaLine(models.Model):
    """Photos of returned items."""

    _inherit = "sale.rma.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any("attachment_ids" in vals for vals in vals_list):
            lines._own_attachments()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    def _get_customer_name(self):
        """Return the item's name as customers know it, without internal codes."""
        self.ensure_one()
        return self.env["sale.rma.request"]._get_name(self.sale_line_id)

    def _own_attachments(self):
        """Let whoever may see an item see its photos: a file that was uploaded before the item was
        saved belongs to nothing, and only who uploaded it can see it."""
        for line in self:
            loose = line.attachment_ids.filtered(lambda file: not file.res_id)
            if loose:
                loose.write({"res_model": self._name, "res_id": line.id})
