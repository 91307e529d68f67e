"""What other systems read: their own and nothing else, page by page, in one shape."""

import datetime as dt

import pytest
from django.utils import timezone

from common.evidence import store_evidence
from common.models import Event
from exchange.paging import cursor_for
from exchange.reading import parts_of
from exchange.resources import RESOURCES
from hazards.models import Hazard, Implementation, MineArea, Risk
from hazards.services.register import grade_hazard, register_hazard
from hazards.tests.conftest import photo
from inspections.services.checklists import keep_certificate
from inspections.services.visits import open_visit
from tasks.models import Assignment, Campaign, Deadline, DueItem, Stage, Target, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(county, staff):
    """A campaign with a stage, a target and a task of the mine and of its sister."""
    campaign = Campaign.objects.create(region=county.region, title="治本攻坚三年行动", created_by=staff)
    Stage.objects.create(campaign=campaign, position=1, name="动员部署")
    Target.objects.create(campaign=campaign, position=1, text="减少10%", indicator="下井人数", value=10)
    task = Task.objects.create(campaign=campaign, position=1, ref="1", title="建立台账")
    deadline = Deadline.objects.create(task=task, kind="date", date=dt.date(2026, 12, 31))
    rows = [
        Assignment.objects.create(campaign=campaign, task=task, unit=unit, region=county.region, due_on=deadline.date)
        for unit in (county.mine, county.sister_mine)
    ]
    for row in rows:
        DueItem.objects.create(assignment=row, deadline=deadline, due_on=deadline.date)
    return rows


def many(coal_mine, clerk, count, first=0):
    Hazard.objects.bulk_create(
        Hazard(
            region=coal_mine.region.county, number=f"149921-2026-9{index:04d}", mine=coal_mine, place="巷道",
            description=f"第{index}处", source="self_check", found_on=dt.date(2026, 1, 1), registered_by=clerk,
        )
        for index in range(first, first + count)
    )  # fmt: skip


def test_every_noun_answers_its_own_and_hides_it_from_strangers(
    owed, hazard, bureau_system, mine_system, sister_system, stranger_system
):
    mine, sister = owed
    assert mine_system.ids("assignments/") == [mine.pk]
    assert sister_system.ids("assignments/") == [sister.pk]
    assert bureau_system.ids("assignments/") == [mine.pk, sister.pk]
    assert mine_system.ids("hazards/") == [hazard.pk] and sister_system.ids("hazards/") == []
    for name in ("campaigns", "tasks", "assignments", "due-items", "targets", "hazards", "units", "regions"):
        key = "code" if name == "regions" else "id"
        ours = bureau_system.ids(f"{name}/", key)
        assert ours, f"nothing to hide in {name}"
        theirs = stranger_system.ids(f"{name}/", key)
        assert not set(ours) & set(theirs)
        hidden = stranger_system.get(f"{name}/{ours[0]}/")
        assert hidden.status_code == 404 and hidden.json()["code"] == "not_found"
        assert bureau_system.get(f"{name}/{ours[0]}/").status_code == 200
    assert sister_system.get(f"hazards/{hazard.pk}/").status_code == 404


def test_every_noun_has_list_page_and_fields(bureau_system, owed, hazard):
    bureau_system.account.__class__.objects.update(per_minute=6000)
    for name, resource in RESOURCES.items():
        answer = bureau_system.get(f"{name}/")
        assert answer.status_code == 200 and set(answer.json()) == {"results", "next"}
        first = next(iter(resource.columns))
        rows = bureau_system.get(f"{name}/", {"fields": first}).json()["results"]
        assert all(set(row) == {first} for row in rows)
        assert bureau_system.get(f"{name}/", {"fields": "password"}).status_code == 400
        assert bureau_system.get(f"{name}/", {"expand": "user"}).status_code == 400
        assert bureau_system.get(f"{name}/", {"expand": ",".join(parts_of(resource))}).status_code == 200


def test_every_noun_needs_its_scope(system, county):
    other = system(county.bureau, scopes=["changes:read"], per_minute=6000)
    for name in RESOURCES:
        for path in (f"{name}/", f"{name}/1/"):
            answer = other.get(path)
            assert answer.status_code == 403 and answer.json()["code"] == "scope_missing"


