"""The settings of the unit tests: SQLite, or the PostgreSQL server that DATABASE_URL names."""

import os
import tempfile
from pathlib import Path

# Whatever the shell holds for a server that somebody tries out must not change what the tests see.
for name in ("DJANGO_DEBUG", "DJANGO_ALLOWED_HOSTS", "HELPDESK_VERSION", "HELPDESK_COMMIT"):
    os.environ.pop(name, None)
os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests-and-long-enough-that-the-deployment-check-says-nothing!")
on_postgresql = bool(os.environ.get("DATABASE_URL"))
if not on_postgresql:
    # Replaced below, before anything connects.
    os.environ["DATABASE_URL"] = "postgresql:///unused"

from helpdesk.settings import *  # noqa: E402, F403

if on_postgresql:
    # A connection that outlives its request would keep the test database from being removed.
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
else:
    del os.environ["DATABASE_URL"]
    # A file, not memory: tests with several threads need one connection each, as in production.
    file = Path(tempfile.gettempdir()) / f"helpdesk-test-{os.getpid()}.sqlite3"
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(file),
            "TEST": {"NAME": str(file)},
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=OFF"},
        }
    }
