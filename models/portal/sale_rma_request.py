import re
from collections import defaultdict
from itertools import islice

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.quantity_field import read_quantity
from .asked_return import AskedLine, AskedReturn
from .sale_rma_upload import MAX_FILES, MAX_PHOTOS, MAX_WAITING, PHOTO_EXTENSIONS

LINE_FIELD = re.compile(r"line-(\d{1,10})-([a-z][a-z0-9_]*)")
REQUEST_KEY = re.compile(r"[0-9a-zA-Z_-]{16,64}")
MAX_FIELDS = 5000  # more than any honest form posts
MAX_NOTE = 2000
MAX_SEARCH = 80
RESOLUTIONS = {
    "return": ("refund", "exchange"),
    "claim": ("repair", "exchange", "refund"),
}


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
    def _prepare(self, order, kind="return"):
        """Return the `AskedReturn` of an empty form: every line of the order that was bought, with
        what can come back. What is alone to be sent back is picked already.

        :param str kind: `claim` where something is wrong; all else is a `return`
        """
        kind = kind if isinstance(kind, str) and kind in RESOLUTIONS else "return"
        sold_lines = order.order_line.filtered(self._is_shown)
        offers = sold_lines._get_return_offers(kind)
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
        asked = AskedReturn(order, lines, kind=kind)
        self._set_wishes(asked)
        for line in asked.lines:
            line.resolution = line.wishes[0]
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
        asked = self._prepare(order, posted.get("kind") if isinstance(posted, dict) else None)
        posted = {
            name: value.replace("\0", "")
            for name, value in islice(posted.items(), MAX_FIELDS + 1)
            if isinstance(name, str) and isinstance(value, str)
        }
        asked.posted = {name: value.strip()[:MAX_NOTE] for name, value in posted.items()}
        key = posted.get("request_key", "")
        asked.key = key if REQUEST_KEY.fullmatch(key) else ""
        asked.note = posted.get("customer_note", "").strip()[:MAX_NOTE]
        if len(posted) > MAX_FIELDS or self._has_foreign_lines(asked, posted):
            asked.errors.append(
                self.env._("Something in this form is not on the order. Please start again.")
            )
            return asked
        reasons = {reason.code: reason for reason in self._get_reasons(asked.kind)}
        by_line = defaultdict(dict)
        for name, value in posted.items():
            if match := LINE_FIELD.fullmatch(name):
                by_line[int(match[1])][match[2]] = value.strip()[:MAX_NOTE]
        for line in asked.lines:
            line.posted = by_line[line.sold.id]
            self._read_line(asked, line, reasons)
        self._set_wishes(asked)
        return asked

    @api.model
    def _has_foreign_lines(self, asked, posted):
        """Whether the form names a line that is not on the order."""
        own = {line.sold.id for line in asked.lines}
        named = filter(None, map(LINE_FIELD.fullmatch, posted))
        return any(int(match[1]) not in own for match in named)

    @api.model
    def _read_line(self, asked, line, reasons):
        """Read the fields of one item; a hook for who adds some (`line.posted`)."""
        names = ("pick", "quantity", "reason", "wish", "product", "search", "note", "kept")
        values = {name: line.posted.get(name, "") for name in names}
        line.is_picked = bool(values["pick"])
        line.typed_quantity = values["quantity"][:20] or line.typed_quantity
        line.reason = reasons.get(values["reason"], line.reason)
        line.note = values["note"][:MAX_NOTE]
        wishes = RESOLUTIONS[asked.kind]
        line.resolution = values["wish"] if values["wish"] in wishes else line.resolution
        line.typed_product = values["search"][:MAX_SEARCH]
        line.uploads = self._find_uploads(line, values["kept"])
        if not line.is_picked:
            return
        if not line.offer.is_possible:
            line.errors["line"] = line.offer.message
            return
        self._read_quantity(asked, line)
        if line.resolution == "exchange":
            self._read_product(line, values["product"])

    @api.model
    def _read_quantity(self, asked, line):
        """Read a quantity as people type it; everything else, such as `nan`, is none."""
        line.quantity = read_quantity(line.typed_quantity) or 0.0
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
    def _get_wishes(self, kind):
        """Return what can be wished for on a kind of return, the first as it is proposed."""
        return RESOLUTIONS[kind]

    @api.model
    def _set_wishes(self, asked):
        """Set what can be wished for of each item of a form, as far as its reason is known; a hook
        for rooms by which that is less, with a word why."""
        for line in asked.lines:
            line.wishes = self._get_wishes(asked.kind)

    @api.model
    def _get_reasons(self, kind="return"):
        """Return the reasons to choose from; where something is wrong, those of claims only."""
        reasons = self.env["sale.rma.reason"].search([("active", "=", True)])
        if kind == "claim":
            return reasons.filtered(lambda reason: reason._fits("claim"))
        return reasons

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
