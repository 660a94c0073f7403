"""The composed Helpdesk as a browser meets it: everything through the web server, at SLIPWAY_URL."""

import json
import os
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

BASE_URL = os.environ["SLIPWAY_URL"].rstrip("/")
# The stack is asked directly: a proxy of this machine could answer in its place.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(method: str, path: str, body: object = None) -> tuple[int, dict]:
    request = urllib.request.Request(
        BASE_URL + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Accept": "application/json", "Content-Type": "application/json"},
    )
    try:
        with OPENER.open(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


@pytest.fixture
def ticket() -> dict:
    status, body = ask(
        "POST", "/api/tickets/", {"title": "No sound", "requester": "kim@example.com", "priority": "high"}
    )
    assert status == 201
    return body


def test_is_healthy() -> None:
    assert ask("GET", "/health/")[1]["status"] == "ok"


def test_shows_the_interface_at_every_address() -> None:
    for path in ("/", "/tickets/7"):
        with OPENER.open(BASE_URL + path, timeout=10) as response:
            assert 'id="root"' in response.read().decode()


def test_finds_a_new_ticket_by_its_reference(ticket: dict) -> None:
    status, found = ask("GET", f"/api/tickets/?{urlencode({'search': ticket['reference']})}")
    assert (status, found["results"]) == (200, [ticket])


def test_closes_a_ticket_once(ticket: dict) -> None:
    path = f"/api/tickets/{ticket['id']}/close/"
    assert [ask("POST", path, {})[0] for _ in range(2)] == [200, 409]
    assert ask("GET", f"/api/tickets/{ticket['id']}/")[1]["status"] == "closed"


def test_refuses_a_ticket_without_a_title_and_says_why() -> None:
    status, body = ask("POST", "/api/tickets/", {"requester": "kim@example.com"})
    assert status == 400
    assert "title" in body["errors"]


def test_does_not_know_other_tickets() -> None:
    assert ask("GET", "/api/tickets/999999999/")[0] == 404
