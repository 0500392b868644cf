from odoo import models


class SaleRma(models.Model):
    _inherit = "sale.rma"

    def _write_decided(self, plans):
        """Extend: photos that were added on a screen stay when it is gone."""
        super()._write_decided(plans)
        for plan in plans:
            for line in plan.decided:
                line._keep_deduction_photos()


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _keep_deduction_photos(self):
        """Have the photos of a deduction belong to the item, whose readers see them."""
        self.ensure_one()
        # sudo: that the user may read them was checked when they were named
        photos = self.sudo().deduction_attachment_ids
        loose = photos.filtered(
            lambda photo: not photo.res_id or photo.res_model == "sale.rma.process.line"
        )
        loose.write({"res_model": self._name, "res_id": self.id})
