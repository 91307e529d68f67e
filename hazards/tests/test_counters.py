"""What a mine's hazards add up to, and that every number opens its rows."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.counters import counters_of, months_before, repeats_of
from hazards.models import Hazard
from units.models import RuleSetting

TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def found(coal_mine, clerk, county):
    """Makes hazards on record by the day on which they were found."""
    numbers = iter(range(1, 10_000))

    def make(on, description="", *, mine=coal_mine, level="general", source="self_check", **more) -> Hazard:
        number = next(numbers)
        return Hazard.objects.create(
            region=county.region, number=f"149921-2026-{number:05d}", mine=mine, place="井下", level=level,
            description=description or f"{chr(0x4E00 + number * 37)}{chr(0x5E00 + number * 53)}",
            source=source, found_on=on, state=more.pop("state", "graded"), registered_by=clerk, **more,
        )  # fmt: skip

    return make


def days_ago(days):
    return TODAY - dt.timedelta(days=days)


def figure(counters, label):
    return next(one for one in counters.figures if one.label == label)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 11, 20), 12, dt.date(2025, 11, 20)),
        (dt.date(2026, 5, 31), 3, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2023, 2, 28)),
        (dt.date(2026, 1, 31), 1, dt.date(2025, 12, 31)),
        (dt.date(2026, 1, 15), 25, dt.date(2023, 12, 15)),
    ],
)
def test_months_before(day, months, expected):
    assert months_before(day, months) == expected


class TestRepeats:
    def test_the_same_clause_and_nearly_the_same_words(self, found, coal_mine, catalogue):
        clause = catalogue["T1-1"]
        first = found(days_ago(200), "备用风机缺失", clause=clause)
        second = found(days_ago(20), "主扇只有一台", clause=clause)
        belt = found(days_ago(100), "3号皮带机头防护罩缺失，未按规定安装")
        again = found(days_ago(10), "5号皮带机头防护罩缺失、未按规定安装。")
        repeats = counters_of(coal_mine, TODAY).repeats
        assert [(one.later, one.earlier) for one in repeats] == [(again, belt), (second, first)]
        assert "T1-1" in repeats[1].how and "相似" in repeats[0].how
        assert [one.earlier for one in repeats_of(again)] == [belt]
        assert repeats_of(belt) == []

    def test_what_is_no_repeat(self, found, coal_mine, county, catalogue, admin):
        words = "皮带机头防护罩缺失，未按规定安装"
        found(days_ago(10), words)
        found(days_ago(10), words)
        found(days_ago(500), words)
        found(days_ago(50), words, mine=county.sister_mine)
        found(days_ago(60), words, state="void")
        assert counters_of(coal_mine, TODAY).repeats == []

    def test_each_hazard_counts_once_beside_the_latest_that_it_repeats(self, found, coal_mine):
        words = "皮带机头防护罩缺失，未按规定安装"
        rows = [found(days_ago(days), words) for days in (90, 60, 30)]
        repeats = counters_of(coal_mine, TODAY).repeats
        assert {(one.later, one.earlier) for one in repeats} <= {
            (rows[2], rows[1]), (rows[2], rows[0]), (rows[1], rows[0])
        }  # fmt: skip
        assert [one.later for one in repeats] == [rows[2], rows[1]]

    def test_a_region_sets_its_own_months(self, found, coal_mine, county):
        RuleSetting.objects.create(region=county.region, key="repeat_months", value=1, source="县局规定")
        words = "皮带机头防护罩缺失，未按规定安装"
        found(days_ago(60), words)
        later = found(days_ago(10), words)
        assert counters_of(coal_mine, TODAY).repeats == [] and repeats_of(later) == []


class TestNumbers:
    def test_own_and_inspected_apart_and_the_warning(self, found, coal_mine):
        found(days_ago(5))
        found(days_ago(5), level="major")
        found(days_ago(5), source="inspection")
        counters = counters_of(coal_mine, TODAY)
        assert [figure(counters, label).value for label in ("自查发现", "检查发现", "自查重大", "检查重大")] == [
            2,
            1,
            1,
            0,
        ]
        assert not counters.grade_warning
        for _ in range(2):
            found(days_ago(4), source="inspection", level="major")
        found(days_ago(400), level="major")
        found(days_ago(4), level="major", state="void")
        found(days_ago(4), level="major", source="tip_off")
        counters = counters_of(coal_mine, TODAY)
        assert "检查发现重大隐患2条" in counters.grade_warning and "自查上报的1条" in counters.grade_warning
        assert figure(counters, "检查重大").warns

    def test_mean_days_and_returned_share(self, hazard, coal_mine, clerk, staff, inspector, today):
        from hazards.services.proofs import record_reinspection, rectify_hazard
        from hazards.services.register import grade_hazard, move_hazard
        from hazards.tests.conftest import photo

        empty = counters_of(coal_mine)
        assert figure(empty, "平均整改天数").value is None and figure(empty, "复查退回率").value is None
        grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
        move_hazard(by=clerk, hazard=hazard, action="start")
        for passed in (False, True):
            rectify_hazard(by=clerk, hazard=hazard, statement="已整改", done_on=today, files=[photo("blue")])
            move_hazard(by=clerk, hazard=hazard, action="self_accept")
            move_hazard(by=clerk, hazard=hazard, action="ask")
            record_reinspection(
                by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=passed, opinion="看"
            )
        counters = counters_of(coal_mine)
        assert figure(counters, "平均整改天数").value == 3
        assert figure(counters, "复查退回率").value == 100

    def test_towards_a_closure_request(self, found, coal_mine):
        for days in (10, 100, 181):
            found(days_ago(days), level="major", source="inspection")
        counters = counters_of(coal_mine, TODAY)
        assert [(one.count, one.limit, one.reached) for one in counters.indications] == [
            (2, 3, False), (3, 4, False), (1, 2, False)
        ]  # fmt: skip
        found(days_ago(180), level="major")
        found(days_ago(60), level="major", source="inspection")
        counters = counters_of(coal_mine, TODAY)
        assert [(one.count, one.reached) for one in counters.indications] == [(4, True), (5, True), (2, True)]
        assert all("供参考" in one.words and one.source for one in counters.indications)

    def test_the_same_queries_for_two_hazards_and_for_two_hundred(self, found, coal_mine):
        def queries():
            coal_mine.refresh_from_db()
            with CaptureQueriesContext(connection) as caught:
                counters_of(coal_mine, TODAY)
            return len(caught)

        found(days_ago(3))
        found(days_ago(2))
        few = queries()
        for number in range(198):
            found(days_ago(number), level="major" if number % 7 == 0 else "general")
        assert queries() == few


class TestPage:
    @pytest.fixture
    def look(self, client):
        def open_page(who, address, status=200):
            client.force_login(who)
            reply = client.get(address)
            assert reply.status_code == status
            return reply.content.decode()

        return open_page

    def test_who_opens_it(self, look, coal_mine, clerk, staff, leader, sister_clerk, stranger, liaison, county):
        address = f"/mines/{coal_mine.pk}/hazards/"
        for who in (clerk, staff, leader):
            assert "提请关闭的参考指标" in look(who, address)
        for who in (sister_clerk, stranger, liaison):
            look(who, address, 404)
        look(staff, f"/mines/{county.bureau.pk}/hazards/", 404)

    def test_every_number_opens_its_rows(self, look, found, coal_mine, staff, today):
        day = today - dt.timedelta(days=5)
        for level, source, times in (
            ("general", "self_check", 4), ("major", "self_check", 1), ("major", "inspection", 3)
        ):  # fmt: skip
            for _ in range(times):
                found(day, level=level, source=source)
        found(day, level="major", source="inspection", state="void")
        found(today - dt.timedelta(days=420), level="major", source="inspection")
        counters = counters_of(coal_mine)
        numbers = [(one.value, one.url) for one in counters.figures if one.unit == "条"]
        numbers += [(one.count, one.url) for one in counters.indications]
        assert [value for value, _ in numbers] == [5, 3, 1, 3, 4, 4, 3]
        for value, url in numbers:
            assert len(re.findall(r'id="row-\d+"', look(staff, url))) == value, url

    def test_the_hazard_shows_what_it_repeats(self, look, found, coal_mine, clerk):
        words = "皮带机头防护罩缺失，未按规定安装"
        first, again = found(days_ago(60), words), found(days_ago(3), words)
        page = look(clerk, again.get_absolute_url())
        assert first.number in page and f"/mines/{coal_mine.pk}/hazards/" in page
