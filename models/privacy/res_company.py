import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.number_field import Count

# Shown as a link to everybody: a page of the web, or one of this site.
ADDRESS = re.compile(r"(?:https?://[^\s/?#]+|/(?![/\\]))[^\s\\]*", re.IGNORECASE)


class ResCompany(models.Model):
    """Settings of what is kept about people, and for how long."""

    _inherit = "res.company"

    rma_privacy_url = fields.Char(
        string="Privacy Notice",
        help="Address of the page that says what becomes of personal data, such as /privacy. The "
        "forms for returns and withdrawals link to it.",
    )
    rma_inquiry_retention_months = Count(
        string="Keep Messages about Returns For",
        default=24,
        help="Months after the last message in which what belonged to no return is deleted; 0: it "
        "is kept.",
    )

    _rma_inquiry_retention_positive = models.Constraint(
        "CHECK (rma_inquiry_retention_months >= 0)",
        "The months to keep messages about returns cannot be negative.",
    )

    @api.constrains("rma_privacy_url")
    def _check_rma_privacy_url(self):
        for company in self:
            if company.rma_privacy_url and not ADDRESS.fullmatch(company.rma_privacy_url.strip()):
                raise ValidationError(
                    self.env._(
                        "%(address)s is no address of a page. Type one such as "
                        "https://shop.example/privacy or /privacy.",
                        address=company.rma_privacy_url,
                    )
                )

    def _get_rma_privacy_url(self):
        """Return the address of the privacy notice, nothing where there is none."""
        self.ensure_one()
        return (self.sudo().rma_privacy_url or "").strip()  # sudo: it is shown to everybody
