"""Files of customers: measured before they are decoded, made anew, and told in words."""

import io
import struct
import time
import zlib
from unittest.mock import patch

from PIL import Image, PngImagePlugin

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.sale_rma.models.portal import photo as sale_rma_image
from odoo.addons.sale_rma.models.portal import sale_rma_request, sale_rma_upload

from .common_portal import PortalCommon

PLACE = b"N48 51.507"
PDF = b"%PDF-1.4\n1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>>>> endobj"


def encode(image, image_format="JPEG", **options):
    written = io.BytesIO()
    image.save(written, image_format, **options)
    return written.getvalue()


def make_png(width, height):
    """A PNG of one colour, as small as it gets: 7071 x 7071 in 49 kB."""

    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    packer = zlib.compressobj(9)
    row = b"\0" * (width + 1)
    rows = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def make_placed(image_format, size=(40, 20), orientation=1):
    """A small photo that says where it was taken, in every way its format knows."""
    image = Image.new("RGB", size, "#abcdef")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.4)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + PLACE + b"</x:xmpmeta>"
    options = {"exif": exif}
    if image_format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Place", PLACE.decode())
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    else:
        options["xmp"] = xmp
    if image_format == "JPEG":
        options["comment"] = PLACE
    return encode(image, image_format, **options)


