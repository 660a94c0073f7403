"""Writes down what Django knows of a project's migrations, without a database: `python inspect_migrations.py <file>`.

Runs in the project's folder with the project's own Python. The file gets JSON: what `makemigrations --check` would
miss, and of each migration what can't be reversed and what a release that does not know it can't work with.
Needs nothing but Django 3.2 or newer.
"""

import ast
import json
import os
import sys

from slipway_compatibility import Context, brief, incompatible_parts, statements


class Problem(Exception):
    """Why nothing can be said; the message is for a person."""


def main(target):
    folder = os.path.realpath(os.getcwd())
    sys.path.insert(0, folder)
    name = os.environ.get("DJANGO_SETTINGS_MODULE") or settings_of_manage(os.path.join(folder, "manage.py"))
    os.environ["DJANGO_SETTINGS_MODULE"] = name
    try:
        import django
    except ImportError as error:
        raise Problem(f"Django is not installed for {sys.executable}: {error}") from None
    try:
        django.setup()
    except Exception as error:
        raise Problem(f"the settings {name} can't be loaded: {type(error).__name__}: {error}") from error
    from django.db.migrations.exceptions import BadMigrationError, CircularDependencyError, NodeNotFoundError

    try:
        report = Inspection(folder).report()
    except (BadMigrationError, CircularDependencyError, NodeNotFoundError, SyntaxError, ImportError) as error:
        raise Problem(f"the migrations can't be loaded: {type(error).__name__}: {error}") from error
    report["django"] = django.get_version()
    with open(target, "w", encoding="utf-8") as file:
        json.dump(report, file)


def settings_of_manage(path):
    """The settings that manage.py names: os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...), or an assignment."""
    try:
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError) as error:
        raise Problem(f"manage.py can't be read: {error}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "setdefault" and len(node.args) == 2:
            name, value = node.args
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            name, value = node.targets[0].slice, node.value
        else:
            continue
        if (
            isinstance(name, ast.Constant)
            and name.value == "DJANGO_SETTINGS_MODULE"
            and isinstance(value, ast.Constant)
        ):
            return str(value.value)
    raise Problem("manage.py names no settings; set DJANGO_SETTINGS_MODULE, or name them in slipway.json")


class Inspection:
    def __init__(self, folder):
        from django.apps import apps
        from django.db.migrations.loader import MigrationLoader

        self.folder = folder
        self.loader = MigrationLoader(None, ignore_no_migrations=True)
        configs = [config for config in apps.get_app_configs() if self.is_own(config.path)]
        self.own = {config.label for config in configs}
        self.models = {
            config.label: [model for model in config.get_models() if model._meta.managed and not model._meta.proxy]
            for config in configs
        }

    def is_own(self, path):
        """Whether an app's folder lies in the project, and is not installed there."""
        path = os.path.realpath(path)
        inside = os.path.relpath(path, self.folder).split(os.sep)
        return inside[0] != os.pardir and not {"site-packages", "dist-packages", "node_modules"} & set(inside)

    def report(self):
        return {
            "models": sum(len(models) for models in self.models.values()),
            "missing": self.missing(),
            "migrations": self.migrations(),
        }

    def missing(self):
        from django.apps import apps
        from django.db.migrations.autodetector import MigrationAutodetector
        from django.db.migrations.state import ProjectState

        lines = []
        for app, names in sorted(self.loader.detect_conflicts().items()):
            if app in self.own:
                lines.append(
                    f"{app}: {', '.join(sorted(names))} were made side by side; merge them: makemigrations --merge"
                )
        if lines:
            return lines
        for app in sorted(self.own & set(self.loader.unmigrated_apps)):
            # `makemigrations` alone passes these over without a word.
            if self.models[app]:
                names = ", ".join(sorted(model.__name__ for model in self.models[app]))
                lines.append(f"{app}: has models ({names}) and no migrations; begin with: makemigrations {app}")
        detector = MigrationAutodetector(self.loader.project_state(), ProjectState.from_apps(apps), Quiet(self.own))
        for app, migrations in sorted(detector.changes(graph=self.loader.graph).items()):
            if app in self.own and app not in self.loader.unmigrated_apps:
                lines += [f"{app}: {operation.describe()}" for step in migrations for operation in step.operations]
        return lines

    def migrations(self):
        from django.db.migrations.state import ProjectState

        graph = self.loader.graph
        state = ProjectState(real_apps=self.loader.unmigrated_apps)
        found = []
        for key in graph._generate_plan(graph.leaf_nodes(), at_end=True):
            migration = graph.nodes[key]
            if migration is None:
                continue
            if migration.app_label not in self.own:
                for operation in migration.operations:
                    operation.state_forwards(migration.app_label, state)
                continue
            found.append(self.inspect(migration, state))
        return found

    def inspect(self, migration, state):
        irreversible, incompatible = [], []
        context = Context(migration.app_label)
        for operation in migration.operations:
            irreversible += irreversible_parts(operation)
            incompatible += incompatible_parts(operation, state, context)
        module = sys.modules.get(type(migration).__module__)
        file = getattr(module, "__file__", None)
        return {
            "name": f"{migration.app_label}.{migration.name}",
            "file": None if file is None else os.path.relpath(os.path.realpath(file), self.folder).replace(os.sep, "/"),
            "replaces": [f"{app}.{name}" for app, name in migration.replaces],
            "irreversible": irreversible,
            "incompatible": incompatible,
        }


def Quiet(apps):
    """Answers the autodetector's questions without a person; a column without a default is a change like any other."""
    from django.db.migrations.questioner import MigrationQuestioner

    class Answers(MigrationQuestioner):
        def ask_not_null_addition(self, field_name, model_name):
            return None

        def ask_not_null_alteration(self, field_name, model_name):
            return None

    return Answers(specified_apps=apps, dry_run=True)


def irreversible_parts(operation):
    from django.db.migrations import operations

    if isinstance(operation, operations.SeparateDatabaseAndState):
        # It calls itself reversible, whatever it holds.
        return [part for inner in operation.database_operations for part in irreversible_parts(inner)]
    if operation.reversible:
        return []
    if isinstance(operation, operations.RunPython):
        return [f"RunPython {getattr(operation.code, '__name__', 'code')} has no reverse_code"]
    if isinstance(operation, operations.RunSQL):
        return [f"RunSQL has no reverse_sql: {brief(statements(operation.sql))}"]
    return [operation.describe()]


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
