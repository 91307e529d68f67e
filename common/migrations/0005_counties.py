from django.db import migrations

from common.county import AddCounty


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0004_addresses_of_events"),
    ]

    operations = [
        AddCounty(
            {
                "event": "actor__unit__region",
                "evidence": "uploaded_by__unit__region",
            }
        ),
    ]
