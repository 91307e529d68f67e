"""The demo county, loaded once for the whole session: it takes as long as a hundred other tests."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(scope="session")
def demo_county(django_db_setup: None, django_db_blocker: Any) -> str:
    """The demo county in the database, for good; what `load_demo` printed.

    The root conftest lets the tests that ask for it run after all others, so that nobody else finds the county there.
    Each of them is rolled back as ever, or, where it commits, runs at the very end.
    """
    out = io.StringIO()
    with django_db_blocker.unblock():
        call_command("load_demo", stdout=out)
    return out.getvalue()
