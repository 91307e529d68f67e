"""The twelve figures: what is counted, what opens behind each, what stays of a closed month."""

import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from common.errors import Conflict, NotAllowed, Refused
from hazards.models import Hazard, Implementation, Listing, MonthlyFigures
from hazards.monthly import FIGURES, TOTAL, count_figures, shown
from hazards.services.monthly import close_month, figures_of, reopen_month
from hazards.services.proofs import (
    record_double_report,
    record_reinspection,
    write_major_report,
    write_treatment_plan,
)
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.tests.test_life import PARTS, PLAN, prove_all, to_awaiting
from mines.models import Mine

NOW = dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel(NOW, tick=False):
        yield


def found(by, mine, day, level="", **fields):
    hazard = register_hazard(
        by=by, mine=mine, place="井下", description=f"{day}的隐患", source="inspection", found_on=day, **fields
    )
    if level:
        grade_hazard(by=by, hazard=hazard, level=level, due_on=day + dt.timedelta(days=90), reason="理由")
    return hazard


def closed_on(hazard, clerk, officers, day):
    """Through its life, on one day."""
    with time_machine.travel(dt.datetime.combine(day, dt.time(4), dt.UTC), tick=False):
        move_hazard(by=clerk, hazard=hazard, action="start")
        if hazard.is_major:
            prove_all(hazard, clerk, officers[0], day)
        to_awaiting(hazard, clerk, day)
        record_reinspection(
            by=officers[0], hazard=hazard, on=day, on_site=True, officers=officers, passed=True, opinion="合格"
        )


@pytest.fixture
def register(staff, inspector, clerk, county, coal_mine):
    """January: two general, one of them closed in March; February: a major one, planned, closed in May; one void."""
    Mine.objects.create(unit=county.sister_mine, mine_type="tailings_pond")
    day = dt.date
    first = found(staff, coal_mine, day(2026, 1, 5), "general")
    found(staff, county.sister_mine, day(2026, 1, 20), "general")
    found(staff, coal_mine, day(2025, 12, 31), "general")
    found(staff, coal_mine, day(2026, 2, 1))
    closed_on(first, clerk, [inspector], day(2026, 3, 31))
    with time_machine.travel(dt.datetime(2026, 2, 10, 4, tzinfo=dt.UTC), tick=False):
        major = found(staff, coal_mine, day(2026, 2, 10), "major")
        write_major_report(by=clerk, hazard=major, parts=PARTS)
        write_treatment_plan(by=clerk, hazard=major, parts=PLAN)
        one = {"regulator_on": day(2026, 2, 10), "regulator_receipt": "收1", "congress_receipt": "会1"}
        record_double_report(by=clerk, hazard=major, congress_on=day(2026, 2, 10), **one)
    closed_on(major, clerk, [inspector, staff], day(2026, 5, 31))
    return major


def numbers(region, month, kind=TOTAL):
    return {key: value for key, value in count_figures(region, 2026, month)[kind].items() if value}


def test_figures_grow_from_january(register, county):
    assert numbers(county.region, 1) == {"mines": 2, "general": 2}
    assert numbers(county.region, 2) == {"mines": 2, "general": 2, "major": 1, "planned": 1}
    assert numbers(county.region, 3)["general_closed"] == 1
    assert numbers(county.region, 4) == {"mines": 2, "general": 2, "general_closed": 1, "major": 1, "planned": 1}
    may = numbers(county.region, 5)
    assert (may["major_closed"], may["five"]) == (1, 1)
    assert numbers(county.region, 5, "tailings") == {"mines": 1, "general": 1}
    assert shown(count_figures(county.region, 2026, 5)[TOTAL], FIGURES[3]) == "50.0"
    assert shown(count_figures(county.region, 2026, 1)[TOTAL], FIGURES[6]) == "—"


def test_funds_are_those_spent_for_hazards_of_the_year(register, county):
    # A closed hazard keeps its proof: the sum is put in another one's funds.
    other = Hazard.objects.filter(state="registered").get()
    Implementation.objects.create(
        hazard=other, facet="funds", spent=Decimal("12.50"), since=dt.date(2026, 3, 1), statement="已拨"
    )
    assert "funds" not in numbers(county.region, 2)
    assert numbers(county.region, 3)["funds"] == Decimal("12.5")
    assert shown(count_figures(county.region, 2026, 3)["coal"], FIGURES[11]) == "12.5"


