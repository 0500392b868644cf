from odoo import api, models
from odoo.tools import clean_context

from ...tools.context_marks import OURS


class SaleRma(models.Model):
    """Documents that the program makes for returns, whoever processes them (R9)."""

    _inherit = "sale.rma"

    @api.model
    def _get_program_model(self, name):
        """Return a model to create documents of as superuser, with no default from outside: neither
        one of the context, nor one that its user set for himself. A credit note that Odoo repeats
        each month would be paid each month.

        :param str name: of the model; that the user may have it done is the caller's to check
        """
        # sudo: see above: the caller checked
        model = self.env[name].sudo()
        return model.with_context(clean_context(self.env.context), rma_program=OURS)

    @api.model
    def _create_documents(self, name, vals_list, defaults=None, **context):
        """Create documents of a model as the program does; see `_get_program_model`.

        :param dict defaults: {`default_<field>`: value} of the program's own
        :param context: for their creation, and for what is done with them
        :return: the documents, as superuser
        """
        model = self._get_program_model(name).with_context(**context, **(defaults or {}))
        created = model.create(vals_list)
        # sudo: see above: the caller checked
        plain = self.sudo().with_context(clean_context(self.env.context), **context)
        return created.with_env(plain.env)
