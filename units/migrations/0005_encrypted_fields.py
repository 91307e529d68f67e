import common.encryption
import django.core.validators
from django.db import migrations


def encrypt_what_is_there(apps, schema_editor):
    """Write every value again; run once more by `rotate_keys`, should an old server write while this runs."""
    common.encryption.rotate_field(apps.get_model("units", "User"), "phone")


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0004_service_users"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=common.encryption.EncryptedTextField(
                blank=True,
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator("^[\\d+ -]{5,20}$", "请填写电话号码，只用数字和横线。")
                ],
                verbose_name="手机",
            ),
        ),
        migrations.RunPython(encrypt_what_is_there),
    ]