def test_listed_hazards_are_counted_from_the_day_of_listing(register, county, staff):
    one = {"hazard": register, "region": county.region, "organ": "省应急管理厅", "listed_by": staff}
    days = {"due_on": dt.date(2026, 12, 1), "report_by": dt.date(2026, 4, 9), "publish_by": dt.date(2026, 4, 9)}
    Listing.objects.create(
        **one, **days, level="province", number="晋督1", listed_on=dt.date(2026, 4, 1), state="lifted",
        lifted_on=dt.date(2026, 5, 31), lifting_number="晋摘1",
    )  # fmt: skip
    assert "listed" not in numbers(county.region, 3)
    assert (numbers(county.region, 4)["listed"], numbers(county.region, 4)["listed_province"]) == (1, 1)


def test_a_town_counts_its_own_mines_and_another_county_nothing(register, county):
    assert numbers(county.town, 5)["general"] == 1
    assert numbers(county.other_region, 5) == {}


def test_mines_without_a_kind_have_a_row_of_their_own(register, county, staff):
    Mine.objects.filter(unit=county.sister_mine).delete()
    assert count_figures(county.region, 2026, 5)["unknown"]["general"] == 1
    assert numbers(county.region, 5)["general"] == 2


@pytest.mark.parametrize("month", [3, 5])
def test_each_figure_opens_exactly_its_rows(register, county, staff, client, month):
    """Cumulative and of the month alone, in every row of the table, as the page itself links them."""
    client.force_login(staff)
    still_open = Hazard.objects.exclude(state="closed").filter(level="general", found_on__year=2026)[0]
    Implementation.objects.create(
        hazard=still_open,
        facet="funds",
        in_place=True,
        since=dt.date(2026, 5, 10),
        spent=Decimal("12.5"),
        statement="已付",
    )
    shown_month = client.get(reverse("hazards:monthly"), {"year": 2026, "month": month}).context["month"]
    cells = [(cell.text, cell.url) for _, row in shown_month.rows() for cell in row]
    cells += [cell for _, row in shown_month.added_rows() for cell in row]
    rates = [number for number, figure in enumerate(FIGURES) if figure.key.endswith("_rate")]
    opened = 0
    for place, (text, url) in enumerate(cells):
        # Of the noughts, every seventh: there are some eighty.
        if place % len(FIGURES) in rates or (text == "0" and place % 7):
            continue
        context = client.get(url).context
        number = context["counted"] if "counted" in context else context["count"]
        assert Decimal(text) == number, url
        opened += number
    assert opened


def test_a_closed_month_keeps_its_figures_and_shows_both(register, county, staff, client, coal_mine):
    close_month(by=staff, region=county.region, year=2026, month=4)
    found(staff, coal_mine, dt.date(2026, 4, 2), "general")
    table, closed = figures_of(county.region, 2026, 4)
    assert closed is not None and table[TOTAL]["general"] == 2
    assert count_figures(county.region, 2026, 4)[TOTAL]["general"] == 3
    client.force_login(staff)
    page = client.get(reverse("hazards:monthly"), {"year": 2026, "month": 4}).content.decode()
    assert "现为 3" in page
    may = client.get(reverse("hazards:monthly"), {"year": 2026, "month": 5})
    assert may.context["month"].added[TOTAL]["general"] == 1, "the late correction shows in the next month"


def test_a_closed_month_opens_with_a_reason_only_and_keeps_every_edition(register, county, staff, client, coal_mine):
    close = {"by": staff, "region": county.region, "year": 2026, "month": 4}
    close_month(**close)
    with pytest.raises(Conflict, match="已经结账"):
        close_month(**close)
    with pytest.raises(Refused, match="理由"):
        reopen_month(**close, reason="  ")
    reopen_month(**close, reason="漏登一条")
    with pytest.raises(Conflict):
        reopen_month(**close, reason="再来")
    found(staff, coal_mine, dt.date(2026, 4, 2), "general")
    close_month(**close)
    first, second = MonthlyFigures.objects.order_by("edition")
    assert (first.figures[TOTAL]["general"], second.figures[TOTAL]["general"]) == (2, 3)
    client.force_login(staff)
    page = client.get(reverse("hazards:monthly"), {"year": 2026, "month": 4}).content.decode()
    assert "漏登一条" in page and "第 2 次" in page


