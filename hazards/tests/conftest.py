"""A mine with a type, a small catalogue, and hazards at the start of their life."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from hazards.models import Clause, Hazard
from hazards.services.catalogue import load_standard
from hazards.services.register import register_hazard
from mines.models import Mine

STANDARD: dict[str, Any] = {
    "code": "test-coal",
    "name": "试用判定标准",
    "document_number": "试〔2020〕1号",
    "in_force_from": "2021-01-01",
    "in_force_until": None,
    "categories": [{"code": "T1", "title": "通风"}, {"code": "T2", "title": "尾矿"}],
    "clauses": [
        {"code": "T1-1", "category": "T1", "label": "主要通风机没有备用", "mine_types": ["coal_underground"]},
        {"code": "T1-2", "category": "T1", "label": "风量不足", "mine_types": ["coal_underground"]},
        {"code": "T2-1", "category": "T2", "label": "坝体有贯通裂缝", "mine_types": ["tailings_pond"]},
    ],
}


def photo(colour: str = "red") -> ContentFile[bytes]:
    """A small photograph; another colour makes another file."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG")
    return ContentFile(data.getvalue(), name=f"{colour}.jpg")


@pytest.fixture
def catalogue(db: None) -> dict[str, Clause]:
    standard = load_standard(by=None, data=STANDARD)
    return {clause.code: clause for clause in standard.clauses.select_related("standard")}


@pytest.fixture
def coal_mine(county):
    Mine.objects.create(unit=county.mine, mine_type="coal_underground")
    return county.mine


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def hazard(coal_mine, clerk, today) -> Hazard:
    """Found by the mine itself three days ago, waiting to be graded."""
    return register_hazard(
        by=clerk, mine=coal_mine, place="3号皮带巷", description="皮带机头防护罩缺失", source="self_check",
        found_on=today - dt.timedelta(days=3), files=[photo()],
    )  # fmt: skip
