"""GET /health/: is this instance fit to serve, and which version of what is it?"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


class CheckFailed(Exception):
    """A check's answer is no. The message is public, so it holds no secret."""


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if cursor.fetchone() != (1,):
            raise CheckFailed("The database answers, but not what it was asked.")


def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    unapplied = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if unapplied:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in unapplied)
        raise CheckFailed(f"Not applied: {names}.")


# Each check returns when all is well, and raises when it is not. To add one, add a line.
CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
}


def run_checks(checks: dict[str, Callable[[], None]]) -> dict[str, str]:
    """What is wrong, by check: empty when nothing is."""
    problems: dict[str, str] = {}
    for name, check in checks.items():
        try:
            check()
        except CheckFailed as problem:
            problems[name] = str(problem)
        except Exception:
            # The reason may name hosts, users or statements: that is for the log, not for whoever asks.
            log.exception("The health check %s could not be made.", name)
            problems[name] = "The check could not be made. The server's log says why."
    return problems


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    problems = run_checks(CHECKS)
    body: dict[str, object] = {
        "status": "error" if problems else "ok",
        "version": settings.HELPDESK_VERSION,
        "commit": settings.HELPDESK_COMMIT,
        "checks": {name: "error" if name in problems else "ok" for name in CHECKS},
    }
    if problems:
        body["problems"] = problems
    return JsonResponse(body, status=503 if problems else 200, headers={"Cache-Control": "no-store"})
