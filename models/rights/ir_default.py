from odoo import SUPERUSER_ID, models

from ...tools.context_marks import OURS


class IrDefault(models.Model):
    _inherit = "ir.default"

    def _get_model_defaults(self, model_name, condition=False):
        """Override of `base`: what the program makes takes the defaults that are for everybody
        (`sale.rma._get_program_model`)."""
        defaults = super()._get_model_defaults(model_name, condition=condition)
        if not defaults or self.env.context.get("rma_program") is not OURS:
            return defaults
        # sudo: defaults that are for everybody, no user's own
        everybody = self.with_company(self.env.company).with_user(SUPERUSER_ID)
        return super(IrDefault, everybody)._get_model_defaults(model_name, condition=condition)
