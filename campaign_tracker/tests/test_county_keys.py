"""Every large table carries the county of its rows, whatever way they were written."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Substr

from campaign_tracker.growth import SMALL
from common.county import CountyField, fill_counties, key_of
from common.guards import missing_guards, set_aside
from common.models import Event
from common.seals import seal_history, verify_history
from hazards.models import ReinspectionOfficer
from supervision.models import Delivery, Notice
from tasks.models import Deadline, DeadlineExtension, ReportEntry

LARGE = [
    model
    for model in apps.get_models(include_auto_created=True)
    if not model._meta.proxy and model._meta.label not in SMALL
]


@pytest.mark.once
def test_a_table_is_small_or_carries_the_county_of_its_rows():
    assert [model._meta.label for model in LARGE if key_of(model) is None] == []
    assert {model._meta.label for model in apps.get_models(include_auto_created=True)} >= SMALL


def test_no_row_of_the_demo_has_another_county_than_its_head(demo_county, db):
    assert fill_counties(apps, connection) == 0
    for model, way in (
        (ReinspectionOfficer, "reinspection__hazard__region"),
        (Deadline, "task__campaign__region"),
        (DeadlineExtension, "due_item__assignment__region"),
        (ReportEntry, "assignment__region"),
        (Notice, "rung__region"),
        (Delivery, "digest__recipient__unit__region"),
    ):
        rows = model.objects.order_by()
        assert not rows.exclude(county=Substr(way, 1, 6)).exists(), model
    for model in LARGE:
        codes = set(model._base_manager.order_by().values_list(key_of(model).attname, flat=True))
        # What the system does to a record of no county has none; whatever else there is has six digits.
        assert {len(code) for code in codes - ({""} if model is Event else set())} <= {6}, model


def test_what_an_older_version_wrote_gets_its_county_later_and_history_still_verifies(demo_county, db):
    seal_history()
    lines = [model for model in LARGE if isinstance(key_of(model), CountyField)]
    had = {model: dict(model._base_manager.order_by().values_list("pk", "county")) for model in lines}
    for model in lines:
        with transaction.atomic(), set_aside(connection, model._meta.db_table):
            model._base_manager.update(county="")
    told = sum(1 for codes in had.values() for code in codes.values() if code)
    out = io.StringIO()
    call_command("fill_counties", stdout=out)
    assert told > 10_000 and str(told) in out.getvalue()
    assert had == {model: dict(model._base_manager.order_by().values_list("pk", "county")) for model in lines}
    assert missing_guards(connection) == []
    assert verify_history().fault is None
