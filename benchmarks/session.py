"""The database that a measure is made on."""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def open_registry(path):
    """Return the registry of the database that a configuration file names."""
    config.parse_config(["--config", path], setup_logging=True)
    return Registry(config["db_name"][0])


def as_root(cr):
    return api.Environment(cr, SUPERUSER_ID, {})


def as_admin(cr, **context):
    """Return the environment of the administrator, in their language and time zone."""
    env = as_root(cr)
    user = env.ref("base.user_admin")
    return env(user=user, context={"lang": user.lang, "tz": user.tz, **context})
