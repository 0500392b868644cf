from odoo import models

# what a line of the screen is of
ORIGINS = {"rma_line_id", "wizard_id"}


class SaleRmaProcessLine(models.TransientModel):
    """What follows from a quantity that is typed, and nothing else, is asked for."""

    _inherit = "sale.rma.process.line"

    def onchange(self, values, field_names, fields_spec):
        """Extend `web`, which works out all that the screen shows before and after each change."""
        if self and not ORIGINS.intersection(field_names):
            self._read_screen(values.get("wizard_id"))
            fixed = self._get_unchanging_names() - set(field_names)
            fields_spec = {name: spec for name, spec in fields_spec.items() if name not in fixed}
        return super().onchange(values, field_names, fields_spec)

    def _read_screen(self, screen):
        """Have the lines of the screen read with their list.

        :param screen: what the client says of the screen; what it names is checked after this
        """
        screen_id = screen.get("id") if isinstance(screen, dict) else screen
        if not isinstance(screen_id, int):
            return
        screen = self.env["sale.rma.process"].browse(screen_id)
        if self in screen.line_ids:
            screen.rma_id._read_together()

    def _get_unchanging_names(self):
        """Return the names of the fields that are worked out from the returned item only: they
        stay as they are, whatever is typed beside them."""
        depends = self.pool.field_depends
        return {
            name
            for name, field in self._fields.items()
            if not field.store
            and depends[field]
            and {path.split(".")[0] for path in depends[field]} <= ORIGINS
        }
