from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the reference, empty for now: a column that may be empty is added at once, however large the table."""

    dependencies = (("tickets", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="ticket",
            name="reference",
            field=models.CharField(default=None, editable=False, max_length=24, null=True),
        ),
    )
