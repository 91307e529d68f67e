"""Everybody who tries every address, with records of every kind."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile

from campaign_tracker.tests.roles import People
from campaign_tracker.tests.test_every_page import read_a_plan
from common.evidence import store_evidence
from common.models import Job
from exchange.models import ExchangeLine, Receipt, ServiceAccount, Subscription
from hazards.models import RegisterImport
from mines.models import SuspensionList
from tasks.models import Campaign, ProgressImport
from units.exports import template
from units.imports import SHEETS
from units.models import DirectoryImport, Region, Role, Unit, User


@pytest.fixture
def people(demo_county: str, settings: Any, django_capture_on_commit_callbacks: Any) -> People:
    """One of each role, and strangers to their records: of another mine, the administrator and a head of another county.

    With the kinds of record that the demo county lacks.
    """
    # Neither files nor repeated queries are looked for here, which would take most of the time.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(("zeal.", "whitenoise."))]
    away = Region.objects.create(code="139999", name="白川县")
    bureau = Unit.objects.create(name="白川县应急管理局", kind="department", region=away)
    clerk, admin = User.objects.get(username="kongdehua"), User.objects.get(username="xurui")
    assert clerk.unit is not None and admin.unit is not None
    made = {
        "sister": (Role.MINE_CLERK, Unit.objects.create(name="新开煤矿", kind="mine", region=clerk.unit.region)),
        "away": (Role.BUREAU_ADMIN, bureau),
        "awayhead": (Role.MINE_HEAD, Unit.objects.create(name="白川一矿", kind="mine", region=away)),
    }
    for name, (role, unit) in made.items():
        User.objects.create(username=f"stranger.{name}", name=name, role=role, unit=unit, must_change_password=False)
    kept = {"region": admin.unit.region, "file_name": "表.xlsx", "sha256": "0" * 64}
    for noun in DirectoryImport.Noun.values:
        data = b"".join(template(SHEETS[DirectoryImport.Noun(noun)]))
        run = DirectoryImport.objects.create(noun=noun, by=admin, **kept | {"sha256": hashlib.sha256(data).hexdigest()})
        store_evidence(file=ContentFile(data, "表.xlsx"), by=admin, about=run)
    for login in ("kongdehua", "baixiuying", "chenjianguo"):
        by = User.objects.get(username=login)
        Job.objects.create(by=by, kind="x", state=Job.State.DONE)
        RegisterImport.objects.create(unit=by.unit, by=by, sheet="表", header_row=1, **kept)
        campaign = Campaign.objects.all()[0]
        ProgressImport.objects.create(campaign=campaign, created_by=by, file_name="表.xlsx", sha256="0" * 64)
    SuspensionList.objects.create(region=admin.unit.region, number="1", made_on="2026-01-05", made_by=admin)
    account = ServiceAccount.objects.all()[0]
    Subscription.objects.create(account=account, address="https://a.example/", nouns=["hazards"], created_by=admin)
    line = ExchangeLine.objects.create(
        account=account,
        name="报送",
        direction="push",
        address="https://a.example/",
        nouns=["hazards"],
        created_by=admin,
    )
    Receipt.objects.create(line=line, number=1)
    with django_capture_on_commit_callbacks(execute=True):
        read_a_plan()
    return People()
