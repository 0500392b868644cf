import re
from dataclasses import dataclass, field
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .sale_rma_upload import MAX_FILES, MAX_PHOTOS, MAX_WAITING, PHOTO_EXTENSIONS

LINE_FIELD = re.compile(r"line-(\d{1,10})-([a-z]+)")
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)
REQUEST_KEY = re.compile(r"[0-9a-zA-Z_-]{16,64}")
MAX_FIELDS = 5000  # more than any honest form posts
MAX_NOTE = 2000
MAX_SEARCH = 80
MAX_FOUND = 8
WISHES = ("refund", "exchange")


@dataclass(eq=False)
class AskedLine:
    """A sold line on the request form: what is offered, what was typed and what is wrong."""

    sold: object
    offer: object
    price_paid: float = 0.0
    is_picked: bool = False
    typed_quantity: str = ""
    quantity: float = 0.0  # in the sold line's unit
    reason: object = None
    wish: str = "refund"
    product: object = None  # wanted instead
    typed_product: str = ""
    found: object = None  # products that what was typed may mean
    note: str = ""
    uploads: object = None
    errors: dict = field(default_factory=dict)

    @property
    def has_options(self):
        return self.offer.is_possible

    def get_error_list(self):
        return list(self.errors.items())


@dataclass(eq=False)
class AskedReturn:
    """A request form: its lines, what is wrong with the whole of it, and its key.

    The key names the form that was shown: however often it is sent, it makes one return.
    """

    order: object
    lines: list
    key: str = ""
    note: str = ""
    errors: list = field(default_factory=list)

    @property
    def picked(self):
        return [line for line in self.lines if line.is_picked]

    @property
    def offered(self):
        return [line for line in self.lines if line.offer.is_possible]

    @property
    def refused(self):
        return [line for line in self.lines if not line.offer.is_possible]

    @property
    def is_late(self):
        """Whether nothing is offered, and would be if it were not too late."""
        return not self.offered and any(line.offer.code == "late" for line in self.lines)

    @property
    def has_errors(self):
        return bool(self.errors or any(line.errors for line in self.lines))


@dataclass(eq=False)
class Estimate:
    """What the picked items would give back now. Amounts are tax included, in `currency`."""

    currency: object
    refund: float = 0.0
    exchange: float = 0.0
    has_exchange: bool = False
    unbilled: list = field(default_factory=list)  # names of items without an invoice

    @property
    def balance(self):
        """Positive: paid back to the customer; negative: due by them."""
        return self.refund - self.exchange


class SaleRma(models.Model):
    _inherit = "sale.rma"

    request_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Key of the form the customer sent: sent twice, it makes one return.",
    )

    _request_key_uniq = models.UniqueIndex(
        "(order_id, request_key) WHERE request_key IS NOT NULL",
        "This request was sent already.",
    )


