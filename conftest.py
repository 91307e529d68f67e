"""Fixtures of the whole suite. People and places live in units/tests/people.py, real processes beside the project."""

import os
from importlib.util import find_spec

import pytest
from django.test import TransactionTestCase
from playwright.sync_api import expect

# Playwright's own event loop makes Django believe that it runs inside an async server.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# On a busy machine a page may come late; only one that never comes is a fault.
expect.set_options(timeout=30_000)

pytest_plugins = [
    "campaign_tracker.tests.no_network",
    "campaign_tracker.tests.processes",
    "common.tests.isolation",
]
if find_spec("units.tests.people"):
    pytest_plugins.append("units.tests.people")
if find_spec("tasks.tests.demo_county"):
    pytest_plugins.append("tasks.tests.demo_county")


DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
COMMITTING_FIXTURES = {"transactional_db", "live_server"}
# What they drive runs beside them, on a clock of its own; a second go is told in the summary.
WITH_PROCESSES = ("browser", "worker", "runner")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test is follows from its fixtures, whoever wrote it: does it drive a page, or touch no database at all?"""
    for item in items:
        fixtures = fixtures_of(item)
        if {"page", "context", "browser"} & fixtures:
            item.add_marker(pytest.mark.browser)
        if "celery_worker_process" in fixtures:
            item.add_marker(pytest.mark.worker)
        if not touches_database(item) or item.get_closest_marker("runner"):
            item.add_marker(pytest.mark.once)
        if any(item.get_closest_marker(name) for name in WITH_PROCESSES):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=demo_comes_last)


def fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def touches_database(item: pytest.Item) -> bool:
    """Whether pytest-django lets this test at the database; any other that tried would fail."""
    cls = getattr(item, "cls", None)
    if cls is not None and issubclass(cls, TransactionTestCase):
        return True
    return item.get_closest_marker("django_db") is not None or bool(DATABASE_FIXTURES & fixtures_of(item))


def demo_comes_last(item: pytest.Item) -> int:
    """0 for what wants an empty database, 1 for what reads the demo county, 2 for what commits to it and flushes it."""
    fixtures = fixtures_of(item)
    if "demo_county" not in fixtures:
        return 0
    mark = item.get_closest_marker("django_db")
    return 2 if COMMITTING_FIXTURES & fixtures or (mark is not None and mark.kwargs.get("transaction")) else 1
