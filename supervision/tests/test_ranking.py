"""The ranking, the rows behind its numbers, the assessment, and the snapshots they are drawn from."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from common.errors import NotAllowed, Refused
from common.indicators import Span, count_units, indicators
from hazards.models import Hazard, InstitutionalMeasure
from mines.models import Accident, Mine
from supervision.assessment import assess
from supervision.models import AccidentCount, DailySnapshot
from supervision.ranking import period_of, rank
from supervision.services.ranking import confirm_no_accidents, enter_accidents
from supervision.services.snapshots import take_snapshot, take_snapshots
from tasks.models import Assignment, Campaign, Deadline, DueItem, Task
from units.models import RuleSetting

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 18)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 6, 18, 4, tzinfo=dt.UTC), tick=False):
        yield


def at(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(15)))


@pytest.fixture
def campaign(county, staff):
    return Campaign.objects.create(region=county.region, title="治本攻坚", created_by=staff)


@pytest.fixture
def owe(campaign):
    def make(unit, due_on, handed_on=None, state="accepted"):
        number = Task.objects.count() + 1
        task = Task.objects.create(campaign=campaign, position=number, ref=str(number), title=f"任务{number}")
        owed = Assignment.objects.create(region=campaign.region, campaign=campaign, task=task, unit=unit)
        deadline = Deadline.objects.create(task=task, kind="date", date=due_on)
        return DueItem.objects.create(
            assignment=owed, deadline=deadline, due_on=due_on, state=state if handed_on else "open",
            reported_at=at(handed_on) if handed_on else None,
        )  # fmt: skip

    return make


@pytest.fixture
def find(county, staff):
    def make(mine, found_on, *, level="general", fixed_on=None, closed_on=None, due_on=None, source="inspection"):
        return Hazard.objects.create(
            region=county.region, number=f"H{Hazard.objects.count()}", mine=mine, place="井下", description="支护不足",
            source=source, found_on=found_on, level=level, due_on=due_on or found_on + dt.timedelta(days=10),
            rectified_on=fixed_on, closed_on=closed_on, closed_by=staff if closed_on else None,
            state="treating" if fixed_on is None else "awaiting", registered_by=staff,
        )  # fmt: skip

    return make


@pytest.fixture
def june(county, owe, find):
    """石门: three of four done, one late; a major hazard late, a general one waiting. 北沟: all in order."""
    for day, handed in ((3, 2), (5, 5), (10, 12), (15, None)):
        owe(county.mine, dt.date(2026, 6, day), dt.date(2026, 6, handed) if handed else None)
    owe(county.sister_mine, dt.date(2026, 6, 3), dt.date(2026, 6, 1))
    find(county.mine, dt.date(2026, 6, 1), level="major")
    find(county.mine, dt.date(2026, 6, 2), fixed_on=dt.date(2026, 6, 8), source="self_check")
    find(county.sister_mine, dt.date(2026, 6, 2), fixed_on=dt.date(2026, 6, 4))


def cells(ranking, name):
    row = next(one for one in ranking.rows if one.unit.name == name)
    return {cell.indicator.key: cell for cell in row.cells}


class TestRanking:
    def test_every_number_and_its_parts(self, june, county):
        found = cells(rank(county.region, "mine", period_of("2026-06"), TODAY), "石门煤矿")
        shown = {key: (cell.value, cell.made_of) for key, cell in found.items()}
        assert shown["tasks_done"] == (75.0, "3/4") and shown["tasks_on_time"] == (50.0, "2/4")
        assert shown["tasks_late"][0] == 1 and shown["hazards_late"][0] == 1 and shown["major_late"][0] == 1
        assert shown["major_closed"] == (0.0, "0/1") and shown["general_closed"] == (0.0, "0/1")
        assert shown["own_found"] == (50.0, "1/2")

    def test_the_score_is_the_weighted_mean_of_what_there_is(self, june, county):
        ranking = rank(county.region, "mine", period_of("2026-06"), TODAY)
        first, second = ranking.rows
        assert (first.unit.name, first.place, second.unit.name, second.place) == ("北沟煤矿", 1, "石门煤矿", 2)
        # 30×75 + 20×50 + 15×0 + 25×0 + 10×50, over the sum of the weights.
        assert second.score == round((30 * 75 + 20 * 50 + 10 * 50) / 100, 1)
        assert (second.colour, second.why) == ("red", "重大隐患逾期1项")

    def test_the_county_sets_its_weights(self, june, county):
        for key in ("weight_tasks_on_time", "weight_general_closed", "weight_major_closed", "weight_own_found"):
            RuleSetting.objects.create(region=county.region, key=key, value=0, source="县考核办法")
        assert rank(county.region, "mine", period_of("2026-06"), TODAY).rows[1].score == 75.0

    def test_an_enterprise_stands_for_its_mines_and_a_township_for_what_lies_in_it(self, june, county, owe):
        owe(county.township, dt.date(2026, 6, 3), dt.date(2026, 6, 3))
        period = period_of("2026-06")
        assert (
            cells(rank(county.region, "enterprise", period, TODAY), county.enterprise.name)["tasks_done"].made_of
            == "3/4"
        )
        assert (
            cells(rank(county.region, "township", period, TODAY), county.township.name)["tasks_done"].made_of == "4/5"
        )

    def test_the_arrow_compares_with_the_month_before(self, june, county, owe):
        owe(county.mine, dt.date(2026, 5, 10), dt.date(2026, 5, 9))
        owe(county.sister_mine, dt.date(2026, 5, 10))
        ranking = rank(county.region, "mine", period_of("2026-06"), TODAY)
        assert cells(ranking, "石门煤矿")["tasks_done"].moved == "worse"
        assert cells(ranking, "北沟煤矿")["tasks_done"].moved == "better"

    def test_a_past_day_is_told_from_its_dates(self, june, county):
        span = Span(dt.date(2026, 6, 1), dt.date(2026, 6, 11), county.region.prefix)
        figures = count_units(span)[county.mine.pk]
        # On the 11th three items had been due; the third was handed in on the 12th and so was late.
        assert (figures["tasks_due"], figures["tasks_done"], figures["tasks_late"]) == (3, 2, 1)
        # The major one ran out on the 11th itself, and what is given back now was not known then.
        assert figures["hazards_late"] == 0 and "hazards_returned" not in figures and "tasks_returned" not in figures

    def test_the_late_number_is_the_lists_rule(self, june, county):
        figures = count_units(Span(dt.date(2026, 1, 1), TODAY, county.region.prefix))
        assert sum(one.get("hazards_late", 0) for one in figures.values()) == Hazard.objects.overdue().count()
        pending = DueItem.objects.in_force().pending().filter(due_on__lt=TODAY)
        assert sum(one.get("tasks_late", 0) for one in figures.values()) == pending.count()

    def test_queries_do_not_grow_with_units(self, june, county, owe, django_assert_max_num_queries):
        with django_assert_max_num_queries(22):
            rank(county.region, "mine", period_of("2026-06"), TODAY)
        for _ in range(10):
            owe(county.energy, dt.date(2026, 6, 3))
        with django_assert_max_num_queries(22):
            rank(county.region, "department", period_of("2026-06"), TODAY)

    def test_a_year_of_a_very_large_region_comes_from_its_snapshots(self, june, county, monkeypatch):
        live = rank(county.region, "mine", period_of("2026"), TODAY)
        monkeypatch.setattr("supervision.ranking.LIVE_UNITS", 1)
        assert rank(county.region, "mine", period_of("2026"), TODAY).rows, "without a snapshot it is counted"
        take_snapshot(region=county.region, day=dt.date(2026, 5, 31))
        take_snapshot(region=county.region, day=TODAY)
        kept = rank(county.region, "mine", period_of("2026"), TODAY)
        assert [(row.unit, row.score) for row in kept.rows] == [(row.unit, row.score) for row in live.rows]
        DueItem.objects.all().delete()
        assert rank(county.region, "mine", period_of("2026"), TODAY).rows[0].score == live.rows[0].score
        assert rank(county.region, "mine", period_of("2026-06"), TODAY).rows[0].score != live.rows[0].score

    def test_many_units_are_leafed_through(self, june, client, staff, monkeypatch):
        monkeypatch.setattr("supervision.views.ranking.UNITS", 1)
        client.force_login(staff)
        first = client.get(reverse("supervision:ranking") + "?period=2026-06")
        second = client.get(reverse("supervision:ranking") + "?period=2026-06&page=2")
        assert [page.context["page"][0].unit.name for page in (first, second)] == ["北沟煤矿", "石门煤矿"]
        assert "page=2" in first.content.decode()


class TestPages:
    def test_each_number_opens_its_rows(self, june, county, client, staff):
        client.force_login(staff)
        ranking = rank(county.region, "mine", period_of("2026-06"), TODAY)
        for row in ranking.rows:
            for cell in row.cells:
                for url, count in ((cell.url, cell.part), (cell.whole_url, cell.whole)):
                    if url and cell.indicator.kind != "days":
                        assert f"：{count}项" in client.get(url).content.decode(), url

    def test_the_rows_of_an_enterprise_are_those_it_was_counted_by(self, june, county, client, staff):
        client.force_login(staff)
        cell = cells(rank(county.region, "enterprise", period_of("2026-06"), TODAY), county.enterprise.name)[
            "tasks_done"
        ]
        assert "：4项" in client.get(cell.whole_url).content.decode()

    def test_the_page_and_its_papers(self, june, client, staff):
        client.force_login(staff)
        page = client.get(reverse("supervision:ranking")).content.decode()
        assert "任务完成率" in page and "3/4" in page
        assert "石门煤矿</a>（重大隐患逾期1项）" in page[page.index("红黄牌名单") :]
        for one in indicators()[:2]:
            assert one.formula in page
        book = load_workbook(
            io.BytesIO(b"".join(client.get(reverse("supervision:ranking_paper", args=["xlsx"])).streaming_content))
        )
        values = [[cell.value for cell in row] for row in book.active.iter_rows()]
        assert any("石门煤矿" in row and 75 in row for row in values)
        document = Document(io.BytesIO(client.get(reverse("supervision:ranking_paper", args=["docx"])).content))
        assert "重大隐患逾期1项" in "".join(p.text for p in document.paragraphs)
        assert client.get(reverse("supervision:ranking_paper", args=["pdf"])).content[:4] == b"%PDF"

    def test_only_readers_of_the_region(self, june, client, clerk, stranger, auditor, leader):
        for who, code in ((clerk, 403), (auditor, 200), (leader, 200)):
            client.force_login(who)
            assert client.get(reverse("supervision:ranking")).status_code == code
            assert client.get(reverse("supervision:assessment")).status_code == code
        client.force_login(stranger)
        assert "石门煤矿" not in client.get(reverse("supervision:ranking")).content.decode()

    @pytest.mark.parametrize("query", ["group=x", "period=2026-13", "period=x", "period=2030-01", "period=99999"])
    def test_nonsense_is_not_found(self, client, staff, query):
        client.force_login(staff)
        assert client.get(f"{reverse('supervision:ranking')}?{query}").status_code == 404

    @pytest.mark.parametrize("query", ["", "figure=found", "figure=x&since=2026-01-01&on=2026-02-01"])
    def test_rows_of_nothing(self, client, staff, query):
        client.force_login(staff)
        assert client.get(f"{reverse('supervision:figure_rows')}?{query}").status_code == 404


class TestAssessment:
    def test_four_indices(self, june, county, staff):
        InstitutionalMeasure.objects.create(
            region=county.region, name="敲帮问顶制度", lead_unit=county.mine, created_by=staff,
            state="issued", document="石矿〔2026〕1号", issued_on=TODAY,
        )  # fmt: skip
        enter_accidents(by=staff, unit=county.mine, year=2026, accidents=1, deaths=0)
        row = next(one for one in assess(county.region, "mine", 2026, TODAY).rows if one.unit == county.mine)
        assert [one.value for one in row.indices] == [0.0, 100.0, 0.0, 75.0]
        assert row.score == round((20 * 100 + 20 * 75) / 100, 1)

    def test_what_nobody_entered_is_no_clean_record(self, june, county):
        row = assess(county.region, "mine", 2026, TODAY).rows[0]
        assert row.indices[2].value is None and row.indices[2].made_of == "未确认"

    def test_accidents_come_from_the_files_of_mines(self, june, county, client, staff, leader):
        mine = Mine.objects.create(unit=county.mine, mine_type="coal_underground")
        Accident.objects.create(mine=mine, happened_on=dt.date(2026, 3, 2), kind="roof", deaths=1, words="冒顶")
        client.force_login(staff)

        def prevented(group="mine"):
            rows = client.get(f"{reverse('supervision:assessment')}?group={group}").context["assessment"].rows
            return {row.unit.short_name or row.unit.name: row.indices[2] for row in rows}

        index = prevented()["石门煤矿"]
        assert (index.value, index.made_of) == (0.0, "1起、死亡1人")
        assert client.get(index.url).context["page"].paginator.count == 1
        assert prevented("enterprise")["青岚煤业集团有限公司"].value == 0.0
        with pytest.raises(Refused):
            enter_accidents(by=staff, unit=county.enterprise, year=2026, accidents=0, deaths=0)
        with pytest.raises(Refused, match="12月起"):
            confirm_no_accidents(by=staff, region=county.region, group="mine", year=2026)
        with time_machine.travel(dt.datetime(2026, 12, 2, 4, tzinfo=dt.UTC), tick=False):
            client.force_login(staff)
            answer = client.post(reverse("supervision:no_accidents"), {"group": "mine", "year": "2026"}, follow=True)
            assert "已确认1个单位2026年没有发生事故" in answer.content.decode()
            assert {name: one.value for name, one in prevented().items()} == {"北沟煤矿": 100.0, "石门煤矿": 0.0}
            with pytest.raises(NotAllowed):
                confirm_no_accidents(by=leader, region=county.region, group="mine", year=2026)

    def test_who_enters_accidents(self, county, client, staff, clerk):
        with pytest.raises(NotAllowed):
            enter_accidents(by=clerk, unit=county.mine, year=2026, accidents=0, deaths=0)
        with pytest.raises(Refused):
            enter_accidents(by=staff, unit=county.mine, year=2026, accidents=0, deaths=1)
        client.force_login(staff)
        url = reverse("supervision:accidents", args=[2026, county.mine.pk])
        assert client.get(url).status_code == 200
        client.post(url, {"accidents": "0", "deaths": "0", "note": "全年无事故"})
        assert AccidentCount.objects.get().note == "全年无事故"
        paper = client.get(reverse("supervision:assessment_paper", args=["docx"]) + "?group=mine")
        assert "石门煤矿" in "".join(
            cell.text
            for table in Document(io.BytesIO(paper.content)).tables
            for row in table.rows
            for cell in row.cells
        )


class TestSnapshots:
    def test_twice_is_once(self, june, county):
        first = take_snapshot(region=county.region, day=TODAY)
        assert take_snapshot(region=county.region, day=TODAY) == first == DailySnapshot.objects.count()
        whole = DailySnapshot.objects.get(unit=None)
        assert whole.figures["tasks_due"] == 5 and not whole.rebuilt
        of_enterprise = DailySnapshot.objects.get(unit=county.enterprise)
        assert of_enterprise.figures["tasks_due"] == 4

    def test_missed_days_are_made_up_for_and_say_so(self, june, county):
        take_snapshot(region=county.region, day=dt.date(2026, 6, 15), today=dt.date(2026, 6, 15))
        take_snapshots()
        days = dict(DailySnapshot.objects.filter(unit=None, region=county.region).values_list("day", "rebuilt"))
        assert days == {
            dt.date(2026, 6, 15): False, dt.date(2026, 6, 16): True, dt.date(2026, 6, 17): True, TODAY: False,
        }  # fmt: skip

    def test_the_command_counts_former_days_from_their_dates(self, june, county):
        out = io.StringIO()
        call_command("rebuild_snapshots", "--from", "2026-06-09", "--to", "2026-06-13", stdout=out)
        assert "青岚县：5天" in out.getvalue()
        late = {
            row.day.day: row.figures["tasks_late"]
            for row in DailySnapshot.objects.filter(unit=None, region=county.region)
        }
        assert late == {9: 0, 10: 0, 11: 1, 12: 0, 13: 0}
        assert all(row.rebuilt and "hazards_returned" not in row.figures for row in DailySnapshot.objects.all())