def test_pages_follow_each_other_without_gap_or_repeat(coal_mine, clerk, mine_system):
    many(coal_mine, clerk, 25)
    seen, path = [], "hazards/?limit=10&fields=id"
    for _ in range(3):
        answer = mine_system.get(path).json()
        seen += [row["id"] for row in answer["results"]]
        path = (answer["next"] or "").removeprefix("/api/v1/")
    assert not path and seen == list(Hazard.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=%E4%BA%BA", "cursor=WzEsMl0", "updated_after=2026-01-01",
     "updated_after=2026-13-01T00:00:00Z", "updated_after=0001-01-01T00:00:00%2B14:00",
     "updated_after=9999-12-31T23:59:59-12:00", "cursor=" + "W1tb" * 900, "state=nonsense", "overdu=true",
     "found_after=x", "q=%00"],
)  # fmt: skip
def test_a_faulty_question_is_refused_with_its_field(query, bureau_system):
    answer = bureau_system.get(f"hazards/?{query}")
    assert answer.status_code == 400
    problem = answer.json()
    assert {"type", "title", "status", "code", "detail", "request_id", "fields"} == set(problem)
    assert list(problem["fields"]) in ([query.split("=")[0]], ["found"], [""])


@pytest.mark.parametrize("path", ["mines/", "mine-grades/?mine=99999999999999999999", "regions/"])
@pytest.mark.parametrize("key", [10**20, -(10**20), "\x00"])
def test_what_no_key_can_be_is_a_faulty_question_and_not_an_error(path, key, bureau_system):
    """The key of a mine's file is its unit's, and a region's is a word: each has its own way to be impossible."""
    if "?" not in path:
        path += f"?cursor={cursor_for(key)}"
    assert bureau_system.get(path).status_code == 400


@pytest.mark.parametrize("key", ["x", "-1", "0", "99999999999999999999", "1.5", "人"])
def test_a_key_that_no_row_has_is_not_found(key, bureau_system):
    assert bureau_system.get(f"hazards/{key}/").status_code == 404


def test_lists_cost_the_same_for_two_rows_and_for_twenty(coal_mine, clerk, mine_system, django_assert_max_num_queries):
    def cost(path):
        with django_assert_max_num_queries(6) as asked:
            assert mine_system.get(path).status_code == 200
        return len(asked)

    path = "hazards/?limit=50&expand=implementations,rectifications"
    mine_system.get(path)  # notes its first use, reads the content types
    many(coal_mine, clerk, 2)
    two = cost(path)
    many(coal_mine, clerk, 18, first=2)
    assert cost(path) == two


def test_a_major_hazard_tells_its_proofs_and_what_may_be_done(hazard, catalogue, staff, bureau_system, mine_system):
    grade_hazard(by=staff, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=timezone.localdate())
    facet = Implementation.objects.get(hazard=hazard, facet="funds")
    store_evidence(file=photo("blue"), by=staff, about=facet)
    answer = bureau_system.get(f"hazards/{hazard.pk}/").json()
    assert answer["level"] == "major" and answer["clause_code"] == "T1-1" and answer["is_overdue"] is False
    assert [part["facet"] for part in answer["implementations"]] == list(
        Implementation.objects.filter(hazard=hazard).order_by("pk").values_list("facet", flat=True)
    )
    assert len(answer["evidence"]) == 1 and answer["double_report"][0]["due_on"]
    funds = next(part for part in answer["implementations"] if part["facet"] == "funds")
    assert funds["evidence"][0]["media_type"] == "image/jpeg"
    assert answer["registered_at"].endswith("Z")
    assert {"suspend", "hand_over"} <= {move["action"] for move in answer["allowed_actions"]}
    start = next(
        move for move in mine_system.get(f"hazards/{hazard.pk}/").json()["allowed_actions"] if move["action"] == "start"
    )
    assert start["missing"]


def test_is_overdue_says_the_same_as_the_filter(coal_mine, clerk, bureau_system):
    many(coal_mine, clerk, 4)
    late = Hazard.objects.all()[:2]
    Hazard.objects.filter(pk__in=[row.pk for row in late]).update(due_on=dt.date(2026, 1, 2))
    rows = bureau_system.get("hazards/").json()["results"]
    assert sum(row["is_overdue"] for row in rows) == 2
    assert {row["id"] for row in rows if row["is_overdue"]} == set(bureau_system.ids("hazards/?overdue=true"))


