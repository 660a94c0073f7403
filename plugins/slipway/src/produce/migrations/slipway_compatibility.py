"""What of a migration a release can't work with that does not know it: it may still run, or come back."""

import re


class Context:
    """What is known inside one migration."""

    def __init__(self, app):
        self.app = app
        # Tables made in the same migration: no older release knows them.
        self.new = set()


def incompatible_parts(operation, state, context):
    """Parts of an operation, which is then applied to the state."""
    from django.db.migrations import operations

    if isinstance(operation, operations.SeparateDatabaseAndState):
        parts = []
        # Each on a copy: what the database goes through is not what the state says of it.
        database = state.clone()
        for inner in operation.database_operations:
            parts += incompatible_parts(inner, database, context)
        operation.state_forwards(context.app, state)
        return parts
    names = (getattr(operation, name, None) for name in ("model_name_lower", "old_name_lower", "name_lower"))
    model = next((name for name in names if name), None)
    old = Before.of(state.models.get((context.app, model)))
    operation.state_forwards(context.app, state)
    return narrowing(operation, model, old, state, context)


class Before:
    """A model as it was, since Django changes its states in place."""

    def __init__(self, name_lower, fields, options):
        self.name_lower, self.fields, self.options = name_lower, fields, options

    @classmethod
    def of(cls, model):
        return None if model is None else cls(model.name_lower, dict(model.fields), dict(model.options))


def narrowing(operation, model, old, after, context):
    from django.db.migrations import operations

    if isinstance(operation, operations.RunPython):
        # It changes rows; what it makes of them, no tool can tell.
        return []
    if isinstance(operation, operations.RunSQL):
        return [f"RunSQL: {brief(text)}" for text in statements(operation.sql) if not HARMLESS_SQL.match(text)]
    if isinstance(operation, operations.CreateModel):
        context.new.add(operation.name_lower)
        return []
    if isinstance(operation, operations.RenameModel) and model in context.new:
        context.new.add(operation.new_name_lower)
    if model in context.new:
        return []
    if old is not None and (not old.options.get("managed", True) or old.options.get("proxy", False)):
        return []
    text = operation.describe()

    if isinstance(operation, operations.DeleteModel):
        return [f"{text}: its table is gone"]
    if isinstance(operation, operations.RenameModel):
        new = after.models[context.app, operation.new_name_lower]
        return [] if table(context.app, old) == table(context.app, new) else [f"{text}: its table has another name"]
    if isinstance(operation, operations.AlterModelTable):
        new = after.models[context.app, operation.name_lower]
        return [] if table(context.app, old) == table(context.app, new) else [f"{text}: its table has another name"]
    if isinstance(operation, operations.AddField):
        return [f"{text}: {reason}" for reason in refusals_of_new(operation.field)]
    if isinstance(operation, operations.RemoveField):
        field = old.fields[operation.name] if old is not None and operation.name in old.fields else None
        return [f"{text}: its table is gone" if many(field) else f"{text}: its column is gone"]
    if isinstance(operation, operations.RenameField):
        field = old.fields.get(operation.old_name) if old is not None else None
        kept = field is not None and not many(field) and field.db_column is not None
        return [] if kept else [f"{text}: its column has another name"]
    if isinstance(operation, operations.AlterField):
        field = old.fields.get(operation.name) if old is not None else None
        if field is None:
            return [f"{text}: what it was before is not known"]
        return [f"{text}: {reason}" for reason in narrowed(field, operation.field)]
    if isinstance(operation, operations.AlterUniqueTogether):
        was = {frozenset(names) for names in (old.options.get("unique_together") or ())} if old is not None else set()
        now = {frozenset(names) for names in operation.option_value or ()}
        return [f"{text}: what was allowed is refused"] if now - was else []
    if isinstance(operation, operations.AddConstraint):
        return [f"{text}: what was allowed may be refused"]
    if isinstance(operation, operations.AlterOrderWithRespectTo):
        return [f"{text}: the column _order needs a value"] if operation.order_with_respect_to else []
    if is_harmless(operation):
        return []
    return [f"{text}: {type(operation).__name__} is an operation of its own, and what it does can't be told"]


def is_harmless(operation):
    """Indexes, options, comments, extensions: whatever else Django itself brings along."""
    known = {"AddIndex", "RemoveIndex", "RenameIndex", "RemoveConstraint", "AlterModelOptions", "AlterModelManagers"}
    own = type(operation)
    return own.__module__.startswith("django.") or any(kind.__name__ in known for kind in own.__mro__)


def table(app, model):
    return model.options.get("db_table") or f"{app}_{model.name_lower}"


def many(field):
    return field is not None and bool(field.many_to_many)


