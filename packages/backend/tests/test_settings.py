"""The settings, and what they are read from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from helpdesk import environment

BACKEND = Path(__file__).parent.parent


def test_required_takes_what_is_there_and_names_what_is_missing():
    assert environment.required({"A": " b "}, "A") == "b"
    with pytest.raises(ImproperlyConfigured, match="A is not set"):
        environment.required({"A": " "}, "A")


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("True", True), ("on", True), ("", False), ("0", False), ("no", False)]
)
def test_a_flag(value, expected):
    assert environment.flag({"A": value}, "A") is expected


def test_a_flag_that_is_neither_is_not_guessed():
    assert environment.flag({}, "A") is False
    with pytest.raises(ImproperlyConfigured, match="A is 'maybe'"):
        environment.flag({"A": "maybe"}, "A")


def test_words():
    assert environment.words({"A": "x, y,,"}, "A", "z") == ["x", "y"]
    assert environment.words({}, "A", "z") == ["z"]


class TestDatabase:
    single = {  # noqa: RUF012
        "POSTGRES_HOST": "db",
        "POSTGRES_DB": "helpdesk",
        "POSTGRES_USER": "me",
        "POSTGRES_PASSWORD": "p@ss",
    }

    def test_from_single_variables(self):
        settings = environment.database(self.single)
        assert settings["ENGINE"] == "django.db.backends.postgresql"
        assert [settings[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
            "db",
            "5432",
            "helpdesk",
            "me",
            "p@ss",
        ]
        assert environment.database(self.single | {"POSTGRES_PORT": "5433"})["PORT"] == "5433"

    def test_from_a_url_which_comes_first(self):
        url = "postgresql://me:p%40ss@db:5433/help?sslmode=require&connect_timeout=9"
        settings = environment.database(self.single | {"DATABASE_URL": url})
        assert [settings[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
            "db",
            "5433",
            "help",
            "me",
            "p@ss",
        ]
        assert settings["OPTIONS"] == {"sslmode": "require", "connect_timeout": "9"}

    @pytest.mark.parametrize("missing", ["POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"])
    def test_names_what_is_missing(self, missing):
        with pytest.raises(ImproperlyConfigured, match=missing):
            environment.database({key: value for key, value in self.single.items() if key != missing})

    def test_refuses_to_go_without(self):
        with pytest.raises(ImproperlyConfigured, match="No database is named"):
            environment.database({})

    @pytest.mark.parametrize(
        "url",
        [
            "sqlite:///secret.db",
            "mysql://me:secret@db/name",
            "postgresql://me:secret@db",
            "postgresql://me:secret@db:port/name",
            "postgresql://me:secret@db/a/b",
            "postgresql://me:secret@[db/name",
        ],
    )
    def test_refuses_a_wrong_url_without_repeating_it(self, url):
        with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as problem:
            environment.database({"DATABASE_URL": url})
        assert "secret" not in str(problem.value)


def django(*arguments, **variables):
    """Runs manage.py with these variables only."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=BACKEND,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


DATABASE = {"DATABASE_URL": "postgresql://me@127.0.0.1/helpdesk"}


def test_does_not_start_without_a_secret_key():
    outcome = django("check", **DATABASE)
    assert outcome.returncode != 0
    assert "DJANGO_SECRET_KEY is not set" in outcome.stderr


def test_debugging_needs_no_secret_key():
    assert django("check", DJANGO_DEBUG="true", **DATABASE).returncode == 0


def test_what_is_deployed_comes_from_the_environment():
    outcome = django(
        "diffsettings",
        **DATABASE,
        DJANGO_SECRET_KEY="x",
        DJANGO_ALLOWED_HOSTS="a.example,b.example",
        HELPDESK_VERSION="1.2.3",
        HELPDESK_COMMIT="0123abc",
    )
    assert outcome.returncode == 0, outcome.stderr
    lines = outcome.stdout.splitlines()
    for line in ("ALLOWED_HOSTS = ['a.example', 'b.example']", "HELPDESK_VERSION = '1.2.3'  ###"):
        assert line in lines
    assert "HELPDESK_COMMIT = '0123abc'  ###" in lines
    assert not any(line.startswith("DEBUG = True") for line in lines)


def test_django_finds_nothing_to_say_about_a_deployment():
    call_command("check", deploy=True, fail_level="WARNING")


def test_gunicorn_finds_the_application():
    outcome = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config"],
        cwd=BACKEND,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "DJANGO_SECRET_KEY": "x", **DATABASE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
