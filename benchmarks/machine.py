"""What the figures were measured on: versions and size, nothing that names the machine."""

import os
import platform
from datetime import date

from odoo import release


def description(env):
    """Return date, versions and size of the machine as lines of Markdown."""
    env.cr.execute("SHOW server_version")
    postgres = env.cr.fetchone()[0].split()[0]
    addon = env["ir.module.module"].search([("name", "=", "sale_rma")]).installed_version
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"Measured on {date.today()} with sale_rma {addon}, Odoo {release.version}, "
        f"PostgreSQL {postgres}, Python {platform.python_version()}; "
        f"{os.cpu_count()} cores, {memory:.0f} GB of memory."
    ]
