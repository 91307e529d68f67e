"""What the tests of supervision share: a campaign with one item due on a Monday, and the ends of the channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from supervision.tests.owed import make_campaign, make_items
from supervision.tests.receivers import MailServer, WebServer, served

HERE = ZoneInfo("Asia/Shanghai")
MONDAY = dt.date(2026, 6, 15)


def at(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), HERE)


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


@pytest.fixture
def campaign(county: Any, staff: Any) -> Any:
    return make_campaign(county.region, staff)


@pytest.fixture
def item(county: Any, campaign: Any, clerk: Any) -> Any:
    return make_items(campaign, [county.mine], [MONDAY])[0]


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with served(MailServer()) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def web_server(settings: Any) -> Iterator[WebServer]:
    settings.HOOKS_TO_PRIVATE = True
    with served(WebServer()) as server:
        yield server
