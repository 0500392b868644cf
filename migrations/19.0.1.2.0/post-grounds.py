"""Standard texts for refusing and cancelling: an update never makes them, as those a shop has deleted would come back.

Shops that had the addon before these texts get them once, here.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, "sale_rma", "data/sale_rma_ground_data.xml", {}, mode="init", noupdate=True)
