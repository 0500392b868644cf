"""HTML that colleagues wrote, for printers and customers: nothing in it is fetched from elsewhere.

A printer fetches what it is told to, from inside the shop's network; a customer's browser tells
whoever is asked that it was there. So only what is known to be harmless is kept, and of pictures
only the shop's own.
"""

import re

from lxml import html
from markupsafe import Markup

from odoo.tools import consteq

TAGS = re.compile(
    "a|abbr|b|blockquote|br|caption|center|code|col|colgroup|dd|del|div|dl|dt|em|font|h1|h2|"
    "h3|h4|h5|h6|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|small|span|strike|strong|sub|sup|table|"
    "tbody|td|tfoot|th|thead|tr|u|ul"
)
ATTRIBUTES = re.compile(
    "align|alt|bgcolor|border|cellpadding|cellspacing|class|color|colspan|dir|face|height|"
    "href|lang|rowspan|size|span|src|start|style|title|type|valign|width"
)
GONE = re.compile(  # with all that is in them
    "applet|audio|base|embed|form|frame|frameset|head|iframe|input|link|math|meta|noscript|"
    "object|script|select|style|svg|template|textarea|title|video"
)
LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
# Of the shop's own: an attachment by its id, with what the editor adds.
ATTACHMENT = re.compile(
    r"/web/(?:image|content)/(\d{1,9})(?:-[\w.-]*)?(?:/[^?#\\]*)?(?:\?([^#\\]*))?"
)
ACCESS_TOKEN = re.compile(r"(?:^|&)access_token=([\w-]+)")
DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
STYLE = re.compile(r"[\w-]+\s*:\s*(?:[\w\s#%.,'\"!+-]|(?:rgba?|hsla?)\([\d\s.,%/]*\))*")


def keep_own(env, source, owners=()):
    """Return HTML in which nothing is fetched but the shop's own pictures.

    :param env: of whoever prints or shows it
    :param str source: the HTML
    :param owners: records whose attachments may be shown, such as the document itself
    :return: Markup
    """
    if not source:
        return Markup()
    root = html.fragment_fromstring(str(source), create_parent="div")
    own = _find_own_attachments(env, root, {(owner._name, owner.id) for owner in owners})
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str) or GONE.fullmatch(element.tag):
            element.drop_tree()
        elif not TAGS.fullmatch(element.tag):
            element.drop_tag()
        else:
            _clean_attributes(element)
            if element.tag == "img" and not _is_own(element.get("src", "").strip(), own):
                element.drop_tree()
    inside = html.tostring(root, encoding="unicode")
    return Markup(inside.removeprefix("<div>").removesuffix("</div>"))


def _clean_attributes(element):
    for name, value in element.attrib.items():
        if not ATTRIBUTES.fullmatch(name):
            del element.attrib[name]
        elif name == "style":
            kept = filter(STYLE.fullmatch, (part.strip() for part in value.split(";")))
            element.set("style", "; ".join(kept))
        elif not _fits(element, name, value):
            del element.attrib[name]


def _fits(element, name, value):
    """Whether an attribute has its place in an element: addresses are for links and pictures."""
    if name == "href":
        return element.tag == "a" and bool(LINK.match(value.strip()))
    return name != "src" or element.tag == "img"


def _find_own_attachments(env, root, owned):
    """Return {address: whether it is an attachment that everybody may see who sees the document}.

    :param set owned: (model, id) of the documents it is shown with
    """
    matches = {}
    for element in root.iterdescendants("img"):
        address = (element.get("src") or "").strip()
        match = ATTACHMENT.fullmatch(address)
        if match and ".." not in address:
            matches[address] = match
    # sudo: only whose the pictures are is looked at, whoever prints
    files = env["ir.attachment"].sudo().browse({int(match[1]) for match in matches.values()})
    files = {file.id: file for file in files.exists()}
    return {
        address: _is_open(files[int(match[1])], match[2] or "", owned)
        for address, match in matches.items()
        if int(match[1]) in files
    }


def _is_open(file, query, owned):
    """Whether whoever sees the document may see an attachment: it is public, of the document
    itself, or the address has its key."""
    token = ACCESS_TOKEN.search(query)
    return bool(
        file.public
        or (file.res_model, file.res_id) in owned
        or (token and file.access_token and consteq(file.access_token, token[1]))
    )


def _is_own(address, own):
    return own.get(address, False) or bool(DATA.fullmatch(address))
