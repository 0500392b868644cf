"""Records that are asked for by what they belong to are read next: one question to the database
instead of two."""


def get_names_ahead(records, field_names, inverses):
    """Return the names of the fields to fetch where the ORM looks up what belongs to something:
    all that it would fetch with the first of them that is read.

    :param records: of the model that is searched
    :param field_names: that are asked for, as `search_fetch` has them
    :param inverses: names of the fields by which something has these records
    """
    is_lookup = field_names and len(field_names) == 1 and next(iter(field_names)) in inverses
    if not is_lookup or not records.env.context.get("prefetch_fields", True):
        return field_names
    return [
        name
        for name, field in records._fields.items()
        if field.prefetch is True and records._has_field_access(field, "read")
    ]
