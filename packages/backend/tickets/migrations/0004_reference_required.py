from django.db import migrations, models


class Migration(migrations.Migration):
    """From here on the application gives every new ticket its reference, and the database insists on it."""

    dependencies = (("tickets", "0003_backfill_references"),)

    operations = (
        migrations.AlterField(
            model_name="ticket",
            name="reference",
            field=models.CharField(default=None, editable=False, max_length=24, unique=True),
        ),
    )
