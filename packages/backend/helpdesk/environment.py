"""Reads settings from environment variables, and refuses what is missing or makes no sense."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Environment = Mapping[str, str]


def required(environment: Environment, name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set this environment variable and start again.")
    return value


def flag(environment: Environment, name: str) -> bool:
    """True for 1, true, yes, on; false for 0, false, no, off, or nothing at all."""
    value = environment.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Write true or false.")


def words(environment: Environment, name: str, default: str) -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in environment.get(name, default).split(",") if word.strip()]


def database(environment: Environment) -> dict[str, object]:
    """Django's database settings, from DATABASE_URL or from POSTGRES_HOST, _PORT, _DB, _USER and _PASSWORD."""
    if environment.get("DATABASE_URL", "").strip():
        settings = _from_url(environment["DATABASE_URL"].strip())
    elif environment.get("POSTGRES_HOST", "").strip():
        settings = {
            "HOST": required(environment, "POSTGRES_HOST"),
            "PORT": environment.get("POSTGRES_PORT", "").strip() or "5432",
            "NAME": required(environment, "POSTGRES_DB"),
            "USER": required(environment, "POSTGRES_USER"),
            "PASSWORD": required(environment, "POSTGRES_PASSWORD"),
            "OPTIONS": {},
        }
    else:
        raise ImproperlyConfigured("No database is named. Set DATABASE_URL, or POSTGRES_HOST and its companions.")
    # A server that can't be reached must not hold a health check up for longer than its caller waits.
    options = {"connect_timeout": "2", **settings["OPTIONS"]}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **settings,
        "OPTIONS": options,
    }


def _from_url(url: str) -> dict[str, object]:
    # No message here repeats the URL: it holds a password, and messages end up in logs.
    wrong = ImproperlyConfigured("DATABASE_URL does not read postgresql://user:password@host:port/name.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name or "/" in name:
        raise wrong
    return {
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
