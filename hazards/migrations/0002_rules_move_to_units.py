"""The rules of all rooms stand in units; what regions have set goes there with them."""

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    target = apps.get_model("units", "RuleSetting").objects
    for row in apps.get_model("hazards", "RuleSetting").objects.all():
        target.create(region_id=row.region_id, key=row.key, value=row.value, source=row.source)


def move_back(apps: Any, schema_editor: Any) -> None:
    target = apps.get_model("hazards", "RuleSetting").objects
    for row in apps.get_model("units", "RuleSetting").objects.all():
        target.create(region_id=row.region_id, key=row.key, value=row.value, source=row.source)


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_initial"), ("units", "0002_rules")]
    operations = [migrations.RunPython(move, move_back), migrations.DeleteModel(name="RuleSetting")]
