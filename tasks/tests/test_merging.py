"""Two entries of one unit become one, from the page, and nothing is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common.history import history_of
from mines.models import Mine
from tasks.services.assignments import report_progress
from tasks.services.campaigns import create_campaign
from tasks.tests.plans import small_matches, small_plan
from units.models import Unit, UnitAlias, User
from units.services import merge_units
from units.tests.people import person


@pytest.fixture
def double(county):
    """The mine once more, under the name that an old list had."""
    unit = Unit.objects.create(
        name="石门煤矿有限责任公司", short_name="石门公司", kind="mine", region=county.town, parent=county.enterprise,
        credit_code="91690324MAWXC2AU54",
    )  # fmt: skip
    unit.tags.set(county.mine.tags.all())
    return unit


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def test_from_the_page_everything_moves_and_the_old_name_is_an_alias(desk, county, double, staff):
    Mine.objects.create(unit=double, mine_type="coal_underground")
    below = Unit.objects.create(name="石门煤矿二号井", kind="mine", region=county.town, parent=double)
    clerk = person("clerk.double", "双填报", "mine_clerk", double)
    url = reverse("units:unit_merge", args=[county.mine.pk])
    assert "合并后不能拆开" in desk.get(url).content.decode()
    assert desk.post(url, {"gone": double.pk}).status_code == 422
    assert desk.post(url, {"gone": double.pk, "sure": "on"}).status_code == 302
    keep, gone = (Unit.objects.get(pk=unit.pk) for unit in (county.mine, double))
    assert keep.credit_code == "91690324MAWXC2AU54" and gone.credit_code is None and not gone.is_active
    assert Mine.objects.get().unit == keep and User.objects.get(pk=clerk.pk).unit == keep
    assert Unit.objects.get(pk=below.pk).path == f"{keep.path}{below.pk}/"
    assert set(UnitAlias.objects.filter(unit=keep).values_list("name", flat=True)) == {gone.name, gone.short_name}
    note = history_of(keep).get(verb="unit.merged")
    assert gone.name in note.note and note.actor_id == staff.pk
    assert history_of(gone).filter(verb="unit.merged_away").exists()


def test_duties_of_both_on_one_task_become_one(county, double, staff, clerk):
    campaign = create_campaign(by=staff, region=county.region, plan=small_plan(), matches=small_matches(county))
    mine, other = county.mine, double
    owed = campaign.assignments.filter(unit=mine)
    twice = campaign.assignments.filter(unit=other)
    assert owed.exists() and set(owed.values_list("task", flat=True)) & set(twice.values_list("task", flat=True))
    before = campaign.assignments.in_force().filter(unit__in=(mine, other)).values("task").distinct().count()
    merge_units(by=staff, keep=mine, gone=other)
    assert campaign.assignments.in_force().filter(unit=mine).count() == before
    assert not campaign.assignments.in_force().filter(unit=other).exists()
    assert twice.count() > 0  # withdrawn, and still to be read


def test_where_the_double_has_worked_a_person_chooses(desk, county, double, staff):
    campaign = create_campaign(by=staff, region=county.region, plan=small_plan(), matches=small_matches(county))
    worker = person("clerk.double", "双填报", "mine_clerk", double)
    owed = campaign.assignments.filter(
        unit=double, task__in=campaign.assignments.filter(unit=county.mine).values("task")
    )
    report_progress(by=worker, assignment=owed[0], percent=30, text="已排查")
    url = reverse("units:unit_merge", args=[county.mine.pk])
    answer = desk.post(url, {"gone": double.pk, "sure": "on"})
    assert answer.status_code == 422 and "请改为保留" in answer.content.decode()
    assert Unit.objects.get(pk=double.pk).is_active


def test_only_alike_units_and_only_those_who_keep_the_directory(client, desk, county, double, clerk, stranger):
    url = reverse("units:unit_merge", args=[county.mine.pk])
    for other in (county.sister_mine, county.township, county.mine, county.other_mine):
        assert desk.post(url, {"gone": other.pk, "sure": "on"}).status_code == 422
    client.force_login(clerk)
    assert client.post(url, {"gone": double.pk, "sure": "on"}).status_code == 403
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert Unit.objects.get(pk=double.pk).is_active
