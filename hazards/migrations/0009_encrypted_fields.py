import common.encryption
from django.db import migrations


def encrypt_what_is_there(apps, schema_editor):
    """Write every value again; run once more by `rotate_keys`, should an old server write while this runs."""
    # Proof of closed hazards is kept by a trigger, which comes back after the migration and knows of encrypted columns.
    if schema_editor.connection.vendor == "postgresql":
        for name in ("hazards_implementation_kept", "hazards_implementation_kept_on_update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON hazards_implementation")
    common.encryption.rotate_field(apps.get_model("hazards", "Implementation"), "phone")
    common.encryption.rotate_field(apps.get_model("hazards", "TipOffContact"), "name")
    common.encryption.rotate_field(apps.get_model("hazards", "TipOffContact"), "phone")


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0008_no_way_round_the_proof"),
    ]

    operations = [
        migrations.AlterField(
            model_name="implementation",
            name="phone",
            field=common.encryption.EncryptedTextField(blank=True, max_length=20, verbose_name="电话"),
        ),
        migrations.AlterField(
            model_name="tipoffcontact",
            name="name",
            field=common.encryption.EncryptedTextField(blank=True, max_length=40, verbose_name="姓名"),
        ),
        migrations.AlterField(
            model_name="tipoffcontact",
            name="phone",
            field=common.encryption.EncryptedTextField(blank=True, max_length=40, verbose_name="联系电话"),
        ),
        migrations.RunPython(encrypt_what_is_there),
    ]
