from django.db import migrations

from common.county import AddCounty


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0005_lines_and_receipts"),
    ]

    operations = [
        AddCounty(
            {
                "externalid": "account__user__unit__region",
                "hookdelivery": "event__county",
                "keptanswer": "account__user__unit__region",
                "receipt": "line__account__user__unit__region",
                "reconciliation": "account__user__unit__region",
            }
        ),
    ]
