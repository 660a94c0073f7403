"""Reads the JSON body of a request."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from helpdesk.errors import error


def not_json(request: HttpRequest) -> HttpResponse | None:
    """Refuses a write that is not sent as JSON (settings.py says why this also keeps foreign pages out)."""
    if request.content_type == "application/json":
        return None
    return error(415, "content_type", "Send this request with Content-Type: application/json.")


def json_object(request: HttpRequest) -> dict[str, object] | HttpResponse:
    """The object that the body holds, or the answer that says what is wrong with it."""
    if refusal := not_json(request):
        return refusal
    try:
        body = json.loads(request.body)
    except RequestDataTooBig:
        return error(413, "body", "This request is too large.")
    except (ValueError, RecursionError):
        return error(400, "body", "This is not valid JSON.")
    if not isinstance(body, dict):
        return error(400, "body", "Send one JSON object.")
    return body
