"""GET /api/tickets/<id>/, POST /api/tickets/<id>/close/, and what all addresses have in common."""

import pytest
from django.db import IntegrityError, transaction

from tickets.models import Ticket


def test_reads_one_ticket(client, create):
    ticket = create()
    response = client.get(f"/api/tickets/{ticket['id']}/")
    assert (response.status_code, response.json()) == (200, ticket)


def test_closes_once_and_refuses_twice(client, create, close):
    ticket = create()
    response = close(ticket["id"])
    assert response.status_code == 200
    closed = response.json()
    assert closed == ticket | {"status": "closed", "closed_at": closed["closed_at"]}
    assert closed["closed_at"] >= ticket["created_at"]

    again = close(ticket["id"])
    assert again.status_code == 409
    assert again.json() == {"errors": {"status": [f"{ticket['reference']} is already closed."]}}
    assert client.get(f"/api/tickets/{ticket['id']}/").json() == closed


def test_closing_one_leaves_the_others_open(client, create, close):
    first, second = create(), create()
    close(first["id"])
    assert client.get(f"/api/tickets/{second['id']}/").json()["status"] == "open"


def test_a_foreign_page_can_not_close(client, create):
    ticket = create()
    assert client.post(f"/api/tickets/{ticket['id']}/close/").status_code == 415
    assert client.get(f"/api/tickets/{ticket['id']}/").json()["status"] == "open"


@pytest.mark.django_db
@pytest.mark.parametrize("pk", ["1", "9" * 18, "9" * 30])
def test_a_ticket_that_is_not_there(client, close, pk):
    for response in (client.get(f"/api/tickets/{pk}/"), close(pk)):
        assert response.status_code == 404
        assert list(response.json()["errors"]) == ["id"]


@pytest.mark.parametrize("path", ["/", "/api/tickets", "/api/tickets/x/", f"/api/tickets/{'9' * 5000}/", "/admin/"])
def test_an_address_that_is_not_there(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert list(response.json()["errors"]) == ["path"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/api/tickets/", "GET, HEAD, POST"),
        ("put", "/api/tickets/1/", "GET, HEAD"),
        ("get", "/api/tickets/1/close/", "POST"),
    ],
)
def test_a_method_that_an_address_does_not_take(client, method, path, allowed):
    response = getattr(client, method)(path)
    assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    assert list(response.json()["errors"]) == ["method"]


@pytest.mark.django_db
def test_head_is_get_without_a_body(client):
    response = client.head("/api/tickets/")
    assert (response.status_code, response.content) == (200, b"")


def test_an_unknown_host_is_refused_as_json(client):
    response = client.get("/api/tickets/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["request"]


def test_a_fault_of_ours_is_told_without_details(client, monkeypatch):
    def fail(**_):
        raise RuntimeError("secret")

    monkeypatch.setattr(Ticket.objects, "filter", fail)
    client.raise_request_exception = False
    response = client.get("/api/tickets/1/")
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert list(response.json()["errors"]) == ["server"]


def test_answers_can_not_be_framed_or_sniffed(client, db):
    headers = client.get("/api/tickets/").headers
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")


@pytest.mark.django_db
class TestModel:
    def test_saving_again_keeps_the_reference(self, new_ticket):
        ticket = Ticket.objects.create(**new_ticket)
        reference = ticket.reference
        ticket.title = "Another title"
        ticket.save()
        ticket.refresh_from_db()
        assert str(ticket) == f"{reference} Another title"

    def test_a_save_that_failed_leaves_nothing_behind(self, new_ticket):
        ticket = Ticket(**new_ticket | {"priority": "huge"})
        with pytest.raises(IntegrityError):
            ticket.save()
        assert ticket.reference is None
        assert Ticket.objects.count() == 0

    def test_no_way_round_the_reference(self, new_ticket):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.bulk_create([Ticket(**new_ticket)])
