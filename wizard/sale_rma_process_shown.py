import hashlib
import math

from odoo import api, fields, models
from odoo.exceptions import UserError

# What the button says itself.
NOT_SHOWN = ("close", "wizard_id", *models.MAGIC_COLUMNS)
# What the screen shows beside what is filled in.
TOTALS = ("amount_total", "amount_exchange")
LINE_FACTS = ("quantity", "qty_already_received")


class SaleRmaScreen(models.AbstractModel):
    """What is filled in on a screen, in a form that compares."""

    _name = "sale.rma.screen"
    _description = "What a Screen Shows"

    @api.model
    def _get_filled_names(self):
        """Return the names of the fields that are filled in on a screen."""
        return [
            name
            for name, field in self._fields.items()
            if field.store and field.type != "one2many" and name not in NOT_SHOWN
        ]

    def _get_shown_values(self, others):
        """Return as text what a record on the screen shows; the same before and after it was
        saved."""
        self.ensure_one()
        names = sorted((*self._get_filled_names(), *others))
        return [f"{name}={self._to_shown(self._fields[name], self[name])}" for name in names]

    def _to_shown(self, field, value):
        if field.relational:
            return str(sorted(value._origin.ids))
        if field.type in ("float", "monetary") and math.isfinite(value):
            digits = field.get_digits(self.env) if field.type == "float" else None
            places = digits[1] if digits else self.currency_id.decimal_places
            return str(round(value, places) + 0.0)
        return str(value or "")


class SaleRmaProcessLine(models.TransientModel):
    _name = "sale.rma.process.line"
    _inherit = ["sale.rma.process.line", "sale.rma.screen"]


class SaleRmaProcess(models.TransientModel):
    """What the button posts is what its user saw (R3): the form sends what it shows with what it
    saves and with the button; where the server has something else, it refuses. Callers that show
    nothing send nothing."""

    _name = "sale.rma.process"
    _inherit = ["sale.rma.process", "sale.rma.screen"]

    shown = fields.Char(
        compute="_compute_shown",
        help="The total, and a digest of all that the screen shows.",
    )

    @api.depends(lambda self: self._get_shown_names())
    def _compute_shown(self):
        for wizard in self:
            rows = sorted(line._get_shown_values(LINE_FACTS) for line in wizard.line_ids)
            content = repr([wizard._get_shown_values(TOTALS), *rows])
            digest = hashlib.sha256(content.encode()).hexdigest()[:20]
            total = wizard.amount_total
            currency = wizard.currency_id
            wizard.shown = f"{digest} {currency.format(total) if currency else total}"

    @api.model
    def _get_shown_names(self):
        lines = self.env["sale.rma.process.line"]
        return [
            *self._get_filled_names(),
            *TOTALS,
            *(f"line_ids.{name}" for name in lines._get_filled_names()),
        ]

    # === CRUD METHODS === #

    def web_save(self, vals, *args, **kwargs):
        """Extend `web`: what was changed elsewhere meanwhile is not saved over unseen.

        :raise UserError: the screen is not what the form showed
        """
        vals = dict(vals)
        shown = vals.pop("shown", None)
        result = super().web_save(vals, *args, **kwargs)
        if shown:
            self._check_shown(shown)
        return result

    # === ACTIONS === #

    def action_process(self):
        """Extend: with what the form showed in the context, nothing else is posted.

        :raise UserError: the screen is not what the form showed
        """
        if "rma_shown" in self.env.context:
            self._check_shown(self.env.context["rma_shown"])
        return super().action_process()

    # === CHECKS === #

    def _check_shown(self, shown):
        """:raise UserError: naming the total that was shown and the one of now"""
        for wizard in self:
            if wizard.shown != shown:
                raise UserError(
                    self.env._(
                        "%(rma)s: this screen changed since you opened it, in another window or "
                        "by what was received, invoiced or refunded meanwhile. The total was "
                        "%(before)s, it is now %(after)s. Open it again and look at it.",
                        rma=wizard.rma_id.name,
                        before=str(shown).partition(" ")[2],
                        after=wizard.shown.partition(" ")[2],
                    )
                )
