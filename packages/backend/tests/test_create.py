"""POST /api/tickets/"""

import json

import pytest

from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client):
    def post(body, content_type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post("/api/tickets/", data, content_type=content_type)

    return post


def test_creates_an_open_ticket_with_a_reference_made_from_its_id(post, new_ticket):
    response = post(new_ticket)
    assert response.status_code == 201
    body = response.json()
    assert body == new_ticket | {
        "id": body["id"],
        "reference": f"HD-{body['id']:06d}",
        "status": "open",
        "created_at": body["created_at"],
        "closed_at": None,
    }
    assert body["created_at"].endswith("Z")
    assert Ticket.objects.get(pk=body["id"]).reference == body["reference"]


def test_description_and_priority_can_be_left_out(post, new_ticket):
    del new_ticket["description"], new_ticket["priority"]
    body = post(new_ticket).json()
    assert (body["description"], body["priority"]) == ("", "normal")


def test_what_is_not_for_the_caller_to_say_is_ignored(post, new_ticket):
    body = post(new_ticket | {"id": 77, "reference": "HD-9", "status": "closed", "closed_at": "2020-01-01"}).json()
    assert body["id"] != 77
    assert (body["reference"], body["status"]) == (f"HD-{body['id']:06d}", "open")


def test_the_largest_valid_ticket_fits(post, new_ticket):
    response = post(new_ticket | {"title": "é" * 200, "description": "é" * 10_000})
    assert response.status_code == 201


def test_an_empty_object_names_every_field_that_is_needed(post):
    response = post({})
    assert response.status_code == 400
    assert response.json() == {
        "errors": {"title": ["This field is required."], "requester": ["This field is required."]}
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 201),
        ("title", 7),
        ("title", None),
        ("title", ["a"]),
        ("title", "a\x00b"),
        ("description", {"a": 1}),
        ("description", None),
        ("description", "x" * 10_001),
        ("description", "half a pair: \ud800"),
        ("requester", "nobody"),
        ("requester", True),
        ("requester", f"{'x' * 250}@example.com"),
        ("priority", "huge"),
        ("priority", ""),
        ("priority", 1),
    ],
)
def test_refuses_a_wrong_value_and_says_where(post, new_ticket, field, value):
    response = post(new_ticket | {field: value})
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [b" ", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"7", b"null", b'"x"', b'{"title": ' + b"9" * 5000 + b"}x"],
    ids=["nothing", "half", "not UTF-8", "nested deeply", "list", "number", "null", "text", "long number"],
)
def test_refuses_what_is_not_a_json_object(post, body):
    response = post(body)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["body"]


def test_refuses_a_body_that_is_too_large(post, new_ticket):
    response = post(new_ticket | {"description": "x" * 200_000})
    assert response.status_code == 413
    assert response.json() == {"errors": {"body": ["This request is too large."]}}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_refuses_what_a_foreign_page_could_send(post, new_ticket, content_type):
    assert post(new_ticket, content_type).status_code == 415
    assert Ticket.objects.count() == 0


def test_the_content_type_may_name_a_charset(post, new_ticket):
    assert post(new_ticket, "application/json; charset=utf-8").status_code == 201
