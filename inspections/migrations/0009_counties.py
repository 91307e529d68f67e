from django.db import migrations

from common.county import AddCounty


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0008_proposed_findings"),
    ]

    operations = [
        AddCounty(
            {
                "checklistitem": "checklist__region",
                "coveragerule": "plan__region",
                "documenthazard": "document__region",
                "drawnhazard": "draw__region",
                "fieldentry": "visit__region",
                "measure": "document__region",
                "penalty": "document__region",
                "visitofficer": "visit__region",
                "visitresult": "visit__region",
            }
        ),
    ]
