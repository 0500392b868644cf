from markupsafe import Markup

from odoo import fields, models


class SaleRma(models.Model):
    """The customer of a recalled product chooses the remedy, on the page of the recall (docs/law.md
    N8; GPSR art. 37 (1))."""

    _inherit = "sale.rma"

    date_remedy = fields.Datetime(
        string="Remedy Chosen On",
        readonly=True,
        copy=False,
        help="When the customer of a recalled product chose between the remedies.",
    )

    def _get_remedy_names(self):
        """Return {resolution: what the customer reads} of the remedies he can choose from."""
        self.ensure_one()
        names = {
            "refund": self.env._("Money back, not less than you paid"),
            "repair": self.env._("A repair"),
            "exchange": self.env._("A replacement"),
        }
        return {remedy: names[remedy] for remedy in self._get_recall_remedies()}

    def _can_customer_choose_remedy(self):
        """Whether nothing was done yet that the choice would change."""
        self.ensure_one()
        return self.rma_type == "recall" and self.state == "accepted"

    def _get_chosen_remedy(self):
        """Return the resolution the customer chose; nothing while he did not."""
        self.ensure_one()
        return self.line_ids[:1].resolution if self.date_remedy else False

    def _customer_choose_remedy(self, remedy):
        """Take the customer's choice for all items of a recall; the thread tells the manager.

        :param str remedy: a resolution, as it was sent
        :return: in words why it was not taken; nothing where it was
        """
        self.ensure_one()
        if not self._can_customer_choose_remedy():
            return self.env._(
                "Your choice can no longer be changed here. Write to us if we can help."
            )
        names = self._get_remedy_names()
        if remedy not in names:
            return self.env._("Choose one of the remedies.")
        if remedy == self._get_chosen_remedy():
            return None
        self.line_ids.resolution = remedy
        self.date_remedy = fields.Datetime.now()
        self.message_post(
            author_id=self._get_acting_partner().id,
            body=Markup("<p>%s</p>") % self.env._("My choice: %(remedy)s", remedy=names[remedy]),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return None
