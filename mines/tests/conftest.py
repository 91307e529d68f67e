"""A coal mine with a file, for the tests of this app."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mines.models import Mine
from mines.services.file import open_file


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mine(county, staff, today) -> Mine:
    """The file of 石门煤矿, producing for a year."""
    return open_file(
        by=staff, unit=county.mine, mine_type="coal_underground", capacity=90, gas_grade="high",
        supervising_unit=county.bureau, state_since=today - dt.timedelta(days=365),
    )  # fmt: skip


@pytest.fixture
def sister(county, staff, today) -> Mine:
    return open_file(
        by=staff, unit=county.sister_mine, mine_type="coal_underground", state_since=today - dt.timedelta(days=365)
    )


def desk(user: Any) -> Client:
    """A browser in which this user has logged in."""
    client = Client()
    client.force_login(user)
    return client
