from odoo import api, models
from odoo.exceptions import ValidationError

# Kinds of returns that have reasons; a withdrawal never asks for one (docs/law.md L16).
WITH_REASONS = ("return", "claim")


class SaleRmaLine(models.Model):
    """What the reason of an item asks for, whoever makes the return: form, API, import, portal."""

    _inherit = "sale.rma.line"

    @api.constrains("reason_id")
    def _check_reason_fits(self):
        """:raise ValidationError: the reason is not one of this kind of return"""
        for line in self.filtered("reason_id"):
            rma, reason = line.rma_id, line.reason_id
            if rma.rma_type not in WITH_REASONS or reason._fits(rma.rma_type):
                continue
            kinds = dict(rma._fields["rma_type"]._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "%(product)s: %(reason)s is no reason for a return of the type %(type)s, only "
                    "for one of the type %(fits)s. Change the type of the return, or choose "
                    "another reason.",
                    product=line.product_id.display_name,
                    reason=reason.name,
                    type=kinds[rma.rma_type],
                    fits=kinds[reason.rma_types],
                )
            )

    def _check_reason_demands(self):
        """:raise ValidationError: a comment or photo that the reason asks for is not there"""
        for line in self.filtered(lambda line: line.rma_id.rma_type in WITH_REASONS):
            missing = line.reason_id._get_missing(line.note, lambda line=line: line.attachment_ids)
            if not missing:
                continue
            messages = {
                "note": self.env._(
                    "%(product)s: the reason %(reason)s asks for a comment. Write what is wrong.",
                    product=line.product_id.display_name,
                    reason=line.reason_id.name,
                ),
                "photo": self.env._(
                    "%(product)s: the reason %(reason)s asks for a photo. Add one.",
                    product=line.product_id.display_name,
                    reason=line.reason_id.name,
                ),
            }
            raise ValidationError(" ".join(messages[name] for name in missing))
