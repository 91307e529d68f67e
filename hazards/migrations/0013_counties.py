from django.db import migrations

from common.county import AddCounty


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0012_tables_as_counties_write_them"),
    ]

    operations = [
        AddCounty(
            {
                "doublereport": "hazard__region",
                "handover": "hazard__region",
                "hazardextension": "hazard__region",
                "hazardsuspension": "hazard__region",
                "implementation": "hazard__region",
                "investigation": "hazard__region",
                "liability": "investigation__county",
                "listingacceptance": "listing__region",
                "listingextension": "listing__region",
                "lookback": "hazard__region",
                "majorreport": "hazard__region",
                "minearea": "mine__region",
                "recommendation": "investigation__county",
                "rectification": "hazard__region",
                "registerimport": "region",
                "reinspection": "hazard__region",
                "reinspectionofficer": "reinspection__county",
                "riskmap": "mine__region",
                "sign": "hazard__region",
                "tipoffcontact": "tip_off__region",
                "tipoffreward": "tip_off__region",
                "treatmentplan": "hazard__region",
            }
        ),
    ]