def default_of_database(field):
    """Whether the database itself fills the column where nobody names it."""
    from django.db.models import NOT_PROVIDED

    return getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED


def is_filled(field):
    return (
        many(field)
        or field.null
        or default_of_database(field)
        or getattr(field, "generated", False)
        or "Auto" in field.get_internal_type()
    )


def refusals_of_new(field):
    if not is_filled(field):
        yield "rows that a release writes which does not know it have no value for it (null=False without db_default)"


# What may hold all that the other one held.
WIDER = {
    ("SmallIntegerField", "IntegerField"),
    ("SmallIntegerField", "BigIntegerField"),
    ("IntegerField", "BigIntegerField"),
    ("PositiveSmallIntegerField", "PositiveIntegerField"),
    ("PositiveSmallIntegerField", "PositiveBigIntegerField"),
    ("PositiveIntegerField", "PositiveBigIntegerField"),
    ("PositiveSmallIntegerField", "SmallIntegerField"),
    ("PositiveSmallIntegerField", "IntegerField"),
    ("PositiveSmallIntegerField", "BigIntegerField"),
    ("PositiveIntegerField", "IntegerField"),
    ("PositiveIntegerField", "BigIntegerField"),
    ("PositiveBigIntegerField", "BigIntegerField"),
    ("SmallAutoField", "AutoField"),
    ("SmallAutoField", "BigAutoField"),
    ("AutoField", "BigAutoField"),
    ("CharField", "TextField"),
    ("SlugField", "TextField"),
    ("SlugField", "CharField"),
    ("CharField", "SlugField"),
    ("FilePathField", "CharField"),
    ("FileField", "CharField"),
}


def narrowed(old, new):
    """What a column took that it does not take any more."""
    was, now = old.get_internal_type(), new.get_internal_type()
    if many(old) or many(new):
        if many(old) != many(new) or target_of(old) != target_of(new):
            yield f"{was} becomes {now}"
        return
    if was != now and (was, now) not in WIDER:
        yield f"{was} becomes {now}"
    if old.null and not new.null:
        yield "empty values are refused"
    if (
        now != "TextField"
        and new.max_length is not None
        and (old.max_length is None or new.max_length < old.max_length)
    ):
        yield f"at most {new.max_length} characters, no longer {old.max_length or 'any number'}"
    for name in ("max_digits", "decimal_places"):
        digits, more = getattr(old, name, None), getattr(new, name, None)
        if digits is not None and more is not None and more < digits:
            yield f"{name} is {more}, no longer {digits}"
    if whole(new) is not None and whole(old) is not None and whole(new) < whole(old):
        yield f"at most {whole(new)} digits before the point, no longer {whole(old)}"
    if new.unique and not old.unique:
        yield "values that stand there twice are refused"
    if (old.db_column or None) != (new.db_column or None):
        yield "its column has another name"
    if target_of(old) != target_of(new):
        yield f"it points to {target_of(new)}, no longer to {target_of(old)}"
    elif target_of(new) is not None and getattr(new, "db_constraint", True) and not getattr(old, "db_constraint", True):
        yield "values that point nowhere are refused"
    if default_of_database(old) and not is_filled(new):
        yield "the database fills it no longer"


def whole(field):
    digits, places = getattr(field, "max_digits", None), getattr(field, "decimal_places", None)
    return None if digits is None or places is None else digits - places


def target_of(field):
    remote = getattr(field, "remote_field", None)
    if remote is None or remote.model is None:
        return None
    model = remote.model
    return model.lower() if isinstance(model, str) else model._meta.label_lower


HARMLESS_SQL = re.compile(
    r"\s*(?:select|insert|update|analyze|vacuum|comment|grant|set|reset|refresh|"
    r"create\s+(?!unique)(?:or\s+replace\s+)?(?:temporary\s+|materialized\s+)*"
    r"(?:table|index|view|function|extension|sequence|type|schema|aggregate|collation|statistics)|"
    r"drop\s+index|alter\s+sequence)\b",
    re.IGNORECASE,
)


def statements(sql):
    """The statements of a RunSQL; each may come with its parameters."""
    parts = [sql] if isinstance(sql, str) else list(sql or ())
    texts = [part if isinstance(part, str) else str(part[0]) for part in parts]
    found = []
    for text in texts:
        plain = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
        # A function's body holds semicolons too: then the whole is one.
        found += [plain] if "$" in plain else plain.split(";")
    return [text.strip() for text in found if text.strip()]


def brief(text):
    line = " ".join((" ; ".join(text) if isinstance(text, list) else text).split())
    return line if len(line) <= 120 else f"{line[:119]}…"
