from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRmaPolicy(models.Model):
    """A rule that was switched on stays as it was; what replaces it is a version of its own."""

    _inherit = "sale.rma.policy"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Extend the ORM: what is created as active is switched on as a draft is."""
        states = [vals.get("state", "draft") for vals in vals_list]
        policies = super().create([{**vals, "state": "draft"} for vals in vals_list])
        policies.browse(
            policy.id for policy, state in zip(policies, states, strict=True) if state == "active"
        ).action_activate()
        return policies

    def write(self, vals):
        """Extend the ORM: what is active or past stays as it was when it was switched on; a copy
        of it is changed, tried and switched on in its place. The state is changed as by the
        buttons.

        :raise UserError: a rule that is not a draft
        """
        vals = dict(vals)
        # superuser: the buttons below write it
        state = None if self.env.su else vals.pop("state", None)
        free = {"sequence", "name", "message_follower_ids", "activity_ids"}
        if vals.keys() - free - self._get_protected_names():
            self._check_draft(self.env._("changed"))
        result = super().write(vals)
        self._change_state(state)
        return result

    def _change_state(self, state):
        """Switch on or off what is not in that state yet.

        :raise UserError: back to a draft
        """
        changed = self.filtered(lambda policy: policy.state != state) if state else self.browse()
        if changed and state == "draft":
            raise UserError(
                self.env._(
                    "The return rule %(name)s is in use or was: it is no draft any more. Make a "
                    "new version of it.",
                    name=changed[0].name,
                )
            )
        if state == "active":
            changed.action_activate()
        elif state == "past":
            changed.action_deactivate()

    def _write_state(self, state, **values):
        """Write the state of the rules, whoever had them changed."""
        # sudo: written by the program for whoever may write the rules
        self.sudo().write({"state": state, **values})

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_draft(self.env._("deleted"))

    def _check_draft(self, what):
        """:raise UserError: a rule that is not a draft"""
        if self.env.su:
            return  # the program decides what it writes
        for policy in self.filtered(lambda policy: policy.state != "draft"):
            raise UserError(
                self.env._(
                    "The return rule %(name)s is in use or was: it cannot be %(what)s. Make a new "
                    "version of it.",
                    name=policy.name,
                    what=what,
                )
            )

    # === ACTIONS === #

    def action_activate(self):
        """Switch drafts on; the versions they replace are past from now on.

        :raise UserError: not a draft
        """
        self.check_access("write")
        self._check_draft(self.env._("switched on"))
        self.replaces_id.filtered(lambda policy: policy.state == "active")._write_state("past")
        self._write_active()

    def _write_active(self):
        self._write_state(
            "active", date_activated=fields.Datetime.now(), user_activated_id=self.env.uid
        )

    def action_try(self):
        """Return what this rule would have changed for the returns of the last 90 days; nothing is
        written."""
        self.ensure_one()
        self.check_access("write")
        if not self._origin:
            raise UserError(self.env._("Save the return rule first."))
        trial = self.env["sale.rma.policy.trial"].create({"policy_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tried on the Past"),
            "res_model": trial._name,
            "res_id": trial.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_deactivate(self):
        """Switch active rules off."""
        self.check_access("write")
        self.filtered(lambda policy: policy.state == "active")._write_state("past")

    def action_restore(self):
        """Bring the version of before back in place of this one.

        :raise UserError: it replaced none
        """
        self.ensure_one()
        self.check_access("write")
        if not self.replaces_id:
            raise UserError(self.env._("The return rule %(name)s replaced none.", name=self.name))
        self._write_state("past")
        self.replaces_id._write_active()
        return self.replaces_id.get_formview_action()

    def action_new_version(self):
        """Return the form of a draft copy that will replace this rule once it is switched on."""
        self.ensure_one()
        self.check_access("write")
        if not self._origin:
            raise UserError(self.env._("Save the return rule first."))
        draft = self.copy({"name": self.name})
        draft.sudo().replaces_id = self  # written by the program
        return draft.get_formview_action()
