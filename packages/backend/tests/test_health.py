"""GET /health/"""

import logging

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from helpdesk import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def deployed(settings):
    settings.HELPDESK_VERSION = "1.2.3"
    settings.HELPDESK_COMMIT = "0123abc"


def test_says_that_all_is_well_and_what_runs(client, deployed):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": "1.2.3",
        "commit": "0123abc",
        "checks": {"database": "ok", "migrations": "ok"},
    }
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"


def test_says_so_when_nobody_told_what_runs(client):
    body = client.get("/health/").json()
    assert (body["version"], body["commit"]) == ("dev", "unknown")


def test_head_works(client):
    response = client.head("/health/")
    assert (response.status_code, response.content) == (200, b"")


def test_nothing_else_works(client):
    assert client.post("/health/").status_code == 405


def test_names_a_migration_that_is_not_applied(client, deployed):
    MigrationRecorder(connection).record_unapplied("tickets", "0004_reference_required")
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {
        "status": "error",
        "version": "1.2.3",
        "commit": "0123abc",
        "checks": {"database": "ok", "migrations": "error"},
        "problems": {"migrations": "Not applied: tickets.0004_reference_required."},
    }


def test_a_database_that_is_ahead_is_well(client):
    # After a rollback of the application the older one runs on the newer tables.
    MigrationRecorder(connection).record_applied("tickets", "0099_from_the_future")
    assert client.get("/health/").status_code == 200


def test_a_database_that_does_not_answer_gives_away_nothing(client, monkeypatch, caplog):
    def refuse(*_):
        raise OperationalError("connection to db-internal-7 failed for user helpdesk_owner")

    monkeypatch.setattr(connection, "cursor", refuse)
    with caplog.at_level(logging.ERROR, logger="helpdesk.health"):
        response = client.get("/health/")
    assert response.status_code == 503
    body = response.json()
    assert body["checks"] == {"database": "error", "migrations": "error"}
    assert "db-internal-7" not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    assert "db-internal-7" in caplog.text


def test_head_tells_trouble_too(client, monkeypatch):
    monkeypatch.setitem(health.CHECKS, "migrations", failing)
    assert client.head("/health/").status_code == 503


def failing():
    raise health.CheckFailed("Not today.")


def test_a_database_that_answers_nonsense_is_not_well(monkeypatch):
    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def execute(self, _):
            return None

        def fetchone(self):
            return None

    monkeypatch.setattr(connection, "cursor", Cursor)
    with pytest.raises(health.CheckFailed):
        health.check_database()


def test_a_check_more_is_a_line_more(client, monkeypatch):
    monkeypatch.setitem(health.CHECKS, "weather", failing)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": "ok", "migrations": "ok", "weather": "error"}
    assert response.json()["problems"] == {"weather": "Not today."}
