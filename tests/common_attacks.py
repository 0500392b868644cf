"""What attacks by RPC need: colleagues who may see only their own, and calls as a browser makes."""

from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import SaleRmaCommon

MUTED = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")


@tagged("post_install", "-at_install")
class AttackCommon(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._make_user("colleague", "sales_team.group_sale_salesman")
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), user_id=cls.seller.id)
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 2})
        cls.own_order = cls._create_sold((cls.shirt, 2), user_id=cls.colleague.id)
        cls.own = cls._create_rma(cls.own_order, {cls.shirt: 1})

    def _as(self, records, user, **context):
        """Return the records as somebody sees them who has just logged in."""
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_env(self.env(user=user, su=False, context=context))

    def _call(self, user, model, method, *args, **kwargs):
        """Call a method as a browser or the API does."""
        return call_kw(self._as(self.env[model], user), method, list(args), kwargs)

    def _open(self, rma, user):
        """Open the processing screen as a user; return it as the superuser sees it."""
        action = self._as(rma, user).action_process()
        return self.env["sale.rma.process"].sudo().browse(action["res_id"])

    def _get_own_models(self, transient=None):
        """Return the models of this addon that have rows."""
        return [
            self.env[name]
            for name, cls in sorted(self.registry.items())
            if cls._original_module == "sale_rma"
            and not cls._abstract
            and cls._auto
            and (transient is None or cls._transient == transient)
        ]
