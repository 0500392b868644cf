import ipaddress
import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql, hmac
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...tools.mail_address import NO_ANSWER_HEADERS

_logger = logging.getLogger(__name__)

LINK_HOURS = 48
# A network address is throttled by what it asks in an hour, an order by what is mailed for it.
# An address may stand for a whole office; behind a proxy that hides who asks, for everybody.
ASKS_PER_NETWORK = 30
ASKS_PER_PRIVATE_NETWORK = 600
LINKS_PER_ORDER = {1: 3, 24: 10}  # hours: links
KEPT_DAYS = 1
SCOPE = "sale_rma.guest"
WARNED = "sale_rma.guests_behind_proxy_told_on"


class SaleRmaGuestRequest(models.Model):
    """Somebody without an account asks for a link to return an order.

    The page only writes down what was typed, so it answers in the same words and the same time
    whether there is such an order or not. What matches gets its link by mail a moment later, from
    the scheduler. Nobody has rights on this model; its records go after a day.
    """

    _name = "sale.rma.guest.request"
    _description = "Guest Asking for a Return Link"
    _inherit = ["sale.rma.incoming"]

    order_ref = fields.Char(string="Order Number", required=True)
    email = fields.Char(required=True)
    lang = fields.Char()
    network_key = fields.Char(index=True, help="Where it came from, not readable.")
    is_handled = fields.Boolean(index=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        index="btree_not_null",
        ondelete="cascade",
        help="Order the link was mailed for.",
    )

    # === ASKING === #

    @api.model
    def _ask(self, order_ref, email, network_address):
        """Write down what a guest asks for; the scheduler answers it.

        :param str order_ref: as typed
        :param str email: as typed; its form was checked
        :param str network_address: of the one who asks
        :return: whether it was taken; False: too much was asked from there
        """
        key = self._get_network_key(network_address)
        if self._is_throttled(key, network_address):
            if not self._is_public_network(network_address):
                self._warn_of_hidden_guests(key, network_address)
            return False
        self.create(
            {
                "order_ref": self._normalize_order_ref(order_ref),
                "email": email_normalize(email),
                "lang": self.env.lang,
                "network_key": key,
            }
        )
        self.env.ref("sale_rma.ir_cron_rma_guest_links")._trigger()
        return True

    @api.model
    def _normalize_order_ref(self, order_ref):
        return order_ref.replace("\0", "").strip().lstrip("#").strip()[:64]

    @api.model
    def _get_network_key(self, network_address):
        """Return a name for where a request came from that tells nothing of it: a whole /64 for
        IPv6, as one household has that many addresses."""
        try:
            address = ipaddress.ip_address(network_address)
        except ValueError:
            address = None
        if address and address.version == 6:
            network_address = str(ipaddress.ip_network((address, 64), strict=False))
        # sudo: the key of the database, which signs and never gets out
        return hmac(self.env(su=True), SCOPE, network_address or "")[:32]

    @api.model
    def _is_throttled(self, network_key, network_address):
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        asked = self.search_count([("network_key", "=", network_key), ("create_date", ">=", since)])
        return asked >= self._get_asks_per_network(network_address)

    @api.model
    def _get_asks_per_network(self, network_address):
        is_public = self._is_public_network(network_address)
        return ASKS_PER_NETWORK if is_public else ASKS_PER_PRIVATE_NETWORK

    @api.model
    def _is_public_network(self, network_address):
        try:
            return ipaddress.ip_address(network_address).is_global
        except ValueError:
            return False

    @api.model
    def _warn_of_hidden_guests(self, network_key, network_address):
        """Tell an administrator, once, that all guests of a day came from one private address: a
        proxy hides who they are, and one of them can use up what all may ask."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        others = [("network_key", "!=", network_key), ("create_date", ">=", since)]
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: a note to itself
        if self.search_count(others, limit=1) or parameters.get_param(WARNED):
            return
        parameters.set_param(WARNED, fields.Date.to_string(fields.Date.today()))
        _logger.warning(
            "All who ask for a return link come from %s: see proxy_mode", network_address
        )
        users = self.env.ref("base.group_system").all_user_ids
        for user in users.filtered(lambda user: user.active and not user.share):
            env = self.with_context(lang=user.lang).env
            note = env._(
                "Everybody who asked for a return link today came from the address %(address)s: "
                "a proxy before Odoo hides who asks, so that all of them together are throttled "
                "as one. Set proxy_mode = True in the configuration of the server, and let the "
                "proxy send X-Forwarded-For.",
                address=network_address,
            )
            # sudo: a visitor's request tells administrators, nobody else
            user.partner_id.sudo().activity_schedule(
                "mail.mail_activity_data_warning",
                summary=env._("Guests are throttled as one"),
                note=Markup("<p>%s</p>") % note,
                user_id=user.id,
            )

    # === ANSWERING === #

    def _cron_send_links(self):
        """Mail their links to the guests whose order and address match."""
        waiting = self.search([("is_handled", "=", False)], order="id", limit=100)
        for request in waiting:
            request.is_handled = True
            try:
                with self.env.cr.savepoint():
                    request._send_links()
            except Exception:  # one that cannot be answered must not hold up the others
                _logger.exception("The link of guest request %s could not be mailed", request.id)
            remaining = self.search_count([("is_handled", "=", False)])
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _send_links(self):
        """Mail the link of each order that matches."""
        self.ensure_one()
        template = self.env.ref("sale_rma.mail_template_rma_guest_link", raise_if_not_found=False)
        for order in self._find_orders():
            if not template or self._is_mailed_enough(order):
                continue
            # one record per mail: it names the order, and counts for the throttle
            request = self if not self.order_id else self.copy({"order_id": False})
            request.order_id = order
            template.send_mail(
                request.id,
                force_send=True,
                email_values={
                    "email_to": request.email,
                    "headers": repr(NO_ANSWER_HEADERS),
                    "recipient_ids": [],
                },
            )

    def _find_orders(self):
        """Return the orders that have this number and belong to this address."""
        self.ensure_one()
        if not self.order_ref:
            return self.env["sale.order"]
        number = escape_psql(self.order_ref)
        numbers = Domain("name", "=ilike", number) | Domain("client_order_ref", "=ilike", number)
        orders = self.env["sale.order"].search(
            numbers & Domain("state", "in", ("sale", "cancel")), limit=20, order="id desc"
        )
        return orders.filtered(lambda order: order._is_rma_guest_address(self.email))

    def _is_mailed_enough(self, order):
        """Whether an order had its share of links lately: they all work still, so its customer
        lacks nothing."""
        now = fields.Datetime.now()
        for hours, most in LINKS_PER_ORDER.items():
            since = fields.Datetime.subtract(now, hours=hours)
            mailed = [("order_id", "=", order.id), ("create_date", ">=", since)]
            if self.search_count(mailed) >= most:
                return True
        return False

    def _get_link(self):
        """Return the address of the request form; for two days, and as long as the order belongs
        to the address it is mailed to."""
        self.ensure_one()
        # sudo: the key of the database, which signs and never gets out
        token = hash_sign(
            self.env(su=True), SCOPE, [self.order_id.id, self.email], expiration_hours=LINK_HOURS
        )
        return f"{self.order_id.get_base_url()}/returns/{token}"

    def _get_followed_returns(self):
        """Return the returns of the order that its customer may follow: a mail with the link gives
        theirs again, too."""
        self.ensure_one()
        return self.order_id.rma_ids._filter_customer_visible()

    @api.model
    def _get_link_order(self, token):
        """Return the order that a link opens; empty when it is expired, forged or outdated."""
        orders = self.env["sale.order"]
        try:
            # sudo: the key of the database, which never gets out
            order_id, email = verify_hash_signed(self.env(su=True), SCOPE, token) or (0, "")
        except (ValueError, TypeError, IndexError):
            return orders
        order = orders.browse(order_id).exists()
        return order if order and order._is_rma_guest_address(email) else orders

    @api.autovacuum
    def _gc_guest_requests(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
