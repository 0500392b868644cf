from odoo import models
from odoo.exceptions import AccessError


class SaleRmaAccess(models.AbstractModel):
    """Documents that tell in words who may do what this user may not (issue 12, 7)."""

    _name = "sale.rma.access"
    _description = "Rights on Returns in Words"

    def _check_access(self, operation):
        """Override of `base`: the same rights, another error: names of models and rules help
        nobody."""
        result = super()._check_access(operation)
        if not result or not self.env.user._is_internal():
            return result
        forbidden, make_error = result
        return forbidden, lambda: forbidden._explain_refusal(operation) or make_error()

    def _explain_refusal(self, operation):
        """Return the error that says who may do it; nothing where Odoo's own says more."""
        if not self.browse().has_access(operation):
            if operation == "read":
                return None
            if operation == "unlink":
                return AccessError(self.env._("Only sales managers can delete this."))
            return AccessError(self.env._("Only salespeople can do this."))
        # sudo: names of what the user sees, and of whom to ask
        documents = self.sudo().exists()
        if not documents or documents.company_id - self.env.companies:
            return None  # Odoo's proposes the company to switch to
        if not documents.with_env(self.env).has_access("read"):
            return AccessError(
                self.env._("This is a colleague's: ask somebody with the right to all documents.")
            )
        names = ", ".join(documents[:5].mapped("display_name"))
        if owners := documents._get_owners():
            return AccessError(
                self.env._(
                    "%(documents)s: this is for %(owners)s, or for somebody with the right to all "
                    "documents.",
                    documents=names,
                    owners=", ".join(owners.mapped("name")),
                )
            )
        return AccessError(
            self.env._("%(documents)s: this is for salespeople only.", documents=names)
        )

    def _get_owners(self):
        """Return the users whose documents these are. Called as superuser."""
        return self.env["res.users"]
