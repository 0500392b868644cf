from odoo import api, models


class SaleRmaCached(models.AbstractModel):
    """Of records that are looked up at every step something is kept in memory (`ormcache`): it is
    forgotten as soon as one is made, changed or deleted."""

    _name = "sale.rma.cached"
    _description = "What Is Kept in Memory of Records"
    # names of the fields by which it is kept
    _cached_by = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Extend the ORM."""
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Extend the ORM."""
        result = super().write(vals)
        if self._cached_by & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Extend the ORM."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