class SaleRmaRequest(models.AbstractModel):
    """How a customer's form becomes a return, for the portal and for guests alike.

    Every method is called with an order in superuser mode **whose access was checked before** (a
    login that may read it, its token, or a link mailed to its customer), in the environment of
    whoever asks. Whatever is posted is only looked up among that order's own lines.
    """

    _name = "sale.rma.request"
    _description = "Return Requests of Customers"

    # === READING THE FORM === #

    @api.model
    def _prepare(self, order):
        """Return the `AskedReturn` of an empty form: every line of the order that was bought, with
        what can come back. What is alone to be sent back is picked already."""
        sold_lines = order.order_line.filtered(self._is_shown)
        offers = sold_lines._get_return_offers()
        prices = self.env["sale.rma.refund"]._get_prices_paid(sold_lines)
        lines = [
            AskedLine(
                sold,
                offers[sold],
                prices.get(sold, 0.0),
                reason=self.env["sale.rma.reason"],
                product=self.env["product.product"],
                found=self.env["product.product"],
                uploads=self.env["sale.rma.upload"],
                typed_quantity=self._format_default_quantity(offers[sold]),
            )
            for sold in sold_lines
        ]
        asked = AskedReturn(order, lines)
        if len(asked.offered) == 1:
            asked.offered[0].is_picked = True
        return asked

    @api.model
    def _is_shown(self, sold):
        """Whether the sold line is something that was bought; combos show by their items."""
        return bool(
            not sold.display_type
            and sold.product_id.type != "combo"
            and (sold.product_uom_qty or sold.qty_delivered)
        )

    @api.model
    def _format_default_quantity(self, offer):
        return f"{min(offer.quantity, 1.0):.12g}" if offer.is_possible else ""

    @api.model
    def _read(self, order, posted):
        """Return the `AskedReturn` of what was posted, with what is wrong in it.

        :param dict posted: strings by the names of the form's fields; whatever else may be in it
            is not looked at
        """
        asked = self._prepare(order)
        posted = {
            name: value.replace("\0", "")
            for name, value in islice(posted.items(), MAX_FIELDS + 1)
            if isinstance(name, str) and isinstance(value, str)
        }
        key = posted.get("request_key", "")
        asked.key = key if REQUEST_KEY.fullmatch(key) else ""
        asked.note = posted.get("customer_note", "").strip()[:MAX_NOTE]
        if len(posted) > MAX_FIELDS or self._has_foreign_lines(asked, posted):
            asked.errors.append(
                self.env._("Something in this form is not on the order. Please start again.")
            )
            return asked
        reasons = {reason.code: reason for reason in self._get_reasons()}
        for line in asked.lines:
            self._read_line(asked, line, posted, reasons)
        return asked

    @api.model
    def _has_foreign_lines(self, asked, posted):
        """Whether the form names a line that is not on the order."""
        own = {line.sold.id for line in asked.lines}
        named = (LINE_FIELD.fullmatch(name) for name in posted if name.startswith("line-"))
        return any(not match or int(match[1]) not in own for match in named)

    @api.model
    def _read_line(self, asked, line, posted, reasons):
        values = {
            name: posted.get(f"line-{line.sold.id}-{name}", "").strip()
            for name in ("pick", "quantity", "reason", "wish", "product", "search", "note", "kept")
        }
        line.is_picked = bool(values["pick"])
        line.typed_quantity = values["quantity"][:20] or line.typed_quantity
        line.reason = reasons.get(values["reason"], line.reason)
        line.note = values["note"][:MAX_NOTE]
        line.wish = values["wish"] if values["wish"] in WISHES else "refund"
        line.typed_product = values["search"][:MAX_SEARCH]
        line.uploads = self._find_uploads(line, values["kept"])
        if not line.is_picked:
            return
        if not line.offer.is_possible:
            line.errors["line"] = line.offer.message
            return
        self._read_quantity(asked, line)
        if line.wish == "exchange":
            self._read_product(line, values["product"])

    @api.model
    def _read_quantity(self, asked, line):
        """Read a quantity as people type it; everything else, such as `nan`, is none."""
        if NUMBER.fullmatch(line.typed_quantity):
            line.quantity = float(line.typed_quantity.replace(",", "."))
        error = self._new_return(asked, [line]).line_ids._get_quantity_error(line.offer.quantity)
        if error:
            line.errors["quantity"] = error

    @api.model
    def _read_product(self, line, product_id):
        """Read what is wanted instead: one of the products proposed, or typed by name."""
        choices = self._get_exchange_domain(line.sold.order_id)
        if product_id.isdecimal() and len(product_id) < 10:
            # searched, so that an id of anything that may not be chosen finds nothing
            line.product = line.product.search(
                choices & Domain("id", "=", int(product_id)), limit=1
            )
        elif line.typed_product:
            line.found = self._search_products(line.sold, line.typed_product)
            if len(line.found) == 1:
                line.product = line.found
        if line.product and line.product not in self._get_variants(line.sold):
            line.found |= line.product

    @api.model
    def _find_uploads(self, line, tokens):
        """Return the photos of this line that were sent with the form before."""
        tokens = re.findall(r"[\w-]{16,64}", tokens)[:MAX_PHOTOS]
        if not tokens:
            return line.uploads
        return line.uploads.search(
            [("sale_line_id", "=", line.sold.id), ("token", "in", tokens)], order="id"
        )

    # === WHAT THE FORM OFFERS === #

    @api.model
    def _get_reasons(self):
        return self.env["sale.rma.reason"].search([("active", "=", True)])

    @api.model
    def _get_exchange_domain(self, order):
        """Return the domain of what a customer of the order may choose instead: goods for sale,
        and where there is a web shop, only those it shows."""
        products = self.env["product.product"]
        domain = Domain(
            [
                ("sale_ok", "=", True),
                ("type", "=", "consu"),
                ("company_id", "in", (False, order.company_id.id)),
            ]
        )
        if "is_published" in products._fields:
            domain &= Domain("is_published", "=", True)
        return domain

    @api.model
    def _get_variants(self, sold):
        """Return the variants of a sold product that can be chosen instead, itself included."""
        variants = sold.product_id.product_tmpl_id.product_variant_ids
        return variants.filtered_domain(self._get_exchange_domain(sold.order_id))

    @api.model
    def _get_variant_label(self, product):
        """Return what tells a variant from the others: `Blue, M`."""
        label = product.product_template_attribute_value_ids._get_combination_name()
        return label or self.env._("The same again")

    @api.model
    def _search_products(self, sold, text):
        """Return the first products for exchange whose name or reference is like a text."""
        text = text.strip()[:MAX_SEARCH]
        products = self.env["product.product"]
        if len(text) < 2:
            return products
        named = Domain("name", "ilike", text) | Domain("default_code", "=ilike", text)
        return products.search(
            named & self._get_exchange_domain(sold.order_id), limit=MAX_FOUND, order="name, id"
        )

    # === PHOTOS === #

    @api.model
    def _keep_photos(self, asked, files):
        """Check the photos that came with the form and keep them until it is sent.

        :param dict files: {sold line's id: list of (name, content)}
        """
        uploads = self.env["sale.rma.upload"]
        waiting = uploads._count_waiting(asked.order) if files else 0
        left = min(MAX_FILES, MAX_WAITING - waiting)
        budget = uploads._new_budget()
        for line in asked.picked:
            for name, content in files.get(line.sold.id, ()):
                if len(line.uploads) >= MAX_PHOTOS or left <= 0:
                    line.errors["photos"] = self._get_number_error(left)
                    break
                left -= 1
                try:
                    photo = uploads._clean_file(content, PHOTO_EXTENSIONS, budget)
                except ValidationError as error:
                    line.errors["photos"] = str(error)
                    continue
                line.uploads |= uploads._keep_photo(line.sold, name, photo)

    @api.model
    def _get_number_error(self, left):
        """Return in words why one more photo is not taken.

        :param int left: how many may still come with this request
        """
        if left <= 0:
            return self.env._(
                "At most %(count)s photos can be sent at once. Please take some out.",
                count=MAX_FILES,
            )
        return self.env._("At most %(count)s photos of each item are possible.", count=MAX_PHOTOS)

    # === CHECKS === #

    @api.model
    def _check(self, asked):
        """Note what is missing before the form can be sent."""
        if not asked.picked and not asked.errors:
            asked.errors.append(self.env._("Choose what you would like to send back."))
        for line in asked.picked:
            if line.offer.is_possible:
                self._check_line(line)

    @api.model
    def _check_line(self, line):
        errors = line.errors
        if not line.reason:
            errors.setdefault("reason", self.env._("Tell us why you send it back."))
        if line.reason.note_required and not line.note:
            errors.setdefault("note", self.env._("Please describe what is wrong, in a few words."))
        if line.reason.photo_required and not line.uploads:
            errors.setdefault("photos", self.env._("Please add a photo that shows it."))
        if line.wish == "exchange" and not line.product:
            if len(line.found) > 1:
                error = self.env._("Choose one of these products.")
            elif line.typed_product:
                error = self.env._("We found no such product. Try another name.")
            else:
                error = self.env._("Choose what you would like instead.")
            errors.setdefault("product", error)

    # === ESTIMATE === #

    @api.model
    def _estimate(self, asked):
        """Return the `Estimate` of the picked items, told by what will also make the credit note
        (R3). Items with a mistake in their quantity are left out; None if nothing remains."""
        order = asked.order
        estimate = Estimate(order.currency_id)
        lines = [line for line in asked.picked if line.quantity and not line.errors.get("quantity")]
        if not lines:
            return None
        rma = self._new_return(asked, lines)
        engine = self.env["sale.rma.refund"]
        quantities = rma._get_quantities_estimated()
        estimate.unbilled += [
            self._get_name(line.sale_line_id) for line in rma.line_ids if line not in quantities
        ]
        credits = engine._prepare_credits(rma, quantities)
        totals = engine._get_tax_totals(credits, order.currency_id, order.company_id)
        estimate.refund = totals["total_amount_currency"]
        wanted = {line.sold: line for line in lines if line.wish == "exchange" and line.product}
        if wanted:
            estimate.has_exchange = True
            estimate.exchange = rma._get_exchange_amount(
                [
                    (rma_line, wanted[rma_line.sale_line_id].product, rma_line.quantity)
                    for rma_line in rma.line_ids
                    if rma_line.sale_line_id in wanted
                ]
            )
        return estimate

    @api.model
    def _get_name(self, sold):
        """Return the name of what was sold as customers know it, without internal codes."""
        return sold.product_id.with_context(display_default_code=False).display_name or sold.name

    @api.model
    def _new_return(self, asked, lines):
        """Return a return that is never saved, to ask it what it would do."""
        return self.env["sale.rma"].new(
            {
                "order_id": asked.order.id,
                "line_ids": [
                    Command.create({"sale_line_id": line.sold.id, "quantity": line.quantity})
                    for line in lines
                ],
            }
        )

    # === SENDING === #

    @api.model
    def _lock(self, order):
        """Wait for whoever else asks for a return of the order at this moment. A transaction that
        began before the other one ended then starts again, and sees what the other one made: the
        same form sent twice at once makes one return."""
        self.env.execute_query(
            SQL("SELECT id FROM sale_order WHERE id = %s FOR NO KEY UPDATE", order.id)
        )

    @api.model
    def _find_sent(self, order, key):
        """Return the return that this form made already, if it did."""
        returns = self.env["sale.rma"]
        if not key or not REQUEST_KEY.fullmatch(key):
            return returns
        return returns.search([("order_id", "=", order.id), ("request_key", "=", key)], limit=1)

    @api.model
    def _send(self, asked):
        """Make the return of a form without errors, and ask for it: the customer gets the mail.

        :return: the `sale.rma`; empty when it is refused after all, `asked.errors` then says why
        """
        returns = self.env["sale.rma"]
        try:
            # a refusal leaves no return behind, but keeps the photos for the next try
            with self.env.cr.savepoint():
                # the order's customer follows the return, not whoever asks in their name
                quiet = returns.with_context(mail_create_nosubscribe=True)
                rma = quiet.create(self._prepare_return_vals(asked)).with_env(self.env)
                uploads = {line.sold: line.uploads for line in asked.picked}
                for line in rma.line_ids:
                    uploads[line.sale_line_id]._move_to(line)
                rma.action_request()
                return rma
        except (UserError, ValidationError) as error:
            asked.errors.append(str(error))
        return returns

    @api.model
    def _prepare_return_vals(self, asked):
        is_claim = all(line.reason.rma_types == "claim" for line in asked.picked)
        return {
            "order_id": asked.order.id,
            "rma_type": "claim" if is_claim else "return",
            "request_key": asked.key or False,
            "customer_note": asked.note or False,
            "line_ids": [Command.create(self._prepare_line_vals(line)) for line in asked.picked],
        }

    @api.model
    def _prepare_line_vals(self, line):
        return {
            "sale_line_id": line.sold.id,
            "quantity": line.quantity,
            "reason_id": line.reason.id,
            "resolution": line.wish,
            "exchange_product_id": line.product.id if line.wish == "exchange" else False,
            "note": line.note or False,
        }
