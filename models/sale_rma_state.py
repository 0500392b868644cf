from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SaleRma(models.Model):
    """The way of a return through its states (docs/rules.md)."""

    _inherit = "sale.rma"

    process_count = fields.Integer(
        copy=False,
        readonly=True,
        help="How often it was processed: a processing screen opened before the last time is "
        "out of date (R6).",
    )

    # === ACTIONS === #

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"process_count"}

    def action_request(self):
        """Ask for the returns: draft to requested; customer and manager are told.

        :raise UserError: wrong state, no items, or a quantity over the limit (R1)
        """
        self._start_action("request")
        self._check_requestable()
        self._change_state("requested", date_requested=fields.Datetime.now())
        return True

    def action_accept(self):
        """Accept the returns: their receipts are planned, the customer gets slip and link. Where
        goods are here already they are received; the customer is told so, and no slip is sent for
        what is here as a whole.

        :raise UserError: wrong state, no items, or a quantity over the limit (R1)
        """
        self._start_action("accept")
        self._check_requestable()
        now = fields.Datetime.now()
        # sudo: the rights were checked, the date is the program's
        self.filtered(lambda rma: not rma.date_requested).sudo().date_requested = now
        self._set_expiry()
        old_states = {rma.id: rma.state for rma in self}
        self._write_state("accepted", date_accepted=now)
        self.filtered(lambda rma: rma._is_all_here())._write_state("processing")
        self._notify_state_change(old_states)
        self.filtered(lambda rma: rma._has_received())._on_goods_received()
        return True

    def action_refuse(self, reason=None):
        """Refuse requested returns; the customer is told why.

        :param str reason: the ground, in the customer's language
        :raise UserError: wrong state, or a ground is given that says nothing
        """
        self._start_action("refuse")
        self._check_ground_given("refuse", reason)
        self._release_claims()
        self._change_state("refused", **self._prepare_close_vals(reason))
        return True

    def action_cancel(self, reason=None):
        """Cancel returns nothing was done for; planned receipts and draft documents go too.

        :param str reason: why, in the customer's language; not needed for drafts, of which nobody
            knows
        :raise UserError: wrong state, a ground is given that says nothing, or something was
            received, credited or exchanged
        """
        self._start_action("cancel")
        self._check_ground_given("cancel", reason)
        self._cancel(reason)
        return True

    def _cancel(self, reason=None):
        """Cancel returns, for whoever may and was asked why, or need not say so."""
        self.filtered(lambda rma: rma.state == "requested")._release_claims()
        self._check_nothing_done()
        self._cancel_documents()
        self._change_state("cancel", **self._prepare_close_vals(reason))

    def action_draft(self):
        """Take closed or requested returns back to draft: the customer does not see them."""
        self._start_action("draft")
        self.filtered(lambda rma: rma.state == "requested")._release_claims()
        self._change_state(
            "draft",
            close_reason=False,
            date_requested=False,
            date_accepted=False,
            date_expiry=False,
        )
        return True

    def action_reopen(self):
        """Take finished returns back to processing, for what remains: what nobody else took
        meanwhile is awaited again.

        :raise AccessError: for anybody but sales managers
        :raise UserError: wrong state, or other returns took all of an item
        """
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers can reopen a finished return."))
        self._start_action("reopen")
        old_states = {rma.id: rma.state for rma in self}
        self._write_state("processing", date_done=False)
        self.line_ids._lower_to_possible()
        self._check_requestable()
        self._on_reopened()
        self._notify_state_change(old_states)
        return True

    def action_process(self):
        """Open the processing screen with the proposal filled in.

        :return: act_window on `sale.rma.process`
        """
        self.ensure_one()
        self._check_action("process")
        wizard = self.env["sale.rma.process"].create({"rma_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Process %(rma)s", rma=self.name),
            "res_model": "sale.rma.process",
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === CONSTRAINTS === #

    @api.constrains("order_id", "rma_type")
    def _check_lines_fit(self):
        """What the items were checked for when they were added still holds."""
        self.line_ids._check_sold_line()
        self.line_ids._check_reason_fits()
        for line in self.line_ids:
            line._check_sold_line_returnable()

    # === BUSINESS METHODS === #

    def _start_action(self, action):
        """Check rights and states of an action, under the lock that makes them stay so."""
        self._check_action(action)
        self._lock()
        self._read_together()

    def _check_action(self, action):
        self.check_access("write")
        if len(self.ids) < len(self):
            raise UserError(self.env._("Save the return first."))
        allowed = self._get_states_allowing(action)
        wrong = self.filtered(lambda rma: rma.state not in allowed)
        if wrong:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This cannot be done with %(rmas)s. It takes a return in the state "
                    "%(allowed)s.",
                    rmas=", ".join(f"{rma.name} ({states[rma.state]})" for rma in wrong),
                    allowed=", ".join(states[state] for state in allowed),
                )
            )

    def _is_all_unsent(self):
        """Whether none of the items has to come back."""
        self.ensure_one()
        return bool(self.line_ids) and all(
            line.product_uom_id.compare(line._get_qty_to_come_back(), 0.0) <= 0
            for line in self.line_ids
        )

    def _check_requestable(self):
        for rma in self:
            if not rma.line_ids:
                raise UserError(
                    self.env._(
                        "%(rma)s has no items: add what the customer sends back.", rma=rma.name
                    )
                )
        self.filtered(lambda rma: rma.state == "draft").line_ids._check_reason_demands()
        self.line_ids._check_returnable(joining=self)

    def _check_lines_editable(self):
        """:raise UserError: items of a closed return are history"""
        for rma in self:
            if rma.state in self._get_closed_states():
                raise UserError(
                    self.env._(
                        "%(rma)s is closed: its items cannot change. Reopen it first.",
                        rma=rma.name,
                    )
                )

    def _check_nothing_done(self):
        # sudo: names of documents only
        for rma, rma_sudo in zip(self, self.sudo(), strict=True):
            done = (
                rma_sudo.picking_ids.filtered(lambda picking: picking.state == "done").mapped(
                    "name"
                )
                + rma_sudo.refund_ids.filtered(lambda move: move.state == "posted").mapped("name")
                + rma_sudo.exchange_order_ids.filtered(lambda so: so.state == "sale").mapped("name")
            )
            if done:
                raise UserError(
                    self.env._(
                        "%(rma)s cannot be cancelled: %(documents)s is done already. Process it "
                        "instead.",
                        rma=rma.name,
                        documents=", ".join(done),
                    )
                )

    def _check_ground_given(self, action, reason):
        """Programs may leave the ground out, as they always could; the dialog and bulk operations
        ask for one.

        :raise UserError: a ground is given that says nothing; it says how other programs do it
        """
        if reason is None or (isinstance(reason, str) and reason.strip()):
            return
        self._prepare_close_vals(reason)  # what is no text is told first
        silent = self.filtered(lambda rma: rma._needs_ground(action))
        if silent:
            raise UserError(
                self.env._(
                    "%(rmas)s: say why, the customer is told. Other programs pass it as reason, a "
                    "text in the customer's language.",
                    rmas=", ".join(silent.mapped("name")),
                )
            )

    def _needs_ground(self, action):
        """Whether the customer is to be told why; a hook for rooms where something else says it.

        :param str action: `refuse` or `cancel`
        """
        self.ensure_one()
        return self.state != "draft"

    def _prepare_close_vals(self, reason):
        """:raise UserError: the reason is no text"""
        if reason and not isinstance(reason, str):
            raise UserError(self._get_value_message("reason", reason, "text"))
        return {"close_reason": reason} if reason else {}

    def _cancel_documents(self):
        """Cancel what was planned or drafted and never done."""
        # the return's rights were checked; its documents belong to other departments
        rmas = self.sudo()
        rmas.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")).action_cancel()
        rmas.refund_ids.filtered(lambda move: move.state == "draft").button_cancel()
        rmas.exchange_order_ids.filtered(
            lambda order: order.state in ("draft", "sent")
        )._action_cancel()

    def _change_state(self, state, **vals):
        """Write the state of returns whose action was checked, and tell who has to know."""
        old_states = {rma.id: rma.state for rma in self}
        self._write_state(state, **vals)
        self._notify_state_change(old_states)

    def _start_processing(self):
        """Count this processing; what arrives from here on is its own, not news to tell."""
        for count, rmas in self.grouped("process_count").items():
            rmas._write_state("processing", process_count=count + 1)

    def _write_state(self, state, **vals):
        """Write the state of returns, and call the hook of that state."""
        # sudo: `write` refuses the state from outside; rights were checked by the action
        self.sudo().write({"state": state, **vals})
        if self and (hook := self._get_state_hooks().get(state)):
            getattr(self, hook)()

    def _has_received(self):
        """Whether anything came back on the return."""
        self.ensure_one()
        return any(self.line_ids.mapped("qty_received"))

    def _is_all_here(self):
        """Whether goods came back and none is waited for any more."""
        self.ensure_one()
        goods = self.line_ids.filtered(lambda line: line.product_id.type != "service")
        return self._has_received() and not any(line._get_qty_open() for line in goods)
