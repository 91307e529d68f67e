from django.db import migrations

from common.county import AddCounty


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0003_added_tasks"),
    ]

    operations = [
        AddCounty(
            {
                "deadline": "task__county",
                "deadlineextension": "due_item__county",
                "dueitem": "assignment__region",
                "progressentry": "assignment__region",
                "progressimport": "campaign__region",
                "recurrence": "task__county",
                "reportentry": "report__region",
                "reportfigure": "report__region",
                "reportingduty": "campaign__region",
                "reportingrule": "campaign__region",
                "responsibility": "task__county",
                "section": "campaign__region",
                "stage": "campaign__region",
                "target": "campaign__region",
                "targetreading": "target__county",
                "task": "campaign__region",
            }
        ),
    ]
