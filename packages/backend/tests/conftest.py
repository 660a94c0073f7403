import pytest


@pytest.fixture
def new_ticket():
    """What a valid request to create a ticket holds."""
    return {
        "title": "The printer is on fire",
        "description": "Second floor, next to the kitchen.",
        "requester": "ada@example.com",
        "priority": "high",
    }


@pytest.fixture
def create(client, db, new_ticket):
    """Creates a ticket through the API, and gives back what the API says of it."""

    def create(**changes):
        response = client.post("/api/tickets/", {**new_ticket, **changes}, content_type="application/json")
        assert response.status_code == 201, response.content
        return response.json()

    return create


@pytest.fixture
def close(client):
    def close(pk):
        return client.post(f"/api/tickets/{pk}/close/", {}, content_type="application/json")

    return close
