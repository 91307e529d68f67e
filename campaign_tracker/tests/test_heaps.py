"""The number of a heap on the first page is the number of rows of the list that it opens."""

from __future__ import annotations

import pytest
from django.test import Client

from common.lists import ListPage
from tasks.heaps import heaps_of
from tasks.home import sized
from units.models import User


@pytest.mark.django_db
def test_a_heap_opens_the_rows_that_it_counted(demo_county: str, client: Client) -> None:
    compared = set()
    for name in ("chenjianguo", "sunzhiyuan", "helina", "kongdehua"):
        user = User.objects.get(username=name)
        client.force_login(user)
        for panel in sized(heaps_of(user), user):
            listed = (client.get(panel.url).context or {}).get("list")
            if isinstance(listed, ListPage) and listed.model is getattr(panel.rows, "model", None):
                assert listed.count == len(panel.rows), f"{name}: {panel.title}, {panel.url}"
                compared.add(panel.key)
    assert len(compared) > 12, compared
