import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import photo as sale_rma_image
from .photo import MAX_DECODED, BrokenPhoto, LargePhoto, PixelBudget

MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_PHOTOS = 5  # of one item
MAX_FILES = 20  # of one request
KEPT_DAYS = 1
MAX_WAITING = 60  # files of one order that no return took yet

PHOTO_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
}
PROOF_EXTENSIONS = {**PHOTO_EXTENSIONS, "application/pdf": ".pdf"}


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
    _inherit = ["sale.rma.incoming"]

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, index=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one(comodel_name="sale.order.line", ondelete="cascade")
    token = fields.Char(required=True, index=True, default=lambda self: secrets.token_urlsafe(18))
    name = fields.Char(required=True)
    attachment_id = fields.Many2one(comodel_name="ir.attachment", ondelete="cascade")

    @api.model
    def _keep_photo(self, sold, name, content):
        """Keep a photo of an item until its request is sent.

        :param sold: the `sale.order.line` it shows
        :param bytes content: of the file, as `_clean_file` made it
        """
        name = clean_file_name(name, PHOTO_EXTENSIONS[sale_rma_image.sniff_type(content)])
        upload = self.create({"order_id": sold.order_id.id, "sale_line_id": sold.id, "name": name})
        upload.attachment_id = self._create_attachment(name, content, self._name, upload.id)
        return upload

    @api.model
    def _create_attachment(self, name, content, model, record_id):
        """Create the attachment of a file. Its type is the one its content has, so that it is
        never served as anything that a browser would run.

        :param bytes content: of the file, as `_clean_file` made it
        """
        mimetype = sale_rma_image.sniff_type(content)
        name = clean_file_name(name, PROOF_EXTENSIONS[mimetype])
        # a superuser's HTML would not be neutralised, see `ir.attachment._check_contents`; a photo
        # is as small already as Odoo would make it
        attachments = self.env["ir.attachment"].with_context(
            attachments_mime_plainxml=True, image_no_postprocess=True
        )
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
    def _clean_file(self, content, extensions, budget):
        """Return what is kept of a file: a photo made anew, without where it was taken or anything
        else but the picture; a PDF as it is, which is never opened here.

        :param bytes content: of the file
        :param dict extensions: {allowed mimetype: extension}
        :param PixelBudget budget: of the request, one for all its files
        :raise ValidationError: in words why the file is refused
        """
        if len(content) > MAX_FILE_SIZE:
            most = MAX_FILE_SIZE // 1024 // 1024
            raise ValidationError(self.env._("The file is larger than %(size)s MB.", size=most))
        mimetype = sale_rma_image.sniff_type(content)
        if mimetype not in extensions:
            raise ValidationError(self._get_possible_files(extensions))
        if mimetype == "application/pdf":
            return content
        if not sale_rma_image.is_readable(mimetype):
            raise ValidationError(
                self.env._(
                    "Photos of this kind (%(kind)s) cannot be read here. Please choose a JPEG: "
                    'telephones make one in the camera\'s setting "Most compatible", or send a '
                    "screenshot of the photo.",
                    kind=sale_rma_image.FORMATS[mimetype],
                )
            )
        try:
            return sale_rma_image.clean_photo(content, mimetype, budget)
        except LargePhoto:
            raise ValidationError(
                self.env._(
                    "Photos of so many pixels cannot be taken: at most %(most)s million in one, "
                    "and not many such at once. Please send a smaller copy, or fewer.",
                    most=MAX_DECODED // 1_000_000,
                )
            ) from None
        except BrokenPhoto:
            raise ValidationError(
                self._get_possible_files(extensions)
                + " "
                + self.env._("This file is damaged or something else.")
            ) from None

    @api.model
    def _get_possible_files(self, extensions):
        if "application/pdf" in extensions:
            return self.env._("Only photos (JPEG, PNG, WebP, HEIC) and PDF files are possible.")
        return self.env._("Only photos are possible: JPEG, PNG, WebP or HEIC.")

    @api.model
    def _get_photo_types(self):
        """Return the types of photos that this machine can read, as a file field names them: of
        others telephones make a JPEG by themselves."""
        return ",".join(filter(sale_rma_image.is_readable, PHOTO_EXTENSIONS))

    @api.model
    def _new_budget(self):
        """Return the pixels that the files of one request may have."""
        return PixelBudget()

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
