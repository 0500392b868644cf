from lxml import etree

from odoo import models
from odoo.tools import ormcache

from ...tools.context_marks import OURS


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _generate_code_uncached(self, template):
        """Override of `base`: the text of an e-mail template is compiled once and kept, as views
        are. Odoo compiles it anew for each record."""
        is_ours = self.env.context.get("rma_mail") is OURS
        if not is_ours or not isinstance(template, etree._Element):
            return super()._generate_code_uncached(template)
        options = map(self.env.context.get, self._get_template_cache_keys())
        return self._compile_rma_mail(template, etree.tostring(template), tuple(options))

    @ormcache("source", "options", cache="templates")
    def _compile_rma_mail(self, template, source, options):
        """Return what Odoo compiles of a text.

        :param bytes source: the text
        :param tuple options: what of the context goes into compiled code, as the language and who
            may write what
        """
        return self.with_context(rma_mail=None)._generate_code_uncached(template)
