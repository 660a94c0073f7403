"""The settings of a running Helpdesk API. They come from environment variables only (README.md lists them)."""

import os

from helpdesk import environment

DEBUG = environment.flag(os.environ, "DJANGO_DEBUG")
SECRET_KEY = (
    os.environ.get("DJANGO_SECRET_KEY") or "only-for-debugging"
    if DEBUG
    else environment.required(os.environ, "DJANGO_SECRET_KEY")
)
ALLOWED_HOSTS = environment.words(os.environ, "DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
DATABASES = {"default": environment.database(os.environ)}

# What runs here, told by whoever deployed it. /health/ repeats it.
HELPDESK_VERSION = os.environ.get("HELPDESK_VERSION") or "dev"
HELPDESK_COMMIT = os.environ.get("HELPDESK_COMMIT") or "unknown"

INSTALLED_APPS = ["tickets"]
ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A POST that is redirected loses its body, so an address without its last slash is an error, not a detour.
APPEND_SLASH = False

# There is no CSRF middleware, because there is nothing to forge: the API knows no cookies, sessions or other
# credentials that a browser adds by itself. Every write also asks for `application/json`, which a page from
# elsewhere can't send without a CORS preflight, and no preflight is ever answered.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # no CSRF middleware: see above
    "security.W004",  # HSTS and
    "security.W008",  # the redirect to HTTPS belong to the proxy that ends TLS in front of the API
]
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Bytes. The largest valid ticket needs about 60,000 when every character is written as an escape.
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# Django's own default is silent about errors unless DEBUG is on.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
