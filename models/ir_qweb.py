from lxml import etree

from odoo import models


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _generate_code_uncached(self, template):
        """Override of `base`: the text of an e-mail template is compiled once for all returns that
        are told of together. Odoo compiles it anew for each record."""
        compiled = self.env.context.get("rma_compiled_mails")
        if compiled is None or not isinstance(template, etree._Element):
            return super()._generate_code_uncached(template)
        # what is compiled depends on the language and on who may write what
        key = etree.tostring(template), frozenset(self._get_mail_compile_options().items())
        if key not in compiled:
            compiled[key] = super()._generate_code_uncached(template)
        return compiled[key]

    def _get_mail_compile_options(self):
        """Return what of the context goes into compiled code."""
        names = (*self._get_template_cache_keys(), "raise_on_forbidden_code_for_model")
        return {name: self.env.context.get(name) for name in names}
