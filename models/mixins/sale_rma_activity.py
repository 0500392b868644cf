from markupsafe import Markup, escape

from odoo import models


class SaleRmaActivity(models.AbstractModel):
    """Documents whose activities take text as text."""

    _name = "sale.rma.activity"
    _description = "Activities of Returns"
    _inherit = ["mail.activity.mixin"]

    def activity_schedule(
        self, act_type_xmlid="", date_deadline=None, summary="", note="", **act_values
    ):
        """Override of `mail`: what is stored as text, such as a customer's name, is shown as it is
        written, as in messages. `mail` would take it for HTML.

        :param note: str, each line of which is one line; or Markup, left as it is
        """
        if not isinstance(note, Markup):
            note = Markup("<br>").join(escape(line) for line in (note or "").splitlines())
        return super().activity_schedule(
            act_type_xmlid, date_deadline=date_deadline, summary=summary, note=note, **act_values
        )
