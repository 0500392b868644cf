from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    """Goods returned for these reasons are not proposed for sale (R10). The reasons themselves
    are the shop's own since they were installed, so the data file does not reach them."""
    env = Environment(cr, SUPERUSER_ID, {})
    for name in ("defective", "damaged", "wrong_product"):
        reason = env.ref(f"sale_rma.reason_{name}", raise_if_not_found=False)
        if reason:
            reason.restock = False
