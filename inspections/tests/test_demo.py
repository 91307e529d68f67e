"""The visits of the demo county: lively, and true to the rules of their own pages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hazards.services.catalogue import load_shipped_standards
from inspections.coverage import matrix_of, mines_of
from inspections.demo import load_inspections
from inspections.models import Checklist, CoverageRule, Document, InspectionPlan, PlannedVisit, Visit
from mines.models import Mine
from tasks.demo.county import create_county, read


@pytest.mark.django_db
def test_visits_of_three_months_with_documents_in_several_states() -> None:
    county = create_county()
    Mine.objects.bulk_create(
        Mine(unit=county.units[row["unit"]], mine_type=row["type"]) for row in read("demo_county/mines")
    )
    load_shipped_standards()
    load_inspections(county)
    assert Visit.objects.filter(state="finished").exclude(checklist=None).count() == 13
    weekly = CoverageRule.objects.get(period="week")
    matrix = matrix_of(weekly, mines_of(weekly), timezone.localdate())
    assert matrix.rate is not None and 70 <= matrix.rate < 100, "lively, and with something left to see"
    running = Visit.objects.get(state="running")
    assert running.results.unregistered().exists() and running.results.filter(outcome="").exists()
    assert set(Document.objects.values_list("state", flat=True)) == {"drafted", "approved", "closed"}
    decision = Document.objects.filter(kind="decision", state="approved", published_on=None)[0]
    assert [one.paid_on is None for one in decision.penalties.all()] == [False, True]
    assert set(Checklist.objects.values_list("state", flat=True)) >= {"in_use", "drafting"}
    assert InspectionPlan.objects.get(state="in_force").rules.count() == 3
    assert PlannedVisit.objects.open().count() == 4 and Visit.objects.filter(group__isnull=False, is_full=True).exists()
