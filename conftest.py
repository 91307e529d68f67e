"""Fixtures of the whole suite. People and places live in units/tests/people.py, real processes beside the project."""

import os
from importlib.util import find_spec

import pytest

# Playwright's own event loop makes Django believe that it runs inside an async server.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

pytest_plugins = [
    "campaign_tracker.tests.no_network",
    "campaign_tracker.tests.processes",
    "common.tests.isolation",
]
if find_spec("units.tests.people"):
    pytest_plugins.append("units.tests.people")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that drives a page is a browser test, whoever wrote it: the marker follows from the fixture."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if {"page", "context", "browser"} & set(fixtures):
            item.add_marker(pytest.mark.browser)
        if "celery_worker_process" in fixtures:
            item.add_marker(pytest.mark.worker)
