import re

from stdnum.exceptions import ValidationError as StdnumError
from stdnum.iso7064 import mod_37_36

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What a typed or scanned reference looks like; the last sign is the check character.
REFERENCE_PATTERN = re.compile(r"^\s*([A-Z]+)\W*(\d{4})\W*(\d{5,})\W*([0-9A-Z])\s*$", re.IGNORECASE)


def compact(reference):
    """Letters and digits of a reference, without separators: what the check runs over."""
    return re.sub(r"[^0-9A-Z]", "", reference.upper())


class SaleRma(models.Model):
    _inherit = "sale.rma"

    reference_search = fields.Char(
        string="Reference (typed or scanned)",
        compute="_compute_reference_search",
        search="_search_reference_search",
    )

    def _compute_reference_search(self):
        for rma in self:
            rma.reference_search = rma.name

    @api.model
    def _assign_references(self, vals_list):
        """Give new returns their reference: the company's sequence and a check character.

        :param list vals_list: all that is written of the returns, their company with it
        """
        sequences = {}
        for vals in vals_list:
            company = self.env["res.company"].browse(vals["company_id"])
            if company not in sequences:
                sequences[company] = self._get_reference_sequence(company)
            number = sequences[company] and sequences[company]._next()
            if not number:
                raise UserError(
                    self.env._(
                        "%(company)s has no number sequence for customer returns: create one with "
                        "the code sale.rma under Settings, Technical, Sequences.",
                        company=company.name,
                    )
                )
            vals["name"] = f"{number}-{mod_37_36.calc_check_digit(compact(number))}"

    @api.model
    def _check_typed_reference(self, reference):
        """Say so when something that looks like a reference has a wrong check character.

        :raise UserError: naming what was typed
        """
        match = REFERENCE_PATTERN.match(reference or "")
        if not match or not self._is_known_prefix(match[1]):
            return
        try:
            mod_37_36.validate(compact(reference))
        except StdnumError as error:
            raise UserError(
                self.env._(
                    "%(reference)s is not a return reference: its last sign does not fit the "
                    "others, so something in it was mistyped. Compare it with the slip.",
                    reference=reference.strip(),
                )
            ) from error

    @api.model
    def _is_known_prefix(self, letters):
        # sudo: only which prefixes references have
        sequences = self.env["ir.sequence"].sudo().search([("code", "=", "sale.rma")])
        return any(
            compact(re.sub(r"%\(\w+\)s", "", sequence.prefix or "")) == letters.upper()
            for sequence in sequences
        )

    def _search_reference_search(self, operator, value):
        if operator not in ("=", "ilike", "like", "=ilike", "=like", "in"):
            return NotImplemented
        terms = [value] if isinstance(value, str) else list(value)
        domains = []
        for term in filter(None, terms):
            self._check_typed_reference(term)
            domain = Domain("name", "ilike", term)
            if match := REFERENCE_PATTERN.match(term):  # a scanner may leave the separators out
                alike = self.search(Domain("name", "=ilike", "%".join(match.groups())))
                same = alike.filtered(lambda rma, term=term: compact(rma.name) == compact(term))
                domain |= Domain("id", "in", same.ids)
            domains.append(domain)
        return Domain.OR(domains)

    @api.model
    def _get_reference_sequence(self, company):
        """Return the sequence of a company's references, empty if it has none."""
        # sudo: whoever creates a return numbers it
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        return sequences.search_fetch(
            [("code", "=", "sale.rma"), ("company_id", "in", (company.id, False))],
            order="company_id",
            limit=1,
        )
