"""The secret with which another system fetches short tokens by itself; kept as a hash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_counties_filled")]

    operations = [
        migrations.AddField(
            model_name="serviceaccount",
            name="secret_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="serviceaccount",
            name="secret_made_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="客户端密钥生成时间"),
        ),
    ]
