"""A database that is in use can be migrated: its guards step aside, and stand again afterwards."""

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_every_table_can_be_rebuilt_and_keeps_its_guards() -> None:
    """What SQLite does for nearly every change of a table; PostgreSQL alters it in place."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite rebuilds tables")
    before = triggers()
    assert {"common_event_no_update", "hazards_implementation_kept_on_update"} <= before
    emit_pre_migrate_signal(0, False, "default")
    with connection.schema_editor() as editor:
        assert isinstance(editor, DatabaseSchemaEditor)
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.proxy:
                editor._remake_table(model)
    emit_post_migrate_signal(0, False, "default")
    assert triggers() == before
