"""Two inspectors with certificates, a checklist in use, and a visit that has begun."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from common.transitions import advance
from hazards.tests.conftest import photo
from inspections.models import Checklist, Visit
from inspections.services.checklists import add_item, create_checklist, issue_checklist, keep_certificate
from inspections.services.visits import Answer, Finding, change_visit, fill_results, open_visit, register_findings
from mines.models import Mine


@pytest.fixture
def coal_mine(county):
    Mine.objects.create(unit=county.mine, mine_type="coal_underground")
    return county.mine


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def team(inspector, second_staff, staff):
    keep_certificate(by=staff, officer=inspector, number="冀690324001")
    keep_certificate(by=staff, officer=second_staff, number="冀690324002")
    return [inspector, second_staff]


@pytest.fixture
def checklist(county, staff) -> Checklist:
    made = create_checklist(by=staff, region=county.region, name="日常检查表", mine_type="coal_underground")
    for text in ("带班下井记录齐全", "风量符合规程", "传感器在检定期内"):
        add_item(by=staff, checklist=made, text=text, section="通风", basis="煤矿安全规程")
    return issue_checklist(made, by=staff)


@pytest.fixture
def visit(coal_mine, team, checklist, today) -> Visit:
    return open_visit(
        by=team[0], mine=coal_mine, kind="unannounced", officers=team, begun_on=today, ended_on=today,
        places="3号皮带巷", checklist=checklist,
    )  # fmt: skip


@pytest.fixture
def finished(visit, team, today) -> Visit:
    """Looked at whole, with one fault that became a hazard."""
    first, second, third = visit.results.all()
    answers = {
        first.pk: Answer("passed"),
        second.pk: Answer("na"),
        third.pk: Answer("failed", "一台传感器过期", [photo()]),
    }
    fill_results(by=team[0], visit=visit, answers=answers)
    finding = Finding("3号皮带巷", "一台传感器过期", "general", today + dt.timedelta(days=10))
    register_findings(by=team[0], visit=visit, findings={third.pk: finding})
    change_visit(by=team[0], visit=visit, summary="查阅记录，到现场核对。")
    return advance(visit, "finish", by=team[0])
