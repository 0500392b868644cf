import io
import re
import secrets
import struct

from PIL import Image, UnidentifiedImageError

from odoo import api, fields, models

MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PHOTOS = 5  # of one item
KEPT_DAYS = 1
MAX_WAITING = 60  # files of one order that no return took yet

PHOTO_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
}
PROOF_EXTENSIONS = {**PHOTO_EXTENSIONS, "application/pdf": ".pdf"}

# What Pillow has to recognise. It does not know HEIC, and may be built without WebP: there the
# first bytes are all that is checked.
PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def sniff_type(content):
    """Return the mimetype of a photo or a PDF, told from its first bytes only: neither the file's
    name nor what the browser says counts. None for everything else.

    :param bytes content: of the file
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "image/heic"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return None


def is_sound_photo(content, mimetype):
    """Whether a photo can be opened as what its first bytes say, and is not absurdly large."""
    Image.init()
    if PILLOW_FORMATS.get(mimetype) not in Image.OPEN:
        return mimetype in PHOTO_EXTENSIONS
    try:
        with Image.open(io.BytesIO(content), formats=[PILLOW_FORMATS[mimetype]]) as image:
            width, height = image.size
            if not 0 < width * height <= MAX_PIXELS:
                return False
            image.verify()
    except (
        OSError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        ValueError,
        IndexError,
        struct.error,
    ):
        return False
    return True


def clean_file_name(name, extension):
    """Return a file name without path, control or markup characters, with the extension of what
    the file is."""
    stem = re.split(r"[\\/]", name or "")[-1].rsplit(".", 1)[0]
    stem = re.sub(r"[^\w .()-]+", "_", stem).strip(" ._")[:80]
    return f"{stem or 'photo'}{extension}"


class SaleRmaUpload(models.Model):
    """A file a customer sent with a request that is not finished yet.

    A form that comes back with an error, or with the estimate where there is no JavaScript,
    cannot hold files: they wait here, and go with the request when it is sent. Nobody has rights
    on this model; what waits for longer than a day goes away with its file.
    """

    _name = "sale.rma.upload"
    _description = "File of an Unfinished Return Request"

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, index=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one(comodel_name="sale.order.line", ondelete="cascade")
    token = fields.Char(required=True, index=True, default=lambda self: secrets.token_urlsafe(18))
    name = fields.Char(required=True)
    attachment_id = fields.Many2one(comodel_name="ir.attachment", ondelete="cascade")

    @api.model
    def _keep_photo(self, sold, name, content):
        """Keep a photo of an item until its request is sent. It was checked before.

        :param sold: the `sale.order.line` it shows
        :param bytes content: of the file
        """
        name = clean_file_name(name, PHOTO_EXTENSIONS[sniff_type(content)])
        upload = self.create({"order_id": sold.order_id.id, "sale_line_id": sold.id, "name": name})
        upload.attachment_id = self._create_attachment(name, content, self._name, upload.id)
        return upload

    @api.model
    def _create_attachment(self, name, content, model, record_id):
        """Create the attachment of a checked file. Its type is the one its content has, so that
        it is never served as anything that a browser would run.

        :param bytes content: of the file
        """
        mimetype = sniff_type(content)
        # a superuser's HTML would not be neutralised, see `ir.attachment._check_contents`
        attachments = self.env["ir.attachment"].with_context(attachments_mime_plainxml=True)
        return attachments.create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": model,
                "res_id": record_id,
            }
        )

    @api.model
    def _get_file_error(self, content, extensions):
        """Return in words why a file is refused, nothing if it is fine.

        :param bytes content: of the file
        :param dict extensions: {allowed mimetype: extension}
        """
        if len(content) > MAX_FILE_SIZE:
            return self.env._(
                "The file is larger than %(size)s MB.", size=MAX_FILE_SIZE // 1024 // 1024
            )
        mimetype = sniff_type(content)
        is_pdf = mimetype == "application/pdf"
        if mimetype in extensions and (is_pdf or is_sound_photo(content, mimetype)):
            return None
        if "application/pdf" in extensions:
            return self.env._("Only photos (JPEG, PNG, WebP, HEIC) and PDF files are possible.")
        return self.env._("Only photos are possible: JPEG, PNG, WebP or HEIC.")

    @api.model
    def _count_waiting(self, order):
        """Return how many files of an order wait for a request to be sent."""
        return self.search_count([("order_id", "=", order.id)])

    @api.autovacuum
    def _gc_uploads(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=1000).unlink()

    def _move_to(self, rma_line):
        """Attach the files to the item of a return that has just been made."""
        if not self:
            return
        attachments = self.attachment_id
        attachments.write({"res_model": rma_line._name, "res_id": rma_line.id})
        rma_line.attachment_ids = [fields.Command.link(file.id) for file in attachments]
        self.unlink()
