"""Reads and moves Django's migrations, in a container of the image that holds them.

Runs within `manage.py shell --command`, so with the settings that the service has. Beside it `inspect_migrations` and
`slipway_compatibility` can be imported. The answer is one line of JSON between two marks, because settings and
migrations may print as they like. Needs nothing but Django 3.2 or newer.
"""

import contextlib
import json
import sys
import time
from importlib import import_module

from inspect_migrations import irreversible_parts
from slipway_compatibility import Context, incompatible_parts

# "slipway!" in ASCII: whoever moves migrations of one database by this program does so alone.
LOCK = int.from_bytes(b"slipway!", "big")


class Problem(Exception):
    """Why nothing was done; the message is for a person."""


class Unreachable(Problem):
    pass


def main(question, mark):
    stdout, sys.stdout = sys.stdout, sys.stderr
    try:
        answer = ask(question)
    except Unreachable as problem:
        answer = {"kind": "unreachable", "problem": str(problem)}
    except Problem as problem:
        answer = {"kind": "problem", "problem": str(problem)}
    except Exception as error:
        answer = {"kind": "problem", "problem": first_line(error)}
    finally:
        sys.stdout = stdout
    stdout.write(f"\n{mark}{json.dumps(answer)}{mark}\n")
    stdout.flush()


def ask(question):
    from django.db import connection

    connect(connection, question["patience"])
    action = question["action"]
    if action == "applied":
        return {"kind": "applied", "applied": recorded(connection)}
    if action == "plan":
        return {"kind": "plan", **Forward(connection).describe()}
    if action == "reversal":
        return {"kind": "plan", **Backward(connection, question["to"]).describe()}
    with alone(connection, question["lockPatience"]):
        if action == "reverse":
            return move(connection, lambda: Backward(connection, question["to"]))
        return move(connection, lambda: Forward(connection))


def connect(connection, patience):
    from django.db import OperationalError

    give_up = time.monotonic() + patience
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() >= give_up:
                raise Unreachable(first_line(error)) from None
            time.sleep(0.5)


@contextlib.contextmanager
def alone(connection, patience):
    """Holds the lock on a connection of its own: it goes with this process, also behind a pool of connections."""
    if connection.vendor not in ("postgresql", "mysql"):
        yield
        return
    from django.db import OperationalError

    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            if connection.vendor == "mysql":
                cursor.execute("SELECT GET_LOCK('slipway', %s)", [patience])
                if cursor.fetchone()[0] != 1:
                    raise Problem(BUSY)
            else:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience}s"])
                try:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                except OperationalError:
                    raise Problem(BUSY) from None
        yield
    finally:
        holder.close()


BUSY = "an earlier run still moves the migrations of this database"


def recorded(connection):
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return []
    rows = recorder.migration_qs.order_by("id").values_list("app", "name")
    return list(dict.fromkeys(name_of(row) for row in rows))


def name_of(key):
    return f"{key[0]}.{key[1]}"


def first_line(error):
    # What follows, PostgreSQL's DETAIL for one, quotes rows.
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


class Move:
    """What the image's own migrations and the database's table of them come to."""

    def __init__(self, connection):
        from django.db.migrations.executor import MigrationExecutor

        self.connection = connection
        self.executor = MigrationExecutor(connection)
        self.loader = self.executor.loader
        self.graph = self.loader.graph
        self.applied = recorded(connection)
        self.whole = [
            migration for migration, _ in self.executor.migration_plan(self.graph.leaf_nodes(), clean_start=True)
        ]
        # To be written into, or taken out of, the table of migrations, and nothing else.
        self.squashes = []
        self.refusals = []

    def describe(self):
        known = {name_of(key) for key in self.loader.disk_migrations}
        return {
            "applied": self.applied,
            "steps": [*self.steps(), *map(self.squash_step, self.squashes)],
            "unknown": [name for name in self.applied if name not in known],
            "refusals": self.refusals,
        }

    def steps(self):
        """The plan's migrations, each with what it takes to understand it."""
        from django.db.migrations.state import ProjectState

        wanted = [(migration.app_label, migration.name) for migration, _ in self.plan]
        state = ProjectState(real_apps=self.loader.unmigrated_apps)
        found = {}
        for migration in self.whole:
            key = (migration.app_label, migration.name)
            if key in wanted:
                found[key] = self.step(migration, state)
            else:
                for operation in migration.operations:
                    operation.state_forwards(migration.app_label, state)
        return [found[key] for key in wanted]

    def step(self, migration, state):
        irreversible, incompatible = [], []
        context = Context(migration.app_label)
        for operation in migration.operations:
            irreversible += irreversible_parts(operation)
            incompatible += incompatible_parts(operation, state, context)
        return {
            "name": f"{migration.app_label}.{migration.name}",
            "reversible": not irreversible,
            "effect": effect_of(incompatible),
            "irreversible": irreversible,
            "incompatible": incompatible,
        }

    def squash_step(self, key):
        return {
            "name": name_of(key),
            "reversible": True,
            "effect": "expand",
            "irreversible": [],
            "incompatible": [],
        }


def effect_of(incompatible):
    if not incompatible:
        return "expand"
    unclear = [part for part in incompatible if part.startswith("RunSQL: ") or part.endswith("can't be told")]
    return "contract" if len(unclear) < len(incompatible) else "unknown"


