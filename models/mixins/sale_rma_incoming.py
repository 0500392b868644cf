from collections import defaultdict
from collections.abc import Iterator

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import ormcache


def find_ids(model, vals, nested):
    """Yield (name of a model, id) of all records that values name.

    :param dict vals: as `create`, `write`, `onchange` and `default_get` have them
    :param bool nested: whether those within the values of others count, too
    """
    for name, value in vals.items():
        field = model._fields.get(name)
        if field is None or not field.relational or not value or name in models.MAGIC_COLUMNS:
            continue  # the last: given by the ORM, whatever is sent
        comodel = model.env[field.comodel_name]
        if isinstance(value, models.BaseModel):
            items = value.ids
        elif field.type == "many2one":
            items = [value[0]] if isinstance(value, (tuple, list)) else [value]
        else:
            items = value if isinstance(value, (tuple, list)) else [value]
        for item in items:
            yield from _find_in_item(comodel, item, nested)


def _find_in_item(comodel, item, nested) -> Iterator[tuple[str, int]]:
    """Yield what an id, a command or a dict of values names."""
    if isinstance(item, dict):
        yield from _find_in_id(comodel, item.get("id"))
        if nested:
            yield from find_ids(comodel, item, nested)
    elif isinstance(item, (tuple, list)):
        code, record_id, vals = (*item, None, None)[:3]
        if code == Command.SET:
            yield from _find_in_id(comodel, vals)
        elif code == Command.LINK or (nested and code == Command.UPDATE):
            yield from _find_in_id(comodel, record_id)
        if nested and isinstance(vals, dict):
            yield from find_ids(comodel, vals, nested)
    else:
        yield from _find_in_id(comodel, item)


def _find_in_id(comodel, value) -> Iterator[tuple[str, int]]:
    """Yield what stands where an id is expected: the ORM also takes lists and dicts of them."""
    if isinstance(value, dict):
        value = [*value, value.get("id")]
    if isinstance(value, (tuple, list)):
        for each in value:
            yield from _find_in_id(comodel, each)
    elif record_id := _to_id(value):
        yield comodel._name, record_id


def _to_id(item):
    """Return the id that the database takes something for: it knows `5`, `5.0` and `" 5 "`."""
    if isinstance(item, api.NewId):
        item = item.origin
    try:
        return int(item or 0)
    except (OverflowError, TypeError, ValueError):  # such as the name of a row not yet saved
        return 0


class SaleRmaIncoming(models.AbstractModel):
    """Ids that come from outside: what a model of ours is told to belong to, its caller must be
    allowed to read. Related and computed fields show it as superuser.

    Every model of ours inherits this, and with it what `sale.rma.protected` says.
    """

    _name = "sale.rma.incoming"
    _inherit = "sale.rma.protected"
    _description = "Values from Outside"

    # {model: right needed on its records} where to read them is not enough
    _incoming_rights = {}

    @api.model
    @ormcache()
    def _get_protected_names(self):
        """What is declared read-only is written by the program."""
        return super()._get_protected_names() | frozenset(
            name
            for name, field in self._fields.items()
            if field.readonly and field.store and name not in models.MAGIC_COLUMNS
        )

    # === CRUD METHODS === #

    @api.model
    def _get_technical_names(self):
        """Return the names of stored fields that are the program's alone: nobody is asked whether
        to group or filter by them. A hook: whoever has such a field adds it."""
        return frozenset()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of the ORM: what only the program needs is not offered in searches."""
        result = super().fields_get(allfields, attributes)
        for name in self._get_technical_names() & result.keys():
            for offer in {"groupable", "searchable"} & result[name].keys():
                result[name][offer] = False
        return result

    @api.model
    def default_get(self, fields_list):
        """Extend the ORM: defaults are from outside, too. Anybody may set some for themselves, and
        send others in the context.

        :raise AccessError: a default names a record that its user may not read
        :raise UserError: a default changes a record
        """
        self._check_changes_nothing(fields_list)
        values = super().default_get(fields_list)
        if self.env.su:
            # where the program creates a record for somebody, it decides what is in it
            for name in self._get_protected_names() & values.keys():
                values[name] = self._get_own_default(self._fields[name])
        self._check_incoming([values], nested=True)
        return values

    @api.model
    def _check_changes_nothing(self, fields_list):
        """Check that no default changes a record that is there. The ORM keeps such changes in its
        cache, and asks that cache who may read the record.

        :raise UserError:
        """
        personal = self.env["ir.default"]._get_model_defaults(self._name)
        for name in fields_list:
            value = self.env.context.get(f"default_{name}", personal.get(name))
            if isinstance(value, (tuple, list)) and any(
                isinstance(item, (tuple, list)) and item[:1] and item[0] == Command.UPDATE
                for item in value
            ):
                raise UserError(
                    self.env._(
                        "%(field)s: a default cannot change records that are there already.",
                        field=self._fields[name]._description_string(self.env)
                        if name in self._fields
                        else name,
                    )
                )

    @api.model
    def _get_own_default(self, field):
        """Return the default that the model itself gives a field, as `default_get` does."""
        value = field.default(self) if field.default else False
        cached = field.convert_to_cache(value, self, validate=False)
        return field.convert_to_write(field.convert_to_record(cached, self), self)

    def _add_precomputed_values(self, vals_list):
        """Extend the ORM: all that `create` will write is known here, and nothing written.

        :raise AccessError: a record is named that the user may not read
        """
        self._check_incoming(vals_list)
        super()._add_precomputed_values(vals_list)

    def write(self, vals):
        """Extend the ORM.

        :raise AccessError: a record is named that the user may not read
        """
        self._check_incoming([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Extend `web`.

        :raise AccessError: a record is named that the user may not read
        """
        self._check_incoming([values], nested=True)
        return super().onchange(values, field_names, fields_spec)

    # === BUSINESS METHODS === #

    def _check_incoming(self, vals_list, nested=False):
        """Check that the user may read what values name, with one question for each model.

        :param bool nested: also what is named by the values of other records; those that are
            created or written check their own
        :raise AccessError:
        """
        if self.env.su:
            return
        ids = defaultdict(set)
        for vals in vals_list:
            for model_name, record_id in find_ids(self, vals, nested):
                ids[model_name].add(record_id)
        for model_name, found in ids.items():
            records = self.env[model_name].browse(sorted(found))
            right = self._incoming_rights.get(model_name, "read")
            if records.has_access(right):
                continue
            if closed := records - records._filtered_access(right) - self._get_linked(model_name):
                closed.check_access(right)

    def _get_linked(self, model_name):
        """Return the records of a model that these are linked to already: a form sends them back
        as it got them."""
        linked = self.env[model_name]
        for record in self.sudo():  # no more is told than that they are linked
            for field in record._fields.values():
                if field.relational and field.comodel_name == model_name and field.store:
                    linked |= record[field.name].with_env(self.env)
        return linked
