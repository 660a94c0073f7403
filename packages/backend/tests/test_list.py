"""GET /api/tickets/"""

import pytest


@pytest.fixture
def listing(client, db):
    def listing(**query):
        response = client.get("/api/tickets/", query)
        assert response.status_code == 200, response.content
        return response.json()

    return listing


def titles(answer):
    return [ticket["title"] for ticket in answer["results"]]


def test_an_empty_list(listing):
    assert listing() == {"results": [], "count": 0, "limit": 50, "offset": 0}


def test_newest_first_and_page_by_page(listing, create):
    made = [create(title=f"Ticket {number}") for number in range(5)]
    assert listing()["results"] == made[::-1]
    page = listing(limit=2, offset=1)
    assert titles(page) == ["Ticket 3", "Ticket 2"]
    assert (page["count"], page["limit"], page["offset"]) == (5, 2, 1)
    assert titles(listing(offset=10)) == []


def test_filters_by_status(listing, create, close):
    create(title="Open")
    close(create(title="Closed")["id"])
    assert titles(listing(status="open")) == ["Open"]
    assert titles(listing(status="closed")) == ["Closed"]
    assert listing(status="closed")["results"][0]["status"] == "closed"
    assert listing(status="")["count"] == 2


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("PRINTER", ["Printer"]),
        ("kitchen", ["Printer"]),
        ("grace@", ["Mouse"]),
        ("floor mouse", ["Mouse"]),
        ("printer mouse", []),
        ("%", []),
        ("  ", ["Mouse", "Printer"]),
    ],
)
def test_searches_every_word_in_title_description_and_requester(listing, create, search, expected):
    create(title="Printer", description="First floor, kitchen")
    create(title="Mouse", description="Second floor", requester="grace@example.com")
    assert titles(listing(search=search)) == expected


def test_searches_the_reference(listing, create):
    create(title="Other")
    assert titles(listing(search=create(title="Wanted")["reference"])) == ["Wanted"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "ajar"),
        ("search", "a\x00b"),
        ("search", "x" * 201),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "many"),
        ("offset", "-1"),
        ("offset", "9" * 30),
    ],
)
def test_refuses_a_query_that_makes_no_sense(client, field, value):
    response = client.get("/api/tickets/", {field: value})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
