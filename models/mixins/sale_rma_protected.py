from odoo import api, models
from odoo.exceptions import UserError

# What only the program writes, beside the stored fields that our own models declare read-only. On
# Odoo's models: the links a return's quantities and amounts are told from.
WRITTEN_BY_PROGRAM = {
    "sale.rma": {"access_token"},
    "account.move": {"rma_id"},
    "account.move.line": {"rma_line_id"},
    "sale.order": {"rma_revision", "source_rma_id"},
    "sale.order.line": {"source_rma_line_id"},
    "stock.move": {"rma_line_id"},
    "stock.picking": {"rma_id"},
}
# What is given once, when the record is made.
FIXED = {
    "sale.rma.process": {"rma_id"},
    "sale.rma.process.line": {"rma_line_id", "wizard_id"},
}
CARRIED = "sale_rma.carried"


class SaleRmaProtected(models.AbstractModel):
    """Fields that forms show read-only are so for every caller: only the program, in superuser
    mode, writes them. What the document's models protect is said above; a room's own fields are
    added by the room that has them."""

    _name = "sale.rma.protected"
    _description = "Fields Written by the Program"

    @api.model
    def _get_protected_names(self):
        """Return the names of the fields that only the program gives and changes; a hook for
        rooms that add some."""
        return WRITTEN_BY_PROGRAM.get(self._name, frozenset())

    @api.model
    def _get_fixed_names(self):
        """Return the names of the fields that cannot change once the record is there."""
        return self._get_protected_names() | FIXED.get(self._name, frozenset())

    # === CRUD METHODS === #

    def _add_precomputed_values(self, vals_list):
        """Extend the ORM at the moment when `create` knows all it will write, defaults included,
        and has written nothing yet.

        :raise UserError: a field that only the program gives was given
        """
        if not self.env.su:
            names = self._get_protected_names()
            for vals in vals_list:
                for name in names & vals.keys():
                    self._check_given(self._fields[name], vals[name])
        super()._add_precomputed_values(vals_list)

    def write(self, vals):
        """Extend the ORM.

        :raise UserError: a field that only the program writes would change
        """
        if not self.env.su:
            for name in self._get_fixed_names() & vals.keys():
                self._check_kept(self._fields[name], vals[name])
        return super().write(vals)

    def copy_data(self, default=None):
        """Extend the ORM: a link that Odoo copies, as to a backorder, is no link from outside."""
        vals_list = super().copy_data(default)
        for name in self._get_protected_names():
            if self._fields[name].copy and self._fields[name].type == "many2one":
                for record, vals in zip(self, vals_list, strict=True):
                    if vals.get(name) == record[name].id:
                        record._carry_link(name)
        return vals_list

    # === BUSINESS METHODS === #

    def _carry_link(self, name):
        """Let a link of this record be given to others in this transaction, whoever creates them.
        No caller from outside can say so: each of their calls is a transaction of its own."""
        self.ensure_one()
        carried = self.env.cr.cache.setdefault(CARRIED, set())
        # sudo: an id only, noted for this transaction
        carried.add((self._name, name, self.sudo()[name].id))

    @api.model
    def _check_given(self, field, value):
        if not value or (field.default and value == field.default(self)):
            return
        if (self._name, field.name, value) not in self.env.cr.cache.get(CARRIED, ()):
            raise UserError(self._get_protected_message(field))

    def _check_kept(self, field, value):
        # sudo: compared only; some of these fields are nobody's to read
        for record in self.sudo():
            try:
                given = field.convert_to_record(field.convert_to_cache(value, record), record)
                is_kept = given == record[field.name]
            except (TypeError, ValueError):  # no value of that field
                is_kept = False
            if not is_kept:
                raise UserError(self._get_protected_message(field))

    @api.model
    def _get_protected_message(self, field):
        return self.env._(
            "%(field)s (%(document)s) is written by the program: it cannot be set or changed by "
            "hand. Leave it out.",
            field=field._description_string(self.env),
            document=self._description,
        )
