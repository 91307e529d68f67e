from django.db import migrations

from common.county import AddCounty


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0010_desk_officers"),
    ]

    operations = [
        AddCounty(
            {
                "consolidatednarrative": "rule__county",
                "decision": "meeting__region",
                "delivery": "digest__county",
                "digest": "recipient__unit__region",
                "letteritem": "letter__region",
                "letterreceipt": "letter__region",
                "notice": "rung__county",
                "rung": "region",
            }
        ),
    ]
