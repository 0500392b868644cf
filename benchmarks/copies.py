"""Copying records with everything that hangs on them, in SQL: as `odoo.tools.populate` does, but
some chosen records of some models as one whole, each copy with its own references."""

from contextlib import contextmanager

from odoo.tools import SQL

SEQUENCE = "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT MAX(id) FROM %s))"


class Copies:
    """Copies of templates, as the temporary table `size_plan` has them planned: a row `n`, counted
    from 0, for each copy, with its template `k` and whatever else its values are made of.

    A copied record's id follows from `n` and from its place in the template, so what points at
    one is written without looking it up.

    :ivar values: {(model, field): SQL of its value}; may use `src`, `plan` and :meth:`new_id`
    """

    def __init__(self, env, parts, say):
        """:param dict parts: {model: list of the records of each template}, templates by number"""
        self.env = env
        self.cr = env.cr
        self.parts = parts
        self.say = say
        self.values = {}
        self.replaced = {}
        self.widths = {}
        self.bases = {}
        self._number()

    def replace(self, comodel, record, column):
        """Have links to a record point at what the plan has in a column."""
        self.replaced[comodel] = (record.id, SQL.identifier("plan", column))

    def new_id(self, model, place):
        """Return SQL for the id of the copy of what is at a place of its template."""
        return SQL("%s + plan.n * %s + %s", self.bases[model], self.widths[model], place)

    def make(self):
        """Make all copies."""
        self.env.flush_all()
        tables = [self.env[model]._table for model in self.parts]
        relations = self._get_relations()
        with self._unguarded([*tables, *(relation[0] for relation in relations)]):
            for model in self.parts:
                self._copy_model(self.env[model])
            for relation in relations:
                self._copy_relation(*relation)
        for model in self.parts:
            table = self.env[model]._table
            self.cr.execute(SQL(SEQUENCE, table, SQL.identifier(table)))
        self.env.invalidate_all()

    def _number(self):
        """Number the records of each template."""
        self.env.flush_all()
        self.cr.execute(
            "CREATE TEMP TABLE size_place (model text, id int, k int, place int, "
            "PRIMARY KEY (model, id)) ON COMMIT DROP"
        )
        for model, records_by_template in self.parts.items():
            rows = [
                (model, record_id, k, place)
                for k, records in enumerate(records_by_template)
                for place, record_id in enumerate(sorted(records.ids), start=1)
            ]
            if rows:
                self.cr.execute_values("INSERT INTO size_place VALUES %s", rows)
            self.widths[model] = max((row[3] for row in rows), default=0)
            table = SQL.identifier(self.env[model]._table)
            self.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", table))
            self.bases[model] = self.cr.fetchone()[0]
        self.cr.execute("ANALYZE size_place")

    # === ONE TABLE === #

    def _copy_model(self, model):
        if not self.widths[model._name]:
            return
        fields = [field for field in model._fields.values() if field.store and field.column_type]
        self.say(f"  {model._name}")
        self._insert(
            model._table,
            model._name,
            [field.name for field in fields],
            [self._get_value(model, field) for field in fields],
            {field.name: field.comodel_name for field in fields if field.type == "many2one"},
        )

    def _get_value(self, model, field):
        column = SQL.identifier("src", field.name)
        if field.name == "id":
            return self.new_id(model._name, SQL("src.place"))
        if (model._name, field.name) in self.values:
            return self.values[model._name, field.name]
        if field.type == "many2one":
            return self._get_link(field.comodel_name, column, field.name)
        if field.type == "date":
            return SQL("%s - plan.days", column)
        if field.type == "datetime":
            return SQL("%s - plan.days * interval '1 day'", column)
        return column

    def _get_link(self, comodel, column, name):
        if comodel in self.replaced:
            record_id, value = self.replaced[comodel]
            return SQL("CASE WHEN %s = %s THEN %s ELSE %s END", column, record_id, value, column)
        if self.widths.get(comodel):
            place = SQL.identifier("src", f"place_{name}")
            return SQL("COALESCE(%s, %s)", self.new_id(comodel, place), column)
        return column

    def _insert(self, table, model, names, values, links):
        """Insert a copy of each row of the templates.

        :param str model: whose places say which rows these are, by `id`
        :param dict links: {column: model it points at}
        """
        joins = [
            (name, comodel, SQL.identifier(f"p{index}"))
            for index, (name, comodel) in enumerate(links.items())
            if self.widths.get(comodel)
        ]
        places = [
            SQL(", %s.place AS %s", alias, SQL.identifier(f"place_{name}"))
            for name, _comodel, alias in joins
        ]
        joined = [
            SQL(
                " LEFT JOIN size_place %s ON %s.model = %s AND %s.id = %s",
                alias,
                alias,
                comodel,
                alias,
                SQL.identifier("t", name),
            )
            for name, comodel, alias in joins
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.cr.execute(
            SQL(
                """
                WITH src AS MATERIALIZED (
                    SELECT t.*, own.k, own.place %(places)s
                      FROM %(table)s t
                      JOIN size_place own ON own.model = %(model)s AND own.id = t.%(key)s
                      %(joined)s
                )
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(values)s FROM size_plan plan JOIN src ON src.k = plan.k
                ORDER BY plan.n, src.place
                """,
                places=SQL().join(places),
                table=SQL.identifier(table),
                model=model,
                key=SQL.identifier("id" if "id" in names else names[0]),
                joined=SQL().join(joined),
                columns=columns,
                values=SQL(", ").join(values),
            )
        )

    # === LINKS OF MANY TO MANY === #

    def _get_relations(self):
        """Return (table, column, model, other column, other model) of what links the copied."""
        tables = {model._table for model in self.env.values()}  # some are models themselves
        relations = {}
        for model in self.parts:
            for field in self.env[model]._fields.values():
                is_table = field.type == "many2many" and field.store and field.relation
                if is_table and not (
                    field.relation in tables or field.comodel_name == "ir.attachment"
                ):
                    relations.setdefault(
                        field.relation,
                        (field.relation, field.column1, model, field.column2, field.comodel_name),
                    )
        return list(relations.values())

    def _copy_relation(self, table, column, model, other_column, other_model):
        if not self.widths[model]:
            return
        self._insert(
            table,
            model,
            [column, other_column],
            [
                self.new_id(model, SQL("src.place")),
                self._get_link(other_model, SQL.identifier("src", other_column), other_column),
            ],
            {other_column: other_model},
        )

    # === SPEED === #

    @contextmanager
    def _unguarded(self, tables):
        """Do without indexes and foreign keys meanwhile. The latter are checked when they come
        back: every reference of the copies is valid."""
        keys = self.env.execute_query(
            SQL(
                """
                SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
                  FROM pg_constraint
                 WHERE contype = 'f' AND conrelid::regclass::text IN %s
                """,
                tuple(tables),
            )
        )
        indexes = self.env.execute_query(
            SQL(
                """
                SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
                  FROM pg_index i
                 WHERE i.indrelid::regclass::text IN %s AND NOT i.indisunique
                """,
                tuple(tables),
            )
        )
        for table, name, _definition in keys:
            self.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)
                )
            )
        for name, _definition in indexes:
            self.cr.execute(SQL("DROP INDEX %s", SQL(name)))
        yield
        self.say("  indexes")
        for _name, definition in indexes:
            self.cr.execute(SQL(definition.replace("%", "%%")))
        self.say("  foreign keys")
        for table, name, definition in keys:
            self.cr.execute(
                SQL(
                    "ALTER TABLE %s ADD CONSTRAINT %s %s",
                    SQL.identifier(table),
                    SQL.identifier(name),
                    SQL(definition.replace("%", "%%")),
                )
            )
