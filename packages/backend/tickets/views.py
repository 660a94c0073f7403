from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse

from helpdesk.errors import error
from tickets.body import json_object, not_json
from tickets.forms import ListForm, errors_of, ticket_form
from tickets.models import Ticket


def tickets(request: HttpRequest) -> HttpResponse:
    """GET lists tickets, newest first; POST creates one."""
    if request.method == "POST":
        return _create(request)
    if request.method in {"GET", "HEAD"}:
        return _list(request)
    return _wrong_method("GET, HEAD, POST")


def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return _wrong_method("GET, HEAD")
    found = Ticket.objects.filter(pk=pk).first()
    return JsonResponse(as_json(found)) if found else _no_ticket(pk)


def close(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _wrong_method("POST")
    if refusal := not_json(request):
        return refusal
    closed = Ticket.close(pk)
    found = Ticket.objects.filter(pk=pk).first()
    if found is None:
        return _no_ticket(pk)
    if not closed:
        return error(409, "status", f"{found.reference} is already closed.")
    return JsonResponse(as_json(found))


def as_json(ticket: Ticket) -> dict[str, object]:
    names = ("id", "title", "description", "requester", "priority", "status", "reference", "created_at", "closed_at")
    return {name: getattr(ticket, name) for name in names}


def _create(request: HttpRequest) -> HttpResponse:
    body = json_object(request)
    if isinstance(body, HttpResponse):
        return body
    form = ticket_form(body)
    if not form.is_valid():
        return JsonResponse({"errors": errors_of(form)}, status=400)
    return JsonResponse(as_json(form.save()), status=201)


def _list(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": errors_of(form)}, status=400)
    query = form.cleaned_data
    found = _filtered(query["status"], query["search"])
    limit = query["limit"] or ListForm.DEFAULT_LIMIT
    offset = query["offset"] or 0
    results = [as_json(ticket) for ticket in found[offset : offset + limit]]
    return JsonResponse({"results": results, "count": found.count(), "limit": limit, "offset": offset})


def _filtered(status: str, search: str) -> QuerySet[Ticket]:
    found = Ticket.objects.all()
    if status:
        found = found.filter(closed_at__isnull=status == "open")
    for word in search.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(description__icontains=word)
            | Q(requester__icontains=word)
            | Q(reference__icontains=word)
        )
    return found


def _no_ticket(pk: int) -> HttpResponse:
    return error(404, "id", f"There is no ticket {pk}.")


def _wrong_method(allowed: str) -> HttpResponse:
    return error(405, "method", f"This address takes {allowed}.", {"Allow": allowed})
