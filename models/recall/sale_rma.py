from odoo import api, fields, models
from odoo.exceptions import UserError

# The remedies a recall leaves the customer the choice of: two at least (docs/law.md N8).
REMEDIES = [
    ("refund_replacement", "Refund or replacement"),
    ("refund_repair", "Refund or repair"),
    ("repair_replacement", "Repair or replacement"),
    ("refund_repair_replacement", "Refund, repair or replacement"),
]


class SaleRma(models.Model):
    """Returns of products that are recalled because they are not safe: opened by the shop for
    their buyers, with no window, fee or deduction (docs/law.md N8; GPSR art. 35 to 37)."""

    _inherit = "sale.rma"

    recall_reason = fields.Text(
        string="Hazard",
        readonly=True,
        copy=False,
        help="What is dangerous about the recalled product; the customer is told.",
    )
    recall_remedies = fields.Selection(
        selection=REMEDIES,
        string="Customer's Choice",
        readonly=True,
        copy=False,
        help="Remedies the customer of a recalled product can choose from.",
    )

    # === KIND === #

    def _add_precomputed_values(self, vals_list):
        """Override: a recall is told to all buyers with its hazard: it is opened by the wizard."""
        if not self.env.su:
            for vals in vals_list:  # all that `create` will write, defaults included
                self._check_recall_type_kept(vals)
        super()._add_precomputed_values(vals_list)

    def write(self, vals):
        """Override: no return becomes a recall by hand, and a recall stays one."""
        if not self.env.su:
            self._check_recall_type_kept(vals)
        return super().write(vals)

    def _check_recall_type_kept(self, vals):
        """:raise UserError: a form or program makes a recall of a return, or none of a recall"""
        if "rma_type" not in vals:
            return
        are_recalls = {rma.rma_type == "recall" for rma in self} or {False}
        if are_recalls == {vals["rma_type"] == "recall"}:
            return
        raise UserError(
            self.env._(
                "A recall goes to all buyers of a product and says what is dangerous: it is "
                "opened with Recall on the product, and stays a recall."
            )
        )

    def _turn_into_recall(self, reason, remedies):
        """Make recalls of open returns, of which all is recalled; their customers are told.

        :param str reason: the hazard
        :param str remedies: one of REMEDIES
        """
        if not self:
            return
        self._lock()
        # sudo: the sales manager who recalls the product does it, whoever's returns these are
        rmas = self.sudo()
        rmas.write({**self._prepare_recall_vals(reason, remedies), "date_expiry": False})
        note = self.env._("The product is recalled: this return is one now.")
        rmas._message_log_batch(dict.fromkeys(rmas.ids, note))
        requested = rmas.filtered(lambda rma: rma.state == "requested")
        accepted = rmas.filtered(lambda rma: rma.state == "accepted")
        requested.action_accept()
        accepted._mail_recall()

    def _mail_recall(self):
        """Send the notice of the recall to customers who were not sent it by a change of state."""
        rows = self._prepare_customer_rows(self._mail_customers())
        self._log_history_rows(rows)

    @api.model
    def _prepare_recall_vals(self, reason, remedies):
        """Return what makes a return a recall."""
        return {
            "rma_type": "recall",
            "recall_reason": reason,
            "recall_remedies": remedies,
            "public_note": reason,
        }

    def _get_recall_remedies(self):
        """Return the remedies the customer can choose from, as resolutions of `sale.rma.line`."""
        self.ensure_one()
        names = {"replacement": "exchange"}
        return [names.get(name, name) for name in (self.recall_remedies or "").split("_") if name]

    # === NO WINDOW === #

    @api.model
    def _get_types_without_expiry(self):
        """Override: a product that is not safe is taken back whenever it comes."""
        return (*super()._get_types_without_expiry(), "recall")

    def _set_expiry(self):
        """Override: see `_get_types_without_expiry`."""
        super(SaleRma, self.filtered(lambda rma: rma.rma_type != "recall"))._set_expiry()

    # === CUSTOMER === #

    def _get_template_key(self):
        """Override: the customer gets the notice of the recall, with its own heading."""
        if self.rma_type == "recall" and self.state == "accepted":
            return "recall"
        return super()._get_template_key()

    # === NOT FOR SALE === #

    def _receive(self, quantities):
        """Override: what is recalled is not put back for sale."""
        self._check_not_recalled(
            quantities, [restocked for _come, restocked in quantities.values()]
        )
        return super()._receive(quantities)

    def _put_back(self, quantities):
        """Override: what is recalled is not put back for sale."""
        self._check_not_recalled(quantities, quantities.values())
        return super()._put_back(quantities)

    def _check_not_recalled(self, keys, restocked):
        """:raise UserError: recalled goods would be put back for sale

        :param keys: (return line, warehouse)
        :param restocked: units put back of each
        """
        for (line, _warehouse), quantity in zip(keys, restocked, strict=True):
            if line.rma_id.rma_type == "recall" and quantity > 0:
                raise UserError(
                    self.env._(
                        "%(product)s on %(rma)s is recalled: it is not put back for sale. Set "
                        "what goes back to stock to 0; the goods stay in Returns.",
                        product=line.product_id.display_name,
                        rma=line.rma_id.name,
                    )
                )

    # === COLLEAGUES === #

    def _ask_to_tell_recall(self):
        """Ask the managers to tell customers who have no e-mail address."""
        self._ask_about_recall(
            self.env._("Product safety recall: tell the customer"),
            self.env._("The customer has no e-mail address: call, or write a letter."),
        )

    def _ask_to_look_at_recall(self, product):
        """Ask the managers to look at returns of which a part is recalled."""
        self._ask_about_recall(
            self.env._("Product safety recall: look at this return"),
            self.env._(
                "%(product)s on it is recalled: no fee, nothing taken off, the shop pays the way.",
                product=product.display_name,
            ),
        )

    def _ask_about_recall(self, summary, note):
        for user, rmas in self.grouped("user_id").items():
            # sudo: activities of colleagues
            rmas.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=note,
                user_id=(user.filtered("active") or self.env.user).id,
            )
