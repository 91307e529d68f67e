from django.db import migrations

from common.county import fill_counties


def fill(apps, schema_editor):
    """Give the rows that are there their county; those of history and evidence here, where every record has its own."""
    fill_counties(apps, schema_editor.connection, ("exchange", "common"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("exchange", "0006_counties"),
        ("tasks", "0005_counties_filled"),
        ("hazards", "0014_counties_filled"),
        ("inspections", "0010_counties_filled"),
        ("supervision", "0012_counties_filled"),
        ("common", "0005_counties"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