class Forward(Move):
    backwards = False

    def __init__(self, connection):
        super().__init__(connection)
        self.loader.check_consistent_history(connection)
        conflicts = self.loader.detect_conflicts()
        if conflicts:
            told = "; ".join(f"{', '.join(names)} in {app}" for app, names in sorted(conflicts.items()))
            raise Problem(f"migrations were made side by side and not merged: {told}")
        self.plan = self.executor.migration_plan(self.graph.leaf_nodes())
        planned = {(migration.app_label, migration.name) for migration, _ in self.plan}
        applied = set(self.applied)
        # Django notes that a squashed migration is applied once all that it replaces are; a later release relies on that.
        self.squashes = [
            key
            for key, migration in self.loader.replacements.items()
            if key not in planned
            and name_of(key) not in applied
            and all(name_of(replaced) in applied for replaced in migration.replaces)
        ]

    def missing(self, after):
        """What is still to be done afterwards."""
        rest = Forward(self.connection)
        return [f"{migration.app_label}.{migration.name}" for migration, _ in rest.plan] + [
            name_of(key) for key in rest.squashes
        ]


class Backward(Move):
    backwards = True

    def __init__(self, connection, to):
        super().__init__(connection)
        self.to = to
        target = set(to)
        here = set(self.applied)
        keys = {name_of(key): key for key in self.loader.disk_migrations}
        leaving = [name for name in self.applied if name not in target]
        self.refuse("migrationsMissing", [name for name in to if name not in here], "{} not applied any more")
        self.refuse("migrationsUnknown", [name for name in leaving if name not in keys], "the image does not hold {}")
        nodes = {keys[name] for name in leaving if name in keys}
        for key, migration in self.loader.replacements.items():
            replaced = {other for other in migration.replaces if name_of(other) in here}
            inside = replaced & nodes
            if not inside:
                if key in nodes and replaced:
                    nodes.discard(key)
                    self.squashes.append(key)
            elif key in self.graph.nodes:
                if inside == replaced:
                    nodes = (nodes - replaced) | {key}
                else:
                    self.refuse(
                        "migrationSquashed", [name_of(key)], "what {} stands for can only be reversed as a whole"
                    )
                    nodes -= replaced
        nodes = {key for key in nodes if key in self.graph.nodes}
        applied = self.loader.applied_migrations
        needed = {
            name_of(child)
            for key in nodes
            for child in self.graph.backwards_plan(key)
            if child in applied and child not in nodes
        }
        self.refuse("migrationsNeeded", sorted(needed), "{} would stay, and need what is reversed")
        self.plan = [
            (migration, True) for migration in reversed(self.whole) if (migration.app_label, migration.name) in nodes
        ]
        for step in self.steps():
            for part in step["irreversible"]:
                self.refuse("migrationIrreversible", [step["name"]], f"{{}} can't be reversed: {part}")

    def refuse(self, identity, names, text):
        if names:
            self.refusals.append({"id": identity, "names": list(names), "reason": text.replace("{}", ", ".join(names))})

    def missing(self, after):
        return sorted(set(after) ^ set(self.to))


def move(connection, prepare):
    work = prepare()
    before = work.applied
    if work.refusals:
        return {"kind": "refused", "before": before, "refusals": work.refusals}
    try:
        run(connection, work)
        after = recorded(connection)
        missing = work.missing(after)
    except Exception as error:
        return {"kind": "failed", "before": before, **aftermath(connection, work), "problem": first_line(error)}
    return {"kind": "moved", "before": before, "after": after, "missing": missing}


def aftermath(connection, work):
    """How far it came; `after` is null where nobody can tell."""
    try:
        # A transaction that failed takes no further question.
        connection.close()
        after = recorded(connection)
    except Exception:
        return {"after": None, "touched": True, "at": None}
    done = set(after) ^ set(work.applied)
    rest = [migration for migration, _ in work.plan if f"{migration.app_label}.{migration.name}" not in done]
    whole = connection.features.can_rollback_ddl and bool(rest) and rest[0].atomic
    return {
        "after": after,
        "touched": bool(done) or not whole,
        "at": f"{rest[0].app_label}.{rest[0].name}" if rest else None,
    }


def run(connection, work):
    if not work.backwards:
        from django.core.management import call_command

        call_command("migrate", interactive=False, database=connection.alias, stdout=sys.stderr)
        return
    if work.plan:
        unapply(connection, work)
    for app, name in work.squashes:
        work.executor.recorder.record_unapplied(app, name)


def unapply(connection, work):
    """Unapplies exactly the plan, with the signals that `migrate` sends: `migrate app name` alone would leave other branches."""
    from django.apps import apps
    from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
    from django.utils.module_loading import module_has_submodule

    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "management"):
            import_module(".management", config.name)
    before = work.executor._create_project_state(with_applied_migrations=True).apps
    emit_pre_migrate_signal(1, False, connection.alias, stdout=sys.stderr, apps=before, plan=work.plan)
    state = work.executor.migrate([], plan=work.plan)
    state.clear_delayed_apps_cache()
    emit_post_migrate_signal(1, False, connection.alias, stdout=sys.stderr, apps=state.apps, plan=work.plan)
