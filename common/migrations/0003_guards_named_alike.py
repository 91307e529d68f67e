from django.db import migrations

# One function for each guard since then, called as its trigger on both databases.
FORMER = (
    "common_append_only",
    "hazards_closed_with_proof",
    "hazards_grade_stands",
    "hazards_never_deleted",
    "hazards_implementation_kept",
    "hazards_reinspection_kept",
    "hazards_rectification_kept",
    "hazards_reinspectionofficer_kept",
    "inspections_document_guard",
)


def drop_former(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in FORMER:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("common", "0002_fewer_indexes")]
    operations = [migrations.RunPython(drop_former, migrations.RunPython.noop)]
