"""Hostile customers: whatever they send gives no data of others, no record, and never a 500."""

import io
import json
import os
import random

from PIL import Image

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from odoo.addons.sale_rma.models.portal import sale_rma_upload as upload_module

from .common_portal import PortalCommon

NOISE = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models", "werkzeug")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML = b"<html><script>alert(1)</script></html>"


@tagged("post_install", "-at_install")
class TestPortalSecurity(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), shipping=7.0)
        cls.line = cls.order.order_line[0]
        cls.path = f"/my/orders/{cls.order.id}/return"
        cls.foreign = cls._create_sold(
            (cls._make_product("Secret of Bob", 77.7), 3), partner_id=cls.stranger.id
        )
        cls.foreign_rma = cls._create_rma(cls.foreign, {}, state="draft")
        cls.foreign_rma = cls._create_rma(cls.foreign, 1, state="accepted")

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")
        self.count = self._count_records()

    def _count_records(self):
        return {
            model: self.env[model].sudo().search_count([])
            for model in (
                "sale.rma",
                "sale.rma.line",
                "sale.rma.withdrawal",
                "sale.rma.withdrawal.event",
                "stock.picking",
                "account.move",
            )
        }

    def _assert_nothing_given(self, response):
        """No page with somebody else's data, no record, no crash."""
        self.assertLess(response.status_code, 500, response.text[:500])
        for secret in ("Secret of Bob", self.foreign.name, self.foreign_rma.name):
            self.assertNotIn(secret, response.text)
        self.assertEqual(self._count_records(), self.count)

    def _csrf(self):
        return self._page(self.path).xpath("//form//input[@name='csrf_token']/@value")[0]

    # === OTHER PEOPLE'S DOCUMENTS === #

    def test_another_customers_order_opens_nothing(self):
        path = f"/my/orders/{self.foreign.id}/return"
        tokens = (None, "", "x", "é", self.order._portal_ensure_token(), "A" * 5000)
        for token in tokens:
            self._assert_nothing_given(self._get(path, access_token=token))
            wish = self._line_values(self.foreign.order_line)
            self._assert_nothing_given(
                self._post_form(
                    f"{path}?access_token={token or ''}",
                    {**wish, "csrf_token": self._csrf(), "step": "send"},
                )
            )

    def test_order_needs_login_or_link(self):
        self.logout()
        response = self._get(self.path)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login?redirect=", response.headers["Location"])
        missing = self._get(f"/my/orders/{self.order.id + 10**6}/return")
        self.assertEqual(missing.status_code, response.status_code)

    def test_link_of_one_order_opens_no_other(self):
        self.logout()
        token = self.order._portal_ensure_token()
        response = self._get(f"/my/orders/{self.foreign.id}/return", access_token=token)
        self._assert_nothing_given(response)
        self.assertEqual(response.status_code, 404)

    def test_line_of_another_order_is_refused_and_makes_nothing(self):
        own_other = self._create_sold((self.shirt, 1))
        self.count = self._count_records()
        for line in (self.foreign.order_line, own_other.order_line):
            response = self._ask(self.order, self._line_values(self.line), self._line_values(line))
            self._assert_nothing_given(response)
            self.assertIn("not on the order", self._errors(self._html(response)))

    def test_price_state_customer_and_other_fields_are_not_read(self):
        self._ask(
            self.order,
            self._line_values(self.line),
            partner_id=str(self.stranger.id),
            state="done",
            price_paid="1000",
            rma_type="withdrawal",
            company_id="1",
            **{f"line-{self.line.id}-price": "1000"},
        )
        rma = self._returns_of(self.order)
        self.assertEqual(rma.partner_id, self.customer)
        self.assertEqual((rma.state, rma.rma_type), ("requested", "return"))
        self.assertEqual(rma.line_ids.price_paid, 57.5)

    def test_cancel_and_proof_of_another_customers_return(self):
        token = self._csrf()
        for what in ("cancel", "proof", "message"):
            for key in ("", self.order._portal_ensure_token()):
                response = self._post_form(
                    f"/my/returns/{self.foreign_rma.id}/{what}",
                    {
                        "csrf_token": token,
                        "access_token": key,
                        "tracking_ref": "6A1",
                        "message": "x",
                    },
                )
                self._assert_nothing_given(response)
        self.assertEqual(self.foreign_rma.state, "accepted")
        self.assertFalse(self.foreign_rma.tracking_ref)

    def test_jsonrpc_of_another_customers_order(self):
        for what in ("estimate", "products"):
            for order_id in (self.foreign.id, 10**12, -1):
                response = self._rpc(f"/my/orders/{order_id}/return/{what}", values={}, search="a")
                self._assert_nothing_given(response)
                self.assertNotIn('"result"', response.text)

    def _rpc(self, path, **params):
        with mute_logger(*NOISE):
            return self.url_open(
                path,
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            )

    def test_models_behind_the_pages_are_nobodys(self):
        for login in ("rma_customer", None):
            self.authenticate(login, login)
            for model in ("sale.rma.upload", "sale.rma.guest.request", "sale.rma.request"):
                for method, args in (("search_read", [[]]), ("create", [{}]), ("_send", [1])):
                    response = self._rpc(
                        f"/web/dataset/call_kw/{model}/{method}",
                        model=model,
                        method=method,
                        args=args,
                        kwargs={},
                    )
                    self.assertNotIn('"result"', response.text)

    def test_request_key_is_not_shown_to_customers(self):
        self._ask(self.order, self._line_values(self.line))
        rma = self._returns_of(self.order)
        response = self._rpc(
            "/web/dataset/call_kw/sale.rma/read",
            model="sale.rma",
            method="read",
            args=[rma.ids, ["request_key"]],
            kwargs={},
        )
        self.assertNotIn('"result"', response.text)

    def test_photo_of_a_return_needs_its_key(self):
        photo = (f"line-{self.line.id}-photos", ("a.jpg", self._make_photo(), "image/jpeg"))
        self._ask(self.order, self._line_values(self.line), files=[photo])
        attachment = self._returns_of(self.order).line_ids.attachment_ids
        self.authenticate("rma_stranger", "rma_stranger")
        for path in (f"/web/content/{attachment.id}", f"/web/image/{attachment.id}"):
            for key in (None, "x"):
                response = self._get(path, access_token=key)
                self.assertNotIn(self._make_photo(), response.content)

    # === CSRF === #

    @mute_logger(*NOISE)
    def test_posts_without_the_forms_token_do_nothing(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        self.count = self._count_records()
        wish = {**self._line_values(self.line), "step": "send"}
        for path in (
            self.path,
            *(f"/my/returns/{rma.id}/{what}" for what in ("cancel", "proof", "message")),
        ):
            for token in (None, "", "x"):
                response = self._post_form(path, {**wish, "csrf_token": token})
                self.assertEqual(response.status_code, 400)
        self.assertEqual(rma.state, "requested")
        self.assertEqual(self._count_records(), self.count)
        self.assertEqual(self._post_form("/returns", {"order_ref": "x"}).status_code, 400)

    # === NUMBERS === #

    def test_bad_quantities_are_refused_in_words(self):
        bad = ["0", "-2", "nan", "inf", "1e3", "1.5", "100", "٣", "1,000.5", "0x2", "9" * 400]
        for quantity in [*bad, "1_0", "+1", "1 1"]:
            response = self._ask(self.order, self._line_values(self.line, quantity=quantity))
            self._assert_nothing_given(response)
            self.assertIn("at most 3", self._errors(self._html(response)).lower(), quantity)

    def test_line_that_is_no_item_is_refused(self):
        shipping = self.order.order_line.filtered("is_delivery")
        response = self._ask(self.order, self._line_values(shipping))
        self._assert_nothing_given(response)
        self.assertIn("Shipping is nothing", self._errors(self._html(response)))

    def test_ten_thousand_lines_are_refused(self):
        many = {f"line-{number}-pick": "1" for number in range(10_000)}
        response = self._ask(self.order, many)
        self._assert_nothing_given(response)
        values = {**self._form_values(self._page(self.path)), **many, "step": "send"}
        response = self.url_open(self.path, data=values, allow_redirects=False)  # urlencoded
        self._assert_nothing_given(response)
        own = {f"line-{self.line.id}-f{number}": "1" for number in range(10_000)}
        self._assert_nothing_given(self._rpc(f"{self.path}/estimate", values=own))

    # === UPLOADS === #

    def _ask_with_file(self, content, name="a.jpg", mimetype="image/jpeg", **values):
        file = (f"line-{self.line.id}-photos", (name, content, mimetype))
        return self._ask(
            self.order, self._line_values(self.line, **values), files=[file], step="estimate"
        )

    def test_only_photos_by_their_content_are_taken(self):
        for content in (
            SVG,
            HTML,
            b"%PDF-1.4",
            b"GIF89a" + b"\0" * 50,
            b"\xff\xd8\xff" + HTML,  # begins as a JPEG, is none
            b"\x89PNG\r\n\x1a\n" + SVG,
            b"MZ" + b"\0" * 100,
            b"PK\x03\x04" + b"\0" * 100,
        ):
            response = self._ask_with_file(content)
            self._assert_nothing_given(response)
            self.assertIn("Only photos", self._errors(self._html(response)), content[:8])
        self.assertFalse(self.env["sale.rma.upload"].sudo().search([]))

    def test_photo_that_is_also_a_page_is_served_as_a_photo(self):
        """A sound JPEG may carry anything behind its end."""
        self._ask_with_file(self._make_photo() + HTML, "evil.svg.html", "text/html")
        attachment = self.env["sale.rma.upload"].sudo().search([]).attachment_id
        self.assertEqual(attachment.mimetype, "image/jpeg")
        self.assertEqual(attachment.name, "evil.svg.jpg")
        self.assertFalse(attachment.public)

    def test_names_of_files_are_cleaned(self):
        for name in (
            "../../etc/passwd.jpg",
            'a"><script>.jpg',
            "\n\r.jpg",
            "x" * 5000 + ".jpg",
            ".",
        ):
            cleaned = upload_module.clean_file_name(name, ".jpg")
            self.assertRegex(cleaned, r"\A[\w .()-]{1,80}\.jpg\Z")
            self.assertNotIn("/", cleaned)

    def test_huge_picture_in_a_small_file_is_refused(self):
        content = io.BytesIO()
        Image.new("1", (30_000, 30_000)).save(content, "PNG")
        self.assertLess(len(content.getvalue()), 1_000_000)
        response = self._ask_with_file(content.getvalue(), "bomb.png", "image/png")
        self._assert_nothing_given(response)
        self.assertIn("Only photos", self._errors(self._html(response)))

    def test_file_that_is_too_large_is_refused(self):
        self.patch(upload_module, "MAX_FILE_SIZE", 100)
        response = self._ask_with_file(self._make_photo(size=(64, 64)))
        self._assert_nothing_given(response)
        self.assertIn("larger than", self._errors(self._html(response)))

    def test_number_of_photos_is_limited(self):
        photo = (f"line-{self.line.id}-photos", ("a.jpg", self._make_photo(), "image/jpeg"))
        response = self._ask(self.order, self._line_values(self.line), files=[photo] * 30)
        self._assert_nothing_given(response)
        self.assertIn("At most 5 photos", self._errors(self._html(response)))
        self.patch(upload_module, "MAX_WAITING", 3)
        waiting = self.env["sale.rma.upload"].sudo().search_count([])
        self.assertEqual(waiting, 5)

    def test_photos_that_wait_for_an_order_are_limited(self):
        from odoo.addons.sale_rma.models.portal import sale_rma_request

        self.patch(sale_rma_request, "MAX_WAITING", 2)
        for _round in range(4):
            self._ask_with_file(self._make_photo())
        self.assertEqual(self.env["sale.rma.upload"].sudo().search_count([]), 2)

    def test_photos_of_what_is_not_picked_are_not_kept(self):
        self._ask_with_file(self._make_photo(), pick="")
        foreign = self.foreign.order_line
        photo = (f"line-{foreign.id}-photos", ("a.jpg", self._make_photo(), "image/jpeg"))
        self._ask(self.order, self._line_values(self.line), files=[photo], step="estimate")
        self.assertFalse(self.env["sale.rma.upload"].sudo().search([]))

    # === WHAT IS SHOWN AGAIN === #

    def test_what_was_typed_comes_back_as_text(self):
        evil = '"><script>alert(1)</script>'
        response = self._ask(
            self.order,
            self._line_values(
                self.line,
                quantity=evil[:12],
                note=evil,
                search=evil,
                wish="exchange",
                product="other",
                kept=evil,
                reason=evil,
            ),
        )
        self.assertNotIn("<script>alert(1)", response.text)
        response = self._get(f"/returns?order_ref={evil}&email={evil}")
        self.assertNotIn("<script>alert(1)", response.text)

    def test_notices_of_the_address_are_from_a_list(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        page = self._page(f"/my/returns/{rma.id}", notice="You won!")
        self.assertFalse(page.xpath("//*[@data-notice]"))

    # === FUZZ === #

    def test_fuzz_all_routes(self):
        """A bounded number of random requests on every route: never a 500, never data of others,
        never a record. The seed is told, so that a failure can be seen again. (No NUL in paths:
        Odoo itself fails on those before any route is found.)"""
        seed = int(os.environ.get("RMA_FUZZ_SEED", 987342))
        self._fuzz(random.Random(seed), seed)

    def _fuzz(self, rng, seed):
        own = self._create_rma(self.order, {self.mug: 1}, state="done")
        files = self._make_files_of_stranger()
        self.count = self._count_records()
        ids = ["0", "1", "-1", "x", "²", str(10**12), str(2**31), str(self.foreign.id)]
        ids += [str(self.foreign_rma.id), str(own.id), "..", "1/1"]
        atoms = ["", "x", "\0", "é", "'\"><b>", "%", "A" * 3000, "nan", "-1", "1e999", "[]", "{}"]
        atoms += [str(self.foreign.order_line.id), str(self.foreign.id), "bogus desc", "../.."]
        names = ["access_token", "step", "request_key", "sortby", "filterby", "page", "search"]
        names += ["report_type", "download", "notice", "order_ref", "tracking_ref", "values"]
        names += ["line_id", "pid", "hash", "message", f"line-{self.foreign.order_line.id}-pick"]
        names += [
            f"line-{self.line.id}-{field}" for field in ("quantity", "product", "kept", "note")
        ]
        names += ["order_id", "customer_name", "email", "contract", "part", "scope", "state"]
        for line in (self.line, self.foreign.order_line):
            names += [f"line_{line.id}", f"quantity_{line.id}"]
        atoms += ["items", "anna@example.com", self.order.name, str(self.order.id)]
        atoms += self._make_bad_states()
        routes = [
            "/my/returns",
            "/my/returns/page/%s",
            "/my/returns/new",
            "/my/returns/new/page/%s",
            "/my/returns/%s",
            "/my/returns/%s/cancel",
            "/my/returns/%s/proof",
            "/my/returns/%s/message",
            "/my/orders/%s/return",
            "/my/orders/%s/return/estimate",
            "/my/orders/%s/return/products",
            "/returns",
            "/returns/%s",
            "/returns/%s/estimate",
            "/returns/%s/products",
            "/withdraw",
            "/withdraw/confirm",
            "/withdraw/form",
            "/withdraw/receipt/%s",
            f"/withdraw/receipt/{'0' * 64}",
            "/my/returns/%s?report_type=pdf&download=1",
            f"/my/returns/{self.foreign_rma.id}?report_type=html",
            *(f"/web/content/{file.id}" for file in files),
            *(f"/web/image/{file.id}" for file in files[:1]),
        ]
        token = self._csrf()
        with mute_logger(*NOISE):
            for number in range(20 * len(routes)):
                login = rng.choice(["rma_customer", "rma_stranger", None]) if not number % 40 else 0
                if login != 0:
                    self.authenticate(login, login)
                    token = ""
                route = routes[number % len(routes)]
                path = route.replace("%s", rng.choice(ids))
                values = {
                    rng.choice(names): rng.choice(atoms) for _field in range(rng.randint(0, 6))
                }
                if path.startswith("/web/"):
                    values = {}  # Odoo's own routes, which answer 500 to an empty `download`
                response = self._fuzz_once(rng, path, values, token)
                with self.subTest(seed=seed, number=number, path=path, values=values):
                    self.assertLess(response.status_code, 500)
                    if self.session.uid != self._stranger_uid():
                        self.assertNotIn("Secret of Bob", response.text)
        self.assertEqual(self._count_records(), self.count)

    def _make_files_of_stranger(self):
        """Return files of the kinds that pages offer: photo, label or proof, slip, receipt."""
        withdrawals = self.env["sale.rma.withdrawal"].sudo()
        withdrawal = withdrawals.create(
            {
                "channel": "form",
                "company_id": self.company.id,
                "customer_name": "Secret of Bob",
                "email": "bob@example.com",
                "statement": "Secret of Bob",
                "submitted_at": fields.Datetime.now(),
                "token": "f" * 64,
            }
        )
        owners = (self.foreign_rma.line_ids, self.foreign_rma, withdrawal)
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": f"{owner._name}.jpg",
                        "raw": self._make_photo() + b"Secret of Bob",
                        "res_model": owner._name,
                        "res_id": owner.id,
                    }
                    for owner in owners
                ]
            )
        )

    def _make_bad_states(self):
        """Return statements that the function did not sign so: cut, changed, of another scope."""
        declared = {"channel": "login", "order_id": self.foreign.id, "token": "a" * 64}
        env = self.env(su=True)
        signed = hash_sign(env, "sale_rma.withdrawal", declared)
        expired = hash_sign(env, "sale_rma.withdrawal", declared, expiration_hours=-1)
        flipped = ("A" if signed[20] != "A" else "B").join((signed[:20], signed[21:]))
        return [signed[:-4], flipped, expired, hash_sign(env, "sale_rma.other", declared)]

    def _stranger_uid(self):
        return self.env["res.users"].sudo().search([("login", "=", "rma_stranger")]).id

    def _fuzz_once(self, rng, path, values, token):
        way = rng.choice(["get", "post", "multipart", "json", "junk"])
        if way == "get":
            return self._get(path, **values)
        if way == "json":
            params = {**values, "values": rng.choice([values, [], "x", None, {"a": {"b": 1}}])}
            return self._rpc(path, **params)
        if way == "junk":
            return self.url_open(
                path,
                data=bytes(rng.randrange(256) for _byte in range(200)),
                headers={"Content-Type": rng.choice(["multipart/form-data", "application/json"])},
                allow_redirects=False,
            )
        values["csrf_token"] = token
        if way == "post":
            return self.url_open(path, data=values, allow_redirects=False)
        files = [
            (f"line-{self.line.id}-photos", ("a", rng.choice([SVG, HTML, b""]), "image/png")),
            ("files", ("a", SVG, "image/png")),
        ]
        return self.url_open(path, data=values, files=files, allow_redirects=False)
