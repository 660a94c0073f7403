from django.db import migrations

BATCH = 1000


def fill(apps, schema_editor):
    """Gives every ticket without a reference its own, made from its id."""
    tickets = apps.get_model("tickets", "Ticket").objects.using(schema_editor.connection.alias)
    for batch in _batches(tickets.filter(reference__isnull=True)):
        for ticket in batch:
            ticket.reference = f"HD-{ticket.pk:06d}"
        tickets.bulk_update(batch, ["reference"])


def clear(apps, schema_editor):
    tickets = apps.get_model("tickets", "Ticket").objects.using(schema_editor.connection.alias)
    for batch in _batches(tickets.filter(reference__isnull=False)):
        tickets.filter(pk__in=[ticket.pk for ticket in batch]).update(reference=None)


def _batches(tickets):
    """Lists of at most BATCH tickets, by id."""
    last = 0
    while batch := list(tickets.filter(pk__gt=last).order_by("pk").only("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


class Migration(migrations.Migration):
    # Each batch is committed by itself, so the table is never locked for long. A run that was interrupted
    # goes on where it stopped, since only tickets without a reference are touched.
    atomic = False

    dependencies = (("tickets", "0002_ticket_reference"),)

    operations = (migrations.RunPython(fill, clear),)
