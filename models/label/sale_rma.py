from odoo import fields, models


class SaleRma(models.Model):
    """Returns that are sent back with a carrier's label."""

    _inherit = "sale.rma"

    label_ids = fields.One2many(
        comodel_name="sale.rma.label", inverse_name="rma_id", string="Labels", readonly=True
    )

    def _on_accepted(self):
        """Extend: the carrier is asked for a label, by a job, once this is committed."""
        super()._on_accepted()
        self._want_labels()

    def _on_refused(self):
        super()._on_refused()
        self.sudo().label_ids._void()  # the program's, whoever ended the return

    def _on_cancelled(self):
        super()._on_cancelled()
        self.sudo().label_ids._void()  # the program's, whoever ended the return

    def _on_expired(self):
        super()._on_expired()
        self.sudo().label_ids._void()  # the program's, whoever ended the return

    def _want_labels(self):
        """Note that labels are wanted, where the settings say so and the carrier can give one."""
        vals_list = []
        for rma in self.sudo():  # the shop's settings decide, whoever accepts
            carrier = rma._get_label_carrier()
            if carrier and not rma.label_ids:
                vals_list.append({"rma_id": rma.id, "carrier_id": carrier.id})
        if vals_list:
            # sudo: written by the program
            self.env["sale.rma.label"].sudo().create(vals_list)._trigger()

    def _get_label_carrier(self):
        """Return the carrier that is asked for a label of the return; none if no label is wanted,
        nothing is awaited, or the carrier makes none."""
        self.ensure_one()
        carrier = self.env["delivery.carrier"]
        wish = self.company_id.rma_return_label
        if wish == "never" or (wish == "shop" and self.return_cost_bearer != "shop"):
            return carrier
        if not any(line._get_qty_to_come_back() > 0 for line in self.line_ids):
            return carrier
        carrier = self.company_id.rma_return_carrier_id or self.order_id.carrier_id
        return carrier.filtered("can_generate_return")

    def _get_label_numbers(self):
        """Extend: those the carrier gave with its labels."""
        # sudo: numbers only
        return (
            *super()._get_label_numbers(),
            *filter(None, self.sudo().label_ids.mapped("tracking_ref")),
        )

    def _get_customer_label(self):
        """Return the label the customer can print."""
        self.ensure_one()
        if self.state not in ("accepted", "processing"):
            return self.env["sale.rma.label"]
        # sudo: the return's own label, for whoever sees the return
        labels = self.sudo().label_ids.filtered("attachment_id")
        return labels.filtered(lambda label: label.state == "done")[:1]

    def _schedule_label_activity(self, label):
        """Tell the manager of the return that the carrier gave no label."""
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("No return label"),
            note=self.env._(
                "%(carrier)s gave no label: %(words)s. The customer has the slip. Ask again under "
                "Labels, or send another label.",
                carrier=label.carrier_id.name,
                words=label.message,
            ),
            user_id=self.user_id.id or self.env.uid,
        )
