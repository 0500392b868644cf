"""Mails whose words nobody changed get the new ones; what a shop wrote itself stays.

An update leaves mail templates alone. One counts as untouched when its words are those of an
earlier version and the program was the last to write it.
"""

import hashlib
import re
from io import BytesIO

from lxml import etree, html

from odoo import SUPERUSER_ID, api
from odoo.tools import file_open
from odoo.tools.convert import convert_xml_import

DATA = (
    "sale_rma/data/mail_template_data.xml",
    "sale_rma/data/sale_rma_recall_data.xml",
    "sale_rma/data/sale_rma_guest_data.xml",
)
# {template: digests of the words of earlier versions}
EARLIER = {
    "mail_template_rma_requested": {"70c89a79ba96d86d", "050425d8657e57a7"},
    "mail_template_rma_accepted": {"82310bb752fa680f", "018f45bd625690cb", "a4cd60d0368aa4fe"},
    "mail_template_rma_processing": {
        "82c0d65b3da4d484",
        "7199a5809e2ef791",
        "6d7e80dd2c8dd961",
        "16c92aa7dfa28a60",
        "615601ea1b676428",
    },
    "mail_template_rma_done": {
        "d1c15c9be2bc883d",
        "654cbceed1e88a66",
        "3615516d9fb39a8b",
        "cefc7aea6a62e248",
    },
    "mail_template_rma_refused": {"c48ff0bf693b6ba9", "d9331cc7a29655a5"},
    "mail_template_rma_cancel": {"bad77f71d4c09d11", "2b2cb5f56aa0729b"},
    "mail_template_rma_expired": {"f7ddcb5b30ec7288", "128504c47e1c91f6"},
    "mail_template_rma_withdrawal": {
        "f67cd604fc518943",
        "c840963faf601e3e",
        "c2401820238972e0",
        "d660ad66bc8d3d89",
    },
    "mail_template_rma_recall": {"f7de03b0fc8e27ae", "18209b17f7a15f61"},
    "mail_template_rma_guest_link": {"a778e8bff170dab7", "49c3b259c0e36957"},
}


def digest_words(body):
    """Return a digest of the words of a mail, however it is laid out."""
    root = html.fragment_fromstring(str(body or ""), create_parent="div")
    words = re.sub(r"\s+", "", "".join(root.itertext()))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    untouched = {name for name, digests in EARLIER.items() if is_untouched(env, name, digests)}
    if not untouched:
        return
    for path in DATA:
        with file_open(path, "rb") as file:
            root = etree.parse(file).getroot()
        for record in root.findall("record"):
            if record.get("id") not in untouched:
                root.remove(record)
        source = BytesIO(etree.tostring(root))
        source.name = path  # named where something in it is wrong
        convert_xml_import(env, "sale_rma", source, {}, mode="init")


def is_untouched(env, name, digests):
    """Whether a template is there, with the words of an earlier version, and nobody wrote it."""
    template = env.ref(f"sale_rma.{name}", raise_if_not_found=False)
    return (
        template
        and template.write_uid.id == SUPERUSER_ID
        and digest_words(template.with_context(lang="en_US").body_html) in digests
    )