def test_etag_answers_304_until_something_changes(hazard, staff, bureau_system):
    first = bureau_system.get(f"hazards/{hazard.pk}/")
    again = bureau_system.get(f"hazards/{hazard.pk}/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=timezone.localdate())
    changed = bureau_system.get(f"hazards/{hazard.pk}/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.headers["ETag"] != first.headers["ETag"]


def test_updated_after_asks_the_history(hazard, coal_mine, clerk, staff, bureau_system):
    between = timezone.now()
    second = register_hazard(
        by=clerk, mine=coal_mine, place="井口", description="护栏缺失", source="self_check", found_on=between.date()
    )
    asked = {"updated_after": between.isoformat()}
    assert [row["id"] for row in bureau_system.get("hazards/", asked).json()["results"]] == [second.pk]
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=timezone.localdate())
    assert len(bureau_system.get("hazards/", asked).json()["results"]) == 2


def test_evidence_is_downloaded_by_right_only(hazard, mine_system, sister_system, stranger_system, system, county):
    url = mine_system.get(f"hazards/{hazard.pk}/").json()["evidence"][0]["url"].removeprefix("/api/v1/")
    file = mine_system.get(url)
    assert file.status_code == 200 and b"".join(file.streaming_content)[:2] == b"\xff\xd8"
    assert sister_system.get(url).status_code == 404
    assert stranger_system.get(url).status_code == 404
    assert system(county.bureau, scopes=["hazards:read"]).get(url).status_code == 403
    told = Event.objects.get(verb="evidence.downloaded")
    assert told.actor_name == mine_system.user.name and told.after["sha256"]


def test_what_is_not_there_is_a_problem_and_no_page(bureau_system, client):
    for path in ("nothing/", "hazards", "hazards/1/2/3"):
        answer = bureau_system.get(path)
        assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"
    answer = bureau_system.client.delete("/api/v1/hazards/", headers=bureau_system.headers())
    assert answer.status_code == 405 and answer.json()["code"] == "method_not_allowed"
    answer = bureau_system.get("hazards/", headers={"Accept": "text/html"})
    assert answer.status_code == 406 and answer.json()["code"] == "not_acceptable"


def test_inspections_standstills_risks_and_ranking_are_told_to_those_who_see_their_pages(
    coal_mine, inspector, staff, clerk, county, system, bureau_system, mine_system, sister_system, stranger_system
):
    keep_certificate(by=staff, officer=inspector, number="冀690324001")
    visit = open_visit(
        by=inspector,
        mine=coal_mine,
        kind="special",
        begun_on=timezone.localdate(),
        ended_on=timezone.localdate(),
        places="井下",
        officers=[inspector],
    )
    area = MineArea.objects.create(mine=coal_mine, name="采区")
    risk = Risk.objects.create(
        region=county.region, area=area, name="顶板", description="冒顶", level="major", measures="支护",
        responsible_person="王", review_on=dt.date(2026, 1, 1), created_by=clerk,
    )  # fmt: skip
    assert bureau_system.ids("inspections/") == [visit.pk]
    # A visit that is not finished is announced to nobody.
    assert mine_system.ids("inspections/") == [] and stranger_system.ids("inspections/") == []
    answer = bureau_system.get(f"inspections/{visit.pk}/").json()
    assert answer["officers"][0]["name"] == inspector.name
    assert mine_system.ids("risks/") == [risk.pk] and sister_system.ids("risks/") == []
    assert bureau_system.get(f"risks/{risk.pk}/").json()["is_overdue"] is True
    ranking = bureau_system.get("rankings/", {"group": "mine", "period": "2026"})
    assert ranking.status_code == 200 and ranking.json()["group"] == "mine"
    assert mine_system.get("rankings/").status_code == 403
    for wrong in ({"group": "x"}, {"period": "2026-13"}, {"period": "x"}, {"period": "2999"}):
        assert bureau_system.get("rankings/", wrong).status_code == 400
