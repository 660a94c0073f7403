"""Brings the database to the schema of this image, then becomes gunicorn.

Several containers may start at once: one migrates, the others wait for its lock and then find nothing to do.

HELPDESK_MIGRATE=new migrates nothing but a new database, and refuses to serve beside one that lacks migrations: so it is
where a deployment moves the schema by itself, before and after containers are replaced. There a container that starts
once more must not bring back what a rollback has just reversed.
"""

import os
import sys
import time

import django
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

# Any number that every version of this image agrees on: "helpdesk" in ASCII, as a signed 64-bit integer.
MIGRATION_LOCK = int.from_bytes(b"helpdesk", "big", signed=True)
DATABASE_PATIENCE = 60  # seconds
LOCK_PATIENCE = "180s"


def wait_for_database() -> None:
    give_up = time.monotonic() + DATABASE_PATIENCE
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)


def migrate() -> None:
    with connection.cursor() as cursor:
        # A session's lock: PostgreSQL frees it by itself if this process dies. Only waiting for it is limited.
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_PATIENCE])
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        cursor.execute("RESET lock_timeout")
    if may_migrate():
        call_command("migrate", interactive=False)
    connection.close()


def may_migrate() -> bool:
    if os.environ.get("HELPDESK_MIGRATE") != "new":
        return True
    executor = MigrationExecutor(connection)
    if not executor.recorder.applied_migrations():
        return True
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing)
        sys.exit(f"The database lacks {names}. The deployment migrates it; by hand: python manage.py migrate")
    return False


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()
    wait_for_database()
    migrate()
    sys.stdout.flush()
    os.execvp("gunicorn", ["gunicorn"])  # noqa: S606, S607