@tagged("post_install", "-at_install")
class TestUploads(TransactionCase):
    def _clean(self, content, budget=None):
        uploads = self.env["sale.rma.upload"]
        return uploads._clean_file(
            content, sale_rma_upload.PROOF_EXTENSIONS, budget or uploads._new_budget()
        )

    # === BOMBS === #

    def test_many_pixels_in_a_small_file_are_not_decoded(self):
        bomb = make_png(7071, 7071)
        self.assertLess(len(bomb), 400_000)
        start = time.process_time()
        with (
            patch.object(Image.Image, "load", side_effect=AssertionError("it was decoded")),
            self.assertRaisesRegex(ValidationError, "at most 24 million"),
        ):
            self._clean(bomb)
        self.assertLess(time.process_time() - start, 1.0)

    def test_many_pixels_in_many_files_are_not_decoded(self):
        photo = make_png(4800, 4800)  # 23 million each
        budget = self.env["sale.rma.upload"]._new_budget()
        self.assertTrue(self._clean(photo, budget))
        self.assertTrue(self._clean(photo, budget))
        with (
            patch.object(Image.Image, "load", side_effect=AssertionError("it was decoded")),
            self.assertRaisesRegex(ValidationError, "smaller copy, or fewer"),
        ):
            self._clean(photo, budget)

    def test_a_large_webp_is_not_even_opened(self):
        for head in (
            b"VP8X" + bytes(8) + (16382).to_bytes(3, "little") + (16382).to_bytes(3, "little"),
            b"VP8L" + bytes(4) + b"\x2f" + (0x3FFF | 0x3FFF << 14).to_bytes(4, "little"),
            b"VP8 " + bytes(4) + bytes(6) + b"\xff\x3f\xff\x3f",
        ):
            content = b"RIFF" + (100).to_bytes(4, "little") + b"WEBP" + head + bytes(100)
            with (
                patch.object(Image, "open", side_effect=AssertionError("it was opened")),
                self.assertRaisesRegex(ValidationError, "at most 24 million"),
            ):
                self._clean(content)

    def test_a_jpeg_of_a_thousand_passes_is_not_decoded(self):
        photo = encode(Image.new("RGB", (640, 480), "#abcdef"), progressive=True)
        scan = photo[photo.rindex(b"\xff\xda") : -2]
        with self.assertRaisesRegex(ValidationError, "so many pixels"):
            self._clean(photo[:-2] + scan * 1000 + b"\xff\xd9")

    def test_a_photo_of_a_large_telephone_is_taken(self):
        photo = encode(Image.new("RGB", (8160, 6120), "#abcdef"))
        cleaned = Image.open(io.BytesIO(self._clean(photo)))
        self.assertEqual(cleaned.size, (1920, 1440))

    def test_every_kind_is_checked_in_a_running_server(self):
        """Odoo tells Pillow that all formats are loaded, whichever are."""
        for kind in ("JPEG", "PNG", "WEBP"):
            self.assertIn(kind, Image.OPEN)
        broken = b"RIFF" + (16).to_bytes(4, "little") + b"WEBPVP8 " + bytes(40)
        with self.assertRaisesRegex(ValidationError, "Only photos"):
            self._clean(broken)

    def test_heic_is_read_or_refused_in_words(self):
        with (
            patch.object(sale_rma_image, "pillow_heif", None),
            self.assertRaisesRegex(ValidationError, "choose a JPEG"),
        ):
            self._clean(b"\0\0\0\x18ftypheic" + bytes(100))

    # === PLACES === #

    def test_places_of_taking_are_in_no_photo(self):
        for kind in ("JPEG", "PNG", "WEBP"):
            photo = make_placed(kind)
            self.assertIn(PLACE, photo)
            cleaned = self._clean(photo)
            with Image.open(io.BytesIO(cleaned)) as image:
                self.assertFalse(image.getexif(), kind)
                self.assertFalse({"xmp", "comment", "Place"} & set(image.info), kind)
            self.assertNotIn(PLACE, cleaned)

    def test_a_photo_stays_upright(self):
        cleaned = self._clean(make_placed("JPEG", size=(40, 20), orientation=6))
        self.assertEqual(Image.open(io.BytesIO(cleaned)).size, (20, 40))

    def test_colours_and_transparency_stay(self):
        half = Image.new("RGBA", (4, 4), (255, 0, 0, 128))
        cleaned = Image.open(io.BytesIO(self._clean(encode(half, "PNG"))))
        self.assertEqual(cleaned.getpixel((0, 0)), (255, 0, 0, 128))
        for mode in ("1", "L", "P", "CMYK"):
            photo = Image.new(mode, (8, 8))
            cleaned = self._clean(encode(photo, "JPEG" if mode == "CMYK" else "PNG"))
            self.assertEqual(Image.open(io.BytesIO(cleaned)).mode, "RGB")

    # === NOT WHAT IT SEEMS === #

    def test_what_is_behind_a_photo_is_not_kept(self):
        for kind in ("JPEG", "PNG", "WEBP"):
            cleaned = self._clean(encode(Image.new("RGB", (8, 8)), kind) + b"<script>x</script>")
            self.assertNotIn(b"script", cleaned)

    def test_of_a_moving_picture_the_first_is_kept(self):
        frames = [Image.new("RGB", (8, 8), colour) for colour in ("#f00", "#0f0", "#00f")]
        for kind in ("PNG", "WEBP"):
            moving = encode(frames[0], kind, save_all=True, append_images=frames[1:])
            cleaned = Image.open(io.BytesIO(self._clean(moving)))
            self.assertEqual(getattr(cleaned, "n_frames", 1), 1)
            self.assertGreater(cleaned.convert("RGB").getpixel((0, 0))[0], 200)

    def test_half_a_photo_is_said(self):
        noise = Image.effect_noise((64, 64), 90)
        for kind in ("JPEG", "PNG", "WEBP"):
            photo = encode(noise.convert("RGB"), kind)
            with self.assertRaisesRegex(ValidationError, "damaged"):
                self._clean(photo[: len(photo) // 2])

    def test_a_pdf_is_kept_as_it_is_and_not_opened(self):
        with patch.object(Image, "open", side_effect=AssertionError("it was opened")):
            self.assertEqual(self._clean(PDF), PDF)


@tagged("post_install", "-at_install")
class TestUploadsOfARequest(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))
        cls.path = f"/my/orders/{cls.order.id}/return"

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")

    def _send(self, content, count=1, name="a.jpg"):
        lines = self.order.order_line
        files = [
            (f"line-{lines[number % 2].id}-photos", (name, content, "image/jpeg"))
            for number in range(count)
        ]
        wishes = [self._line_values(line) for line in lines]
        return self._ask(self.order, *wishes, files=files, step="estimate")

    def _kept(self):
        return self.env["sale.rma.upload"].sudo().search([("order_id", "=", self.order.id)])

    def test_ten_bombs_in_one_request_cost_little(self):
        bomb = make_png(7071, 7071)
        start = time.process_time()
        response = self._send(bomb, count=10, name="bomb.png")
        self.assertLess(time.process_time() - start, 4.0)  # 16 it was
        self.assertIn("at most 24 million", self._errors(self._html(response)))
        self.assertFalse(self._kept())

    def test_files_of_a_request_are_counted(self):
        self.patch(sale_rma_request, "MAX_FILES", 3)
        response = self._send(self._make_photo(), count=6)
        self.assertIn("At most 3 photos can be sent at once", self._errors(self._html(response)))
        self.assertEqual(len(self._kept()), 3)

    def test_a_kept_photo_says_no_place(self):
        self._send(make_placed("JPEG"))
        kept = self._kept().attachment_id
        self.assertEqual(kept.mimetype, "image/jpeg")
        self.assertNotIn(PLACE, kept.raw)

    def test_a_proof_says_no_place(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        page = self._page(f"/my/returns/{rma.id}")
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        for number, photo in enumerate((make_placed("PNG"), PDF)):
            self._post_form(
                f"/my/returns/{rma.id}/proof",
                {"csrf_token": token, "tracking_ref": f"6A{number}"},
                files=[("files", ("proof.png", photo, "image/png"))],
            )
        rma.invalidate_recordset()
        placed, pdf = rma.proof_attachment_ids.sorted("id")
        self.assertNotIn(PLACE, placed.raw)
        self.assertEqual((placed.mimetype, placed.name), ("image/png", "proof.png"))
        self.assertEqual((pdf.mimetype, pdf.name, pdf.raw), ("application/pdf", "proof.pdf", PDF))

    def test_a_bomb_as_proof_is_refused_in_words(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        error = rma.sudo()._customer_show_proof("", [("a.png", make_png(7071, 7071))])
        self.assertIn("at most 24 million", error)
        self.assertFalse(rma.proof_attachment_ids or rma.date_proof)
