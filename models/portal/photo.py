"""Photos of strangers: told from their first bytes, measured before they are decoded, and made
anew, so that nothing but the picture is kept.

Plain functions, without Odoo: whoever takes a file from a customer asks them.
"""

import io
import struct

# By name: Odoo tells Pillow that all formats are there when only some are, and what is not
# imported here would be taken unchecked.
from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
    features,
)

try:
    import pillow_heif
except ImportError:  # optional: without it HEIC is refused in words
    pillow_heif = None
else:
    pillow_heif.register_heif_opener()

MAX_PIXELS = 50_000_000
"""Of one picture, decoded in small: what the largest telephones take."""
MAX_DECODED = 24_000_000
"""Pixels of one picture that have to be decoded one by one: four bytes of memory each."""
MAX_DECODED_PER_REQUEST = 48_000_000
MAX_SCANS = 64
"""Passes over one JPEG; cameras write one, the web about ten."""
LONGEST_SIDE = 1920
QUALITY = 85
MAX_PROFILE = 64 * 1024
"""Bytes of a colour profile that is kept."""

# What Pillow has to recognise.
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}
WRITTEN = {"image/png": "PNG", "image/webp": "WEBP"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
BROKEN = (
    OSError,
    SyntaxError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    EOFError,
    MemoryError,
    struct.error,
)


class BrokenPhoto(Exception):
    """It is no photo, not a whole one, or not what its first bytes say."""


class LargePhoto(Exception):
    """It has more pixels than are decoded for one customer."""


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


def is_readable(mimetype):
    """Whether this machine can open photos of a type."""
    if mimetype == "image/heic":
        return pillow_heif is not None
    if mimetype == "image/webp":
        return features.check("webp")
    return mimetype in FORMATS


class PixelBudget:
    """The pixels that are decoded in one request, counted before any is."""

    def __init__(self, most=MAX_DECODED_PER_REQUEST):
        self.left = most

    def spend(self, pixels):
        """:raise LargePhoto: more than there are left"""
        if pixels > self.left:
            raise LargePhoto
        self.left -= pixels


def clean_photo(content, mimetype, budget):
    """Return a photo made anew from its pixels: upright, no larger than a screen, and without
    anything that was written into it or behind it, such as where it was taken. Of several pictures
    in one file the first.

    :param bytes content: of the file
    :param str mimetype: what its first bytes say, see `sniff_type`
    :param PixelBudget budget: of the request
    :return: bytes; of the same format, JPEG of a HEIC
    :raise BrokenPhoto: see there
    :raise LargePhoto: see there; told from the file's head, before anything is decoded
    """
    if mimetype == "image/webp":
        # measured before Pillow opens it, which sets aside the memory of the whole picture
        _check_pixels(*_read_webp_size(content), work=1)
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[mimetype]]) as image:
            budget.spend(_count_decoded(image, content))
            _check_whole(content, mimetype)
            return _write(_read(image), WRITTEN.get(mimetype, "JPEG"))
    except BROKEN as error:
        raise BrokenPhoto from error


def _count_decoded(image, content):
    """Return how many pixels the work of decoding a picture amounts to.

    :raise LargePhoto: more than are decoded of one
    """
    is_jpeg = image.format in ("JPEG", "MPO")  # one with several pictures calls itself MPO
    if is_jpeg and content.count(b"\xff\xda") > MAX_SCANS:
        raise LargePhoto
    # a plain JPEG is decoded in small at once: a fraction of the work and of the memory
    is_small_at_once = is_jpeg and not image.info.get("progressive")
    return _check_pixels(image.width, image.height, work=0.25 if is_small_at_once else 1)


def _check_pixels(width, height, work):
    """Return how many pixels the work of decoding amounts to.

    :param float work: of decoding one
    :raise LargePhoto: more than are decoded of one picture
    """
    decoded = int(width * height * work)
    if width * height > MAX_PIXELS or decoded > MAX_DECODED:
        raise LargePhoto
    return decoded


def _read_webp_size(content):
    """Return (width, height) as the head of a WebP says, nothing of its content looked at.

    :raise BrokenPhoto: it says nothing
    """
    kind, head = content[12:16], content[20:30]
    if len(head) < 10:
        raise BrokenPhoto
    if kind == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    else:
        raise BrokenPhoto
    return width, height


def _check_whole(content, mimetype):
    """Odoo has Pillow fill up what is missing of a picture with grey.

    :raise BrokenPhoto: the end is missing
    """
    if mimetype == "image/jpeg":
        is_whole = content.rfind(b"\xff\xd9") > content.find(b"\xff\xda") > 0
    elif mimetype == "image/png":
        is_whole = b"IEND" in content
    elif mimetype == "image/webp":
        is_whole = int.from_bytes(content[4:8], "little") + 8 <= len(content)
    else:
        is_whole = True
    if not is_whole:
        raise BrokenPhoto


def _read(image):
    """Return a picture decoded, upright, small and in colours that every format has."""
    profile = image.info.get("icc_profile") or b""
    small = (LONGEST_SIDE, LONGEST_SIDE)
    image.draft("RGB", small)  # JPEG only: decodes a half, a quarter or an eighth
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    is_colour = image.mode in ("RGB", "RGBA", "P")
    if image.mode in ("1", "P"):  # which cannot be made smaller but by leaving pixels out
        image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail(small)
    image = ImageOps.exif_transpose(image)
    image = image.convert("RGBA" if has_alpha else "RGB")
    if is_colour and len(profile) <= MAX_PROFILE:
        image.info = {"icc_profile": profile}
    else:
        image.info = {}
    return image


def _write(image, image_format):
    """Return the file of a picture, with nothing in it but pixels and what their colours mean."""
    profile = image.info.get("icc_profile") or None
    if image_format == "JPEG" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "#fff")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    written = io.BytesIO()
    options = {"quality": QUALITY} if image_format != "PNG" else {}
    image.save(written, image_format, icc_profile=profile, exif=b"", **options)
    return written.getvalue()
