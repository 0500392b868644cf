from contextlib import suppress

from odoo.tools import email_normalize

# What keeps programs from answering a mail.
NO_ANSWER_HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}
# Domains whose mailboxes are the same with and without dots, by the name the mailbox is known by.
DOTS_IGNORED = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def get_mailbox(email):
    """Return the mailbox an address leads to, in one spelling: what is counted per address counts
    per mailbox, or writing it in another way would begin the count anew.

    Case, a display name, what follows a plus, dots where the provider ignores them and the two
    ways to write a domain with other letters do not matter.

    :param str email: one address, as typed
    :return: str, empty if there is none
    """
    address = email_normalize(email or "", strict=False) or (email or "").strip().casefold()
    local, at, domain = address.rpartition("@")
    if not at:
        return address
    domain = domain.rstrip(".")
    with suppress(UnicodeError):  # no domain that mail could reach
        domain = domain.encode("idna").decode()
    domain = domain.lower()
    local = local.casefold().partition("+")[0] or local
    if domain in DOTS_IGNORED:
        domain, local = DOTS_IGNORED[domain], local.replace(".", "")
    return f"{local}@{domain}"
