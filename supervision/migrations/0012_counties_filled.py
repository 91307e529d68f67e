from django.db import migrations

from common.county import fill_counties


def fill(apps, schema_editor):
    """Give the rows that are there their county."""
    fill_counties(apps, schema_editor.connection, ("supervision",))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("supervision", "0011_counties"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
