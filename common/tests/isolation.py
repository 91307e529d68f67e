"""Keeps one test from being felt by the next: history that must be flushed, and the calendar kept in memory.

Loaded by the root conftest. Nobody but a transactional test may empty the history tables, and the way lies in the
tests alone: before Django flushes the tables the triggers are dropped, and the `post_migrate` that every flush ends
with puts them back.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from common.workdays import forget_calendar


@pytest.fixture(scope="session", autouse=True)
def history_may_be_flushed() -> Iterator[None]:
    # Django's stubs leave out what is not public; no public hook runs before the flush.
    original: Any = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(case: TransactionTestCase) -> None:
        for connection in connections.all():
            remove_triggers(connection)
        original(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True)
def calendar_is_read_anew() -> Iterator[None]:
    forget_calendar()
    yield
    forget_calendar()


def remove_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take the protection away, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Those of tables that only grow; TRUNCATE, which empties PostgreSQL, does not see the other guards.
            cursor.execute(
                "SELECT proname FROM pg_proc WHERE proname LIKE '%\\_no\\_%' AND prorettype = 'trigger'::regtype"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP FUNCTION {name}() CASCADE")
            return
        # SQLite is emptied by DELETE, which the guards of any app may refuse.
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
