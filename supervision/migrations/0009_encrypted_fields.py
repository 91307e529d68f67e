import common.encryption
from django.db import migrations


def encrypt_what_is_there(apps, schema_editor):
    """Write every value again; run once more by `rotate_keys`, should an old server write while this runs."""
    common.encryption.rotate_field(apps.get_model("supervision", "Channel"), "secret")
    common.encryption.rotate_field(apps.get_model("supervision", "Channel"), "signing_secret")


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0008_other_services"),
    ]

    operations = [
        migrations.AlterField(
            model_name="channel",
            name="secret",
            field=common.encryption.EncryptedTextField(blank=True, max_length=300, verbose_name="密钥"),
        ),
        migrations.AlterField(
            model_name="channel",
            name="signing_secret",
            field=common.encryption.EncryptedTextField(blank=True, max_length=300, verbose_name="加签密钥"),
        ),
        migrations.RunPython(encrypt_what_is_there),
    ]
