"""The migrations of tickets, back and forth, with tickets in the table."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

NAMES = ["0001_initial", "0002_ticket_reference", "0003_backfill_references", "0004_reference_required"]


@pytest.fixture
def migrate(transactional_db):
    """Brings the database to a migration, and gives back the tickets' model of that time."""

    def migrate(name):
        executor = MigrationExecutor(connection)
        executor.migrate([("tickets", name)])
        return (
            MigrationExecutor(connection).loader.project_state([("tickets", name)]).apps.get_model("tickets", "Ticket")
        )

    yield migrate
    migrate(NAMES[-1])


def fields(number):
    return {"title": f"Ticket {number}", "requester": "ada@example.com", "priority": "low"}


def columns():
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, "tickets_ticket")}


def applied():
    return {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "tickets"}


@pytest.mark.django_db
def test_the_models_need_no_further_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_existing_tickets_get_references_in_batches(migrate, monkeypatch):
    monkeypatch.setattr(import_module(f"tickets.migrations.{NAMES[2]}"), "BATCH", 3)
    old = migrate(NAMES[0])
    assert "reference" not in columns()
    ids = [old.objects.create(**fields(number)).pk for number in range(7)]
    old.objects.filter(pk=ids[2]).delete()
    del ids[2]

    between = migrate(NAMES[1])
    assert set(between.objects.values_list("reference", flat=True)) == {None}
    between.objects.filter(pk=ids[0]).update(reference="HD-legacy")

    new = migrate(NAMES[3])
    expected = {pk: f"HD-{pk:06d}" for pk in ids} | {ids[0]: "HD-legacy"}
    assert dict(new.objects.values_list("pk", "reference")) == expected
    with pytest.raises(IntegrityError):
        new.objects.create(**fields(8), reference="HD-legacy")
    with pytest.raises(IntegrityError):
        new.objects.create(**fields(9), reference=None)


def test_the_way_back_loses_references_only_and_can_be_gone_again(migrate, monkeypatch):
    monkeypatch.setattr(import_module(f"tickets.migrations.{NAMES[2]}"), "BATCH", 2)
    new = migrate(NAMES[3])
    for number in range(5):
        new.objects.create(**fields(number), reference=f"HD-{number}")
    kept = list(new.objects.values("pk", "title", "created_at", "closed_at"))

    # 0004 back: a reference may be missing again. 0003 back: every one is.
    migrate(NAMES[2]).objects.create(**fields(5), reference=None)
    between = migrate(NAMES[1])
    assert set(between.objects.values_list("reference", flat=True)) == {None}
    assert applied() == set(NAMES[:2])
    old = migrate(NAMES[0])
    assert "reference" not in columns()
    assert list(old.objects.exclude(title="Ticket 5").values("pk", "title", "created_at", "closed_at")) == kept

    again = migrate(NAMES[3])
    assert all(reference == f"HD-{pk:06d}" for pk, reference in again.objects.values_list("pk", "reference"))
    assert again.objects.count() == 6
    assert applied() == set(NAMES)


def test_a_backfill_that_was_interrupted_goes_on(migrate, monkeypatch):
    backfill = import_module(f"tickets.migrations.{NAMES[2]}")
    monkeypatch.setattr(backfill, "BATCH", 2)
    between = migrate(NAMES[1])
    for number in range(5):
        between.objects.create(**fields(number))
    batches = backfill._batches

    def interrupted(tickets):
        yield next(batches(tickets))
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(backfill, "_batches", interrupted)
        with pytest.raises(KeyboardInterrupt):
            migrate(NAMES[2])
    assert between.objects.filter(reference__isnull=False).count() == 2
    assert NAMES[2] not in applied()

    migrate(NAMES[2])
    assert not between.objects.filter(reference__isnull=True).exists()


def test_everything_can_be_taken_back(migrate):
    call_command("migrate", "tickets", "zero", verbosity=0)
    assert applied() == set()
    assert "tickets_ticket" not in connection.introspection.table_names()