def test_who_closes_and_when(register, county, staff, leader, clerk, stranger):
    for person in (leader, clerk, stranger):
        with pytest.raises(NotAllowed):
            close_month(by=person, region=county.region, year=2026, month=4)
    with pytest.raises(Refused, match="还没有结束"):
        close_month(by=staff, region=county.region, year=2026, month=6)


def test_the_page_by_people(register, county, staff, leader, clerk, stranger, client):
    for person, status in ((staff, 200), (leader, 200), (clerk, 403)):
        client.force_login(person)
        assert client.get(reverse("hazards:monthly")).status_code == status
    client.force_login(leader)
    assert "重开这个月" not in client.get(reverse("hazards:monthly")).content.decode()
    data = {"year": 2026, "month": 4, "region": county.region.pk}
    assert client.post(reverse("hazards:monthly_close"), data).status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("hazards:monthly"), {"region": county.region.pk}).status_code == 404
    client.force_login(staff)
    for bad in ({"month": 13}, {"year": 2027}, {"month": "x"}, {"year": 2026, "month": 7}):
        assert client.get(reverse("hazards:monthly"), bad).status_code == 404
    assert client.post(reverse("hazards:monthly_close"), data).status_code == 302
    answer = client.post(reverse("hazards:monthly_reopen"), data | {"reason": "更正"})
    assert answer.status_code == 302 and MonthlyFigures.objects.get().reopen_reason == "更正"


def test_the_page_asks_few_questions(register, county, staff, client, django_assert_max_num_queries):
    close_month(by=staff, region=county.region, year=2026, month=4)
    client.force_login(staff)
    with django_assert_max_num_queries(18):
        client.get(reverse("hazards:monthly"), {"year": 2026, "month": 4})


def test_the_official_form_on_paper(register, county, staff, client):
    client.force_login(staff)
    query = {"year": 2026, "month": 5}
    answer = client.get(reverse("hazards:monthly_xlsx"), query)
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "青岚县2026年5月隐患排查治理情况统计表"
    total = next(row for row in cells if row[0] == "合计")
    assert total[1:] == [2, 2, 1, 50.0, 1, 1, 100.0, 1, 1, 0, 0, 0]
    assert [row[0] for row in cells if row[0] in ("煤矿", "金属非金属矿山", "尾矿库", "合计")][:4] == [
        "煤矿", "金属非金属矿山", "尾矿库", "合计",
    ]  # fmt: skip
    answer = client.get(reverse("hazards:monthly_docx"), query)
    document = Document(io.BytesIO(b"".join(answer.streaming_content)))
    cumulative, month = document.tables
    assert [cell.text for cell in cumulative.rows[-1].cells] == [
        "合计", "2", "2", "1", "50.0", "1", "1", "100.0", "1", "1", "0", "0", "0",
    ]  # fmt: skip
    assert month.rows[-1].cells[6].text == "1"


@pytest.mark.parametrize(
    ("query", "status"),
    [("figure=mines&on=2026-05-31", 200), ("figure=mines", 404), ("figure=x&on=2026-05-31", 404),
     ("figure=funds&on=2026-05-31&after=2025-12-31", 404), ("figure=funds&on=2026-05-31&kind=x", 404),
     ("figure=five&on=2026-05-31&region=149922", 404)],
)  # fmt: skip
def test_the_rows_of_a_figure_are_asked_for_in_words_that_mean_something(
    register, clerk, county, client, query, status
):
    """A clerk sees the rows of the own mine, whatever the address asks for."""
    client.force_login(clerk)
    answer = client.get(f"{reverse('hazards:monthly_rows')}?{query}")
    assert answer.status_code == status
    if status == 200:
        assert list(answer.context["page"]) == [county.mine]
