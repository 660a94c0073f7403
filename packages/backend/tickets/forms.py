"""What the API accepts: Django forms do the checking, these functions bring JSON and query strings to them."""

from django import forms

from tickets.models import Priority, Ticket


class TicketForm(forms.ModelForm):
    class Meta:
        model = Ticket
        fields = ("title", "description", "requester", "priority")


class ListForm(forms.Form):
    """The query of the list. `limit` and `offset` count tickets."""

    DEFAULT_LIMIT = 50

    status = forms.ChoiceField(required=False, choices=[("open", "open"), ("closed", "closed")])
    search = forms.CharField(required=False, max_length=200)
    limit = forms.IntegerField(required=False, min_value=1, max_value=100)
    offset = forms.IntegerField(required=False, min_value=0, max_value=1_000_000)


def ticket_form(body: dict[str, object]) -> TicketForm:
    """The form of a new ticket. A form alone would take the number 7 for the text "7": JSON knows better."""
    data = {"priority": Priority.NORMAL, **body}
    problems = {name: problem for name in TicketForm.Meta.fields if (problem := _problem(data.get(name, "")))}
    form = TicketForm({name: "" if name in problems else value for name, value in data.items()})
    for name, problem in problems.items():
        form.errors.pop(name, None)
        form.add_error(name, problem)
    return form


def _problem(value: object) -> str | None:
    if not isinstance(value, str):
        return "This must be a text."
    try:
        value.encode()
    except UnicodeEncodeError:
        # JSON can write half of a surrogate pair; no database can store it.
        return "This text holds a character that is none."
    return None


def errors_of(form: forms.BaseForm) -> dict[str, list[str]]:
    return {field: list(messages) for field, messages in form.errors.items()}
