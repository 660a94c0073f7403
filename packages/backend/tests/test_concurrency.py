"""Several callers at once, each with a thread and a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

AT_ONCE = 8


def at_once(request):
    """What `request(client)` answers to AT_ONCE callers that start together."""
    start = Barrier(AT_ONCE)

    def call(_):
        try:
            start.wait(timeout=10)
            return request(Client())
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(call, range(AT_ONCE)))


def post(path, body, client):
    return client.post(path, body, content_type="application/json")


@pytest.mark.django_db(transaction=True)
def test_of_all_who_close_a_ticket_exactly_one_is_told_so(create):
    for pk in [create()["id"] for _ in range(3)]:
        responses = at_once(partial(post, f"/api/tickets/{pk}/close/", {}))
        assert sorted(response.status_code for response in responses) == [200] + [409] * (AT_ONCE - 1)


@pytest.mark.django_db(transaction=True)
def test_all_who_create_get_a_reference_of_their_own(new_ticket):
    responses = at_once(partial(post, "/api/tickets/", new_ticket))
    assert [response.status_code for response in responses] == [201] * AT_ONCE
    tickets = [response.json() for response in responses]
    assert len({ticket["reference"] for ticket in tickets}) == AT_ONCE
    assert all(ticket["reference"] == f"HD-{ticket['id']:06d}" for ticket in tickets)
