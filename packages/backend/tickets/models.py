from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string


class Priority(models.TextChoices):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Ticket(models.Model):
    """A request for help. It is open until it has a time of closing, and never opens again."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="", max_length=10_000)
    requester = models.EmailField()
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.NORMAL)
    # What people call the ticket: HD-000001. Given by save(); bulk_create would fail, having none to give.
    reference = models.CharField(max_length=24, unique=True, editable=False, default=None)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=["-created_at", "-id"], name="tickets_newest_first"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(priority__in=["low", "normal", "high", "urgent"]), name="tickets_priority_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def save(self, *args, **kwargs) -> None:
        """Saves, and gives a new ticket its reference.

        The reference is made from the id, which the database never gives twice, so two tickets created at once
        can't get the same. The id is known only after the insert: until then a random name keeps the place, inside
        one transaction, so nobody ever sees it.
        """
        if self.reference is not None:
            super().save(*args, **kwargs)
            return
        try:
            with transaction.atomic(using=kwargs.get("using")):
                self.reference = f"new-{get_random_string(20)}"
                super().save(*args, **kwargs)
                self.reference = reference_of(self.pk)
                super().save(using=kwargs.get("using"), update_fields=["reference"])
        except BaseException:
            self.reference = None
            raise

    @property
    def status(self) -> str:
        return "open" if self.closed_at is None else "closed"

    @classmethod
    def close(cls, pk: int) -> bool:
        """Closes the ticket if it is open: one statement, so of two that try at once exactly one is told True."""
        return cls.objects.filter(pk=pk, closed_at__isnull=True).update(closed_at=timezone.now()) == 1


def reference_of(pk: int) -> str:
    return f"HD-{pk:06d}"
