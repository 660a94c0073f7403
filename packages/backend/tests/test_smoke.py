"""smoke/smoke.py, against the application behind a real HTTP server."""

import socket
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from helpdesk import wsgi
from smoke import smoke
from tickets.models import Ticket


@pytest.fixture
def run(capsys):
    """Runs the smoke test: its exit status, and its lines on standard output and standard error."""

    def run(*arguments):
        status = smoke.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out.splitlines(), printed.err.splitlines()

    return run


@pytest.fixture
def serve():
    """Serves a WSGI application on a free port, and gives back its address."""
    servers = []

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            return None

    def serve(application):
        server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def api(serve, transactional_db):
    return serve(wsgi.application)


def answering(status, body):
    def application(_, start_response):
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    return application


def names(lines):
    return [line.split()[1] for line in lines]


def test_goes_all_the_way(run, api):
    status, lines, errors = run("--base-url", f"{api}/")
    assert (status, errors) == (0, [])
    assert names(lines) == ["health", "list", "create", "read", "close", "find"]
    assert all(line.startswith("ok ") and " ms " in line for line in lines)
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.requester) == ("closed", "smoke-test@example.com")


def test_read_only_creates_nothing(run, api):
    status, lines, _ = run("--base-url", api, "--read-only")
    assert (status, names(lines)) == (0, ["health", "list"])
    assert Ticket.objects.count() == 0


def test_notices_that_another_version_runs(run, api):
    assert run("--base-url", api, "--read-only", "--expect-version", "dev")[0] == 0
    status, lines, errors = run("--base-url", api, "--expect-version", "2.0.0")
    assert (status, names(lines)) == (1, ["health"])
    assert errors == ["The smoke test failed at health: The running version is 'dev' instead of '2.0.0'."]


def test_notices_a_list_that_forgets(run, api, monkeypatch):
    monkeypatch.setattr("tickets.views._filtered", lambda *_: Ticket.objects.none())
    status, _, errors = run("--base-url", api)
    assert status == 1
    assert "The list of closed tickets lacks HD-" in errors[0]


def test_notices_a_ticket_that_is_closed_twice(run, api, monkeypatch):
    real = Ticket.close
    monkeypatch.setattr(Ticket, "close", lambda pk: real(pk) or True)
    status, _, errors = run("--base-url", api)
    assert status == 1
    assert "answered 200 instead of 409" in errors[0]


def test_says_when_nobody_answers(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        status, _, errors = run("--base-url", f"http://127.0.0.1:{free.getsockname()[1]}")
    assert status == 1
    assert "GET /health/ got no answer" in errors[0]


def test_says_when_the_answer_takes_too_long(run):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        status, _, errors = run("--base-url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.1")
    assert status == 1
    assert "got no answer: timed out" in errors[0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (("503 Service Unavailable", b'{"status": "error"}'), 'answered 503 instead of 200: {"status": "error"}'),
        (("200 OK", b"<html>"), "did not answer with a JSON object: <html>"),
        (("200 OK", b"[]"), "did not answer with a JSON object: []"),
        (("200 OK", b'{"status": "error"}'), "The health status is 'error' instead of 'ok'."),
        (("200 OK", b'{"status": "ok"}'), "The list holds no results and count."),
    ],
)
def test_says_what_was_wrong_with_an_answer(run, serve, answer, reason):
    status, _, errors = run("--base-url", serve(answering(*answer)), "--read-only")
    assert status == 1
    assert reason in errors[0]


@pytest.mark.parametrize("arguments", [[], ["--base-url", "file:///etc"], ["--base-url", "http://x", "--timeout", "0"]])
def test_refuses_arguments_that_make_no_sense(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        smoke.main(arguments)
    assert stop.value.code == 2
    assert "usage" in capsys.readouterr().err
