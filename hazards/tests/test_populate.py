"""A province in bulk: as the database demands, with the proof and the history that real lives would have left."""

from collections import defaultdict

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from common.county import fill_counties
from common.history import history_of
from common.models import Event, Evidence
from hazards.models import Hazard, Implementation, Rectification
from hazards.populate import populate
from units.models import User


@pytest.fixture
def province(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("populate", hazards=400, counties=1, seed=3, verbosity=0)


def test_a_province_is_believable_and_proved(province, client):
    rows = list(Hazard.objects.order_by("pk"))
    assert len(rows) == 400
    life = {"registered", "graded", "treating", "self_accepted", "awaiting", "returned", "closed", "void"}
    # Which of the shorter stages one of four hundred stands in today depends on the hour.
    assert {"registered", "treating", "returned", "closed"} <= {row.state for row in rows} <= life
    assert len({row.mine.mine.mine_type for row in rows}) > 2
    serials = defaultdict(list)
    for row in rows:
        county, year, serial = row.number.split("-")
        serials[county, year].append(int(serial))
    for numbers in serials.values():
        assert numbers == list(range(1, len(numbers) + 1)), "no gap, in the order of registration"
    closed = Hazard.objects.filter(level="major", state="closed").first()
    assert sum(facet.is_proved for facet in closed.implementations.all()) == 5
    assert closed.double_report.is_done and closed.major_report and closed.treatment_plan
    assert closed.reinspections.get(result="passed").signatures.count() == 2
    verbs = [event.verb for event in history_of(closed).order_by("pk")]
    assert verbs[0] == "hazard.registered" and verbs[-1] == "hazard.close"
    times = [event.at for event in history_of(closed).order_by("pk")]
    assert times == sorted(times)
    assert Evidence.objects.about(Rectification.objects.first()).exists()
    client.force_login(User.objects.get(username="bureau2.680101"))
    assert client.get("/hazards/").status_code == 200
    assert closed.number in client.get(f"/hazards/{closed.pk}/").content.decode()
    assert fill_counties(apps, connection) == 0, "each row has the county of its head"


def test_the_guards_stay_on(province):
    hazard = Hazard.objects.filter(level="major").exclude(state="closed").first()
    Implementation.objects.filter(hazard=hazard, facet="funds").update(has_evidence=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(
            state="closed", closed_on=hazard.found_on, closed_by=hazard.registered_by
        )


def test_the_same_seed_gives_the_same_and_a_second_run_adds(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def made() -> list[tuple[str, ...]]:
        try:
            with transaction.atomic():
                populate(hazards=30, seed=5)
                found = list(Hazard.objects.order_by("pk").values_list("number", "description", "state", "mine__name"))
                raise InterruptedError
        except InterruptedError:
            return found

    assert made() == made()
    populate(hazards=30, seed=5)
    populate(hazards=30, seed=6)
    assert Hazard.objects.count() == 60
    assert Hazard.objects.values("number").distinct().count() == 60
    assert Event.objects.filter(verb="hazard.registered").count() == 60


def test_production_refuses_invented_data(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="正式环境"):
        call_command("populate", hazards=10)
    assert not Hazard.objects.exists()


def test_every_hazard_is_overdue_or_not_and_found_by_how_its_number_begins(province, client):
    late, others = Hazard.objects.overdue(), Hazard.objects.not_overdue()
    assert late.exists() and others.filter(due_on=None).exists()
    assert set(late.values_list("pk", flat=True)) ^ set(others.values_list("pk", flat=True)) == set(
        Hazard.objects.values_list("pk", flat=True)
    )
    client.force_login(User.objects.get(username="province.680000"))
    number = Hazard.objects.order_by("pk")[40].number
    page = client.get(f"/hazards/?q={number[:-1]}").content.decode()
    assert number in page and page.count("row-") >= 10 and Hazard.objects.order_by("pk").last().number not in page
