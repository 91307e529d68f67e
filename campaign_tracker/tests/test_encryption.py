"""Phones, contacts and secrets: readable on pages, unreadable in the database, and under new keys when asked."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from campaign_tracker.environment import WrongSetting
from campaign_tracker.management.commands.prepare import refuse_foreign_field_keys
from common.encryption import Hidden, WrongFieldKey, encrypted_fields, rotate_field
from common.history import history_of
from common.models import Event
from hazards.models import TipOffContact
from supervision.services.settings import set_channel
from units.models import User

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13912345678", "13998765678"


def column(table: str, name: str) -> str:
    """Everything that a column holds, as a thief of the database file reads it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table}")
        return " ".join(str(value) for (value,) in cursor.fetchall())


def fields_of(account: User, county, phone: str) -> dict[str, object]:
    return {"name": account.name, "phone": phone, "email": "", "unit": county.mine.pk, "role": account.role, "duty": ""}


def test_a_phone_is_read_on_pages_and_by_nobody_else(client, admin, clerk, county):
    client.force_login(admin)
    for phone in (PHONE, OTHER):
        client.post(f"/accounts/{clerk.pk}/edit/", fields_of(clerk, county, phone))
        assert phone in client.get(f"/accounts/{clerk.pk}/").content.decode()
        assert phone in client.get("/accounts/").content.decode()
    stored = column("units_user", "phone")
    assert OTHER not in stored and stored.count("gAAAA") == 1
    # History tells that the number changed, also where only hidden digits differ, and never the number.
    last, first = history_of(clerk)[:2]
    assert (last.before["phone"], last.after["phone"]) == ("139****5678", "139****5678")
    assert first.before["phone"] == "" and first.after["phone"] == "139****5678"
    told = json.dumps(list(Event.objects.values_list("before", "after")), ensure_ascii=False)
    assert PHONE not in told and OTHER not in told
    client.post(f"/accounts/{clerk.pk}/edit/", fields_of(clerk, county, OTHER))
    assert history_of(clerk).count() == 2, "the same number is no change"


def test_secrets_and_those_who_told_are_encrypted_too(client, admin, county):
    set_channel(by=admin, kind="dingtalk", is_on=True, secret="robot-key-77", signing_secret="SEC-88")
    assert "robot-key" not in column("supervision_channel", "secret")
    assert "SEC-88" not in column("supervision_channel", "signing_secret")
    names = {f"{model._meta.db_table}.{field.name}" for model, field in encrypted_fields()}
    assert {"hazards_tipoffcontact.name", "hazards_tipoffcontact.phone", "hazards_implementation.phone"} <= names
    assert TipOffContact(name="某某").name == "某某"
    assert [str(Hidden(text)) for text in ("", "119", "0999-112", "13912345678")] == [
        "", "****", "****12", "139****5678",
    ]  # fmt: skip


def test_keys_are_changed_while_the_program_runs(clerk, stranger, settings):
    User.objects.filter(pk=clerk.pk).update(phone=PHONE)
    with connection.cursor() as cursor:
        # As it stood before the column was encrypted.
        cursor.execute("UPDATE units_user SET phone = %s WHERE id = %s", [OTHER, stranger.pk])
    old, new = settings.FIELD_KEYS, Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *old]
    assert {clerk.pk: PHONE, stranger.pk: OTHER}.items() <= dict(User.objects.values_list("pk", "phone")).items()
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "账号·手机：改用新密钥 2 处" in out.getvalue()
    assert rotate_field(User, "phone") == 0, "a second run finds nothing to do"
    settings.FIELD_KEYS = [new]
    clerk.refresh_from_db()
    assert clerk.phone == PHONE and OTHER not in column("units_user", "phone")
    refuse_foreign_field_keys()
    settings.FIELD_KEYS = old
    with pytest.raises(WrongFieldKey):
        clerk.refresh_from_db()
    with pytest.raises(WrongSetting, match="FIELD_KEYS"):
        refuse_foreign_field_keys()
    with pytest.raises(CommandError, match="discard"):
        call_command("rotate_keys", stdout=out)
    call_command("rotate_keys", discard_unreadable=True, stdout=out)
    clerk.refresh_from_db()
    assert clerk.phone == ""
