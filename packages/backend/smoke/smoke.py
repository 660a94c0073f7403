#!/usr/bin/env python3
"""Tries a running Helpdesk API the way its users do. Needs nothing but Python.

    python3 smoke.py --base-url http://127.0.0.1:8000
    python3 smoke.py --base-url http://127.0.0.1:8000 --read-only

Creates a ticket, reads it, closes it and finds it in the list; with --read-only it creates nothing. One line per
step goes to standard output. Ends with 0 when every step went well, with 1 when one did not, and with 2 when the
arguments make no sense. The ticket stays, closed.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit


class SmokeFailed(Exception):
    """A step did not go as it should. The message says what was expected and what came."""


class Api:
    def __init__(self, base_url: str, timeout: float) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        # The instance is asked directly: a proxy of this machine could answer in its place.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, method: str, path: str, expected: int, body: object = None) -> dict:
        """The JSON object that the API answers with, if it answers with the expected status."""
        request = urllib.request.Request(
            self.base_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
        )
        asked = f"{method} {path}"
        try:
            with self.opener.open(request, timeout=self.timeout) as response:
                status, text = response.status, response.read()
        except urllib.error.HTTPError as problem:
            with problem:
                status, text = problem.code, problem.read()
        except OSError as problem:
            raise SmokeFailed(f"{asked} got no answer: {getattr(problem, 'reason', problem)}.") from problem
        if status != expected:
            raise SmokeFailed(f"{asked} answered {status} instead of {expected}: {text[:300].decode(errors='replace')}")
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise SmokeFailed(f"{asked} did not answer with a JSON object: {text[:300].decode(errors='replace')}")
        return answer


def expect(what: str, actual: object, expected: object) -> None:
    if actual != expected:
        raise SmokeFailed(f"{what} is {actual!r} instead of {expected!r}.")


def health(api: Api, version: str | None) -> str:
    answer = api.ask("GET", "/health/", 200)
    expect("The health status", answer.get("status"), "ok")
    if version is not None:
        expect("The running version", answer.get("version"), version)
    return f"version {answer.get('version')}, commit {answer.get('commit')}"


def list_tickets(api: Api) -> str:
    answer = api.ask("GET", "/api/tickets/?limit=1", 200)
    if not isinstance(answer.get("results"), list) or not isinstance(answer.get("count"), int):
        raise SmokeFailed("The list holds no results and count.")
    return f"{answer['count']} tickets"


class Journey:
    """A ticket's life, step by step. Each step needs the one before."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.title = f"Smoke test {time.time_ns()}"
        self.ticket: dict = {}

    def create(self) -> str:
        body = {
            "title": self.title,
            "description": "Made by the smoke test of a release.",
            "requester": "smoke-test@example.com",
            "priority": "low",
        }
        self.ticket = self.api.ask("POST", "/api/tickets/", 201, body)
        for field, value in {**body, "status": "open", "closed_at": None}.items():
            expect(f"The new ticket's {field}", self.ticket.get(field), value)
        if not isinstance(self.ticket.get("id"), int) or not self.ticket.get("reference"):
            raise SmokeFailed("The new ticket has no id and reference.")
        return self.ticket["reference"]

    def read(self) -> str:
        expect("The ticket read", self.api.ask("GET", f"/api/tickets/{self.ticket['id']}/", 200), self.ticket)
        return self.ticket["reference"]

    def close(self) -> str:
        path = f"/api/tickets/{self.ticket['id']}/close/"
        self.ticket = self.api.ask("POST", path, 200, {})
        expect("The closed ticket's status", self.ticket.get("status"), "closed")
        self.api.ask("POST", path, 409, {})
        return "closed once, refused twice"

    def find(self) -> str:
        query = urlencode({"status": "closed", "search": self.ticket["reference"], "limit": 100})
        found = self.api.ask("GET", f"/api/tickets/?{query}", 200).get("results")
        if not isinstance(found, list) or self.ticket not in found:
            raise SmokeFailed(f"The list of closed tickets lacks {self.ticket['reference']}.")
        return f"{self.ticket['reference']} found"


def steps(api: Api, read_only: bool, version: str | None) -> dict[str, Callable[[], str]]:
    reading = {"health": lambda: health(api, version), "list": lambda: list_tickets(api)}
    if read_only:
        return reading
    journey = Journey(api)
    return {**reading, "create": journey.create, "read": journey.read, "close": journey.close, "find": journey.find}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Tries a running Helpdesk API the way its users do.")
    parser.add_argument("--base-url", required=True, help="where the API is, as http://127.0.0.1:8000")
    parser.add_argument("--read-only", action="store_true", help="health and list only; creates nothing")
    parser.add_argument("--expect-version", help="fail unless /health/ reports this version")
    parser.add_argument("--timeout", type=float, default=10, help="seconds that one answer may take (10)")
    options = parser.parse_args(arguments)
    if urlsplit(options.base_url).scheme not in {"http", "https"}:
        parser.error("--base-url must begin with http:// or https://")
    if options.timeout <= 0:
        parser.error("--timeout must be more than 0")

    for name, step in steps(Api(options.base_url, options.timeout), options.read_only, options.expect_version).items():
        started = time.monotonic()
        try:
            result, mark = step(), "ok  "
        except SmokeFailed as problem:
            result, mark = str(problem), "FAIL"
        print(f"{mark} {name:<8} {(time.monotonic() - started) * 1000:6.0f} ms  {result}", flush=True)
        if mark == "FAIL":
            print(f"The smoke test failed at {name}: {result}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
