"""A province in bulk: mines, people, and a register in which every hazard has the proof and the history of its life.

Invented from `fixtures/populate.json` and a seed. The same seed on the same day gives the same rows; a second run adds
to what is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from hazards.populate.lives import Lives, Pictures
from hazards.populate.places import PROVINCE, create_county, create_province
from hazards.services.catalogue import load_shipped_standards
from tasks.demo.county import PASSWORD

HAZARDS_A_COUNTY, MOST_COUNTIES, MINES_A_COUNTY = 2_500, 100, 25


@cache
def words() -> dict[str, Any]:
    path = Path(__file__).resolve().parents[2] / "fixtures" / "populate.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def populate(*, hazards: int, seed: int, counties: int = 0, say: Callable[[str], None] = lambda words: None) -> None:
    """Add so many hazards, spread over as many counties as a province of that size has (or over `counties`).

    One transaction a county, so that on SQLite others can write in between and an interruption leaves whole counties.
    """
    load_shipped_standards()
    counties = counties or max(1, min(MOST_COUNTIES, -(-hazards // HAZARDS_A_COUNTY)))
    now, password = timezone.now(), make_password(PASSWORD)
    pictures = Pictures()
    create_province(password)
    for place in range(counties):
        share = hazards * (place + 1) // counties - hazards * place // counties
        dice = Random(f"{seed}-{place}")
        with transaction.atomic():
            county = create_county(words(), dice, place, MINES_A_COUNTY, password)
            Lives(words(), dice, county, pictures, now).write(share)
        say(f"{county.region.name}（{county.region.code}）：{share}条隐患")
    _take_stock()


def _take_stock() -> None:
    """Tell the database how large its tables have become: it reads them by index once it knows that they grew."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


__all__ = ["PROVINCE", "populate"]
