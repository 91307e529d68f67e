"""The list page through a browser's eyes: what is shown, counted, ordered, leafed, chosen and exported."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django_filters
import pytest
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils.safestring import mark_safe
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from common import filters
from common.errors import Refused
from common.filters import DateRangeFilter, SearchFilter, VisibleFilter
from common.forms import PageForm
from common.jobs import run_job
from common.lists import BulkAction, Column, ListPage, exporting
from common.lists import page as list_module
from common.models import Job
from units.models import Unit, User
from units.tests.people import County

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
done: list[tuple[list[str], str, dict[str, Any]]] = []


class UnitFilters(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "short_name"])
    kind = django_filters.MultipleChoiceFilter(label="类别", choices=Unit.Kind.choices)
    parent = VisibleFilter(label="上级", model=Unit)
    joined = DateRangeFilter(label="加入日期", field_name="users__created_at")


class NoteForm(PageForm):
    note = forms.CharField(label="说明", max_length=5)


def remember(rows: QuerySet[Unit], by: User, data: dict[str, Any]) -> str:
    if data.get("note") == "不":
        raise Refused("这些单位还有任务，不能停用。")
    done.append((sorted(rows.values_list("name", flat=True)), by.username, data))
    return f"已停用{rows.count()}个单位。"


class Units(ListPage):
    model = Unit
    title = "单位"
    filterset_class = UnitFilters
    bar = ("q",)
    order = "name"
    page_sizes = (5, 10, 50)
    columns = (
        Column("name", "名称", kind="title", link=True, sort="name"),
        Column("kind", "类别", cell=lambda row: mark_safe(f"<b>{row.get_kind_display()}</b>"), sort="kind"),
        Column("parent", "上级", cell="parent.name"),
        Column("pk", "编号", align="end", sort="pk", export="pk"),
        Column("tags", "标记", cell=lambda row: "、".join(tag.name for tag in row.tags.all()), in_export=False),
        Column("credit_code", "信用代码", on_page=False),
    )
    bulk_actions = (
        BulkAction("stop", "停用", remember),
        BulkAction("tell", "通知", remember, form_class=NoteForm),
        BulkAction("never", "删除", remember, visible=lambda user: False),
    )
    empty_title, empty_words = "还没有单位", "请先导入名录。"

    def row_url(self, row: Unit) -> str:
        return f"/unit/{row.pk}/"


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused("时限不能早于今天，请改为今天以后的日期。", fields={"due": ["太早。"]})


urlpatterns = [
    path("units/", Units.as_view(), name="list"),
    path("refuse/", refuse),
    path("", include("common.urls")),
]


@pytest.fixture
def many(county: County) -> None:
    """Twenty-three more units of the county, named so that a spreadsheet might run them."""
    for number in range(23):
        Unit.objects.create(name=f"=单位{number:02}", kind="other", region=county.region, parent=county.enterprise)


@pytest.fixture
def in_county(client: Client, staff: User) -> Client:
    client.force_login(staff)
    done.clear()
    return client


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["rows"]]


def test_a_list_shows_what_the_user_may_see_and_nothing_else(in_county: Client, county: County) -> None:
    page = in_county.get("/units/?size=50").content.decode()
    assert "青岚县能源局" in page
    assert "白川一矿" not in page and "白川县应急管理局" not in page


def test_the_same_queries_for_a_few_rows_and_for_many(
    in_county: Client, county: County, many: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12) as many_rows:
        assert len(names(in_county.get("/units/?size=50"))) > 23
    Unit.objects.filter(kind="other").delete()
    with django_assert_max_num_queries(len(many_rows)) as few_rows:
        assert 0 < len(names(in_county.get("/units/?size=50"))) < 12
    assert len(few_rows) == len(many_rows)


def test_every_row_is_on_exactly_one_page_even_where_the_order_ties(in_county: Client, many: None) -> None:
    for order in ("kind", "-kind", "name", ""):
        seen: list[str] = []
        last = in_county.get(f"/units/?order={order}").context["last_page"]
        for number in range(1, last + 1):
            seen += names(in_county.get(f"/units/?order={order}&page={number}"))
        assert len(seen) == len(set(seen)) == in_county.get("/units/").context["count"]


def test_order_turns_round_and_an_unknown_one_is_ignored(in_county: Client, many: None) -> None:
    up = names(in_county.get("/units/?order=pk&size=50"))
    assert names(in_county.get("/units/?order=-pk&size=50")) == up[::-1]
    assert names(in_county.get("/units/?order=users__password")) == names(in_county.get("/units/"))
    assert 'aria-sort="descending"' in in_county.get("/units/?order=-pk").content.decode()


@pytest.mark.parametrize("page", ["0", "999", "-1", "abc", "1e9", "99999999999999999999"])
def test_a_page_that_is_not_there_becomes_one_that_is(in_county: Client, many: None, page: str) -> None:
    assert names(in_county.get(f"/units/?page={page}"))


def test_filters_stay_in_the_address_and_can_be_taken_off_one_by_one(in_county: Client, many: None) -> None:
    response = in_county.get("/units/?q=单位&kind=other&kind=mine&order=-name&page=2")
    context = response.context
    assert context["count"] == 23
    assert [(one.label, one.text) for one in context["active_filters"]] == [
        ("搜索", "单位"),
        ("类别", "矿山、其他"),
    ] or [(one.label, one.text) for one in context["active_filters"]] == [("搜索", "单位"), ("类别", "其他、矿山")]
    without = parse_qs(urlsplit(context["active_filters"][0].without_url).query)
    assert without == {"kind": ["other", "mine"], "order": ["-name"]}
    following = parse_qs(urlsplit(context["next_url"]).query)
    assert following["q"] == ["单位"] and following["page"] == ["3"] and following["kind"] == ["other", "mine"]


def test_words_of_a_search_must_all_be_there(in_county: Client, county: County) -> None:
    assert names(in_county.get("/units/?q=青岚+能源")) == ["青岚县能源局"]
    assert names(in_county.get("/units/?q=县应急局")) == ["县应急局"]


def test_a_filter_that_makes_no_sense_says_so_and_shows_nothing(in_county: Client, county: County) -> None:
    for bad in ("kind=xx", "parent=abc", "joined_after=2024-13-45"):
        response = in_county.get(f"/units/?{bad}")
        assert response.status_code == 200
        assert names(response) == [], bad
        assert "field-error" in response.content.decode()


def test_a_model_filter_names_its_row(in_county: Client, county: County, many: None) -> None:
    response = in_county.get(f"/units/?parent={county.enterprise.pk}")
    assert response.context["active_filters"][0].text == "青岚煤业集团有限公司"


def test_a_long_choice_becomes_a_box_to_type_into(
    in_county: Client, county: County, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "MOST_CHOICES", 5)
    page = in_county.get("/units/").content.decode()
    assert (
        '<input type="text" name="parent"' in page
        and "<option" not in page.split('name="parent"')[1].split("</div>")[0]
    )
    assert in_county.get("/units/?parent=青岚煤业").context["count"] == 24
    by_key = in_county.get(f"/units/?parent={county.enterprise.pk}")
    assert by_key.context["count"] == 24 and by_key.context["active_filters"][0].text == "青岚煤业集团有限公司"
    assert in_county.get(f"/units/?parent={county.other_mine.pk}").context["count"] == 0
    assert in_county.get("/units/?parent=99999999999999999999").context["count"] == 0


def test_a_row_knows_the_way_back_to_its_page_filter_and_place(in_county: Client, many: None) -> None:
    response = in_county.get("/units/?q=单位&page=2")
    row = response.context["rows"][0]
    back = parse_qs(urlsplit(row.cells[0].url).query)["back"][0]
    assert urlsplit(back).path == "/units/" and urlsplit(back).fragment == f"row-{row.pk}"
    assert parse_qs(urlsplit(back).query) == {"q": ["单位"], "page": ["2"]}
    assert f'id="row-{row.pk}"' in response.content.decode()


def test_a_partial_request_gets_the_list_alone_and_a_clean_address(in_county: Client, many: None) -> None:
    response = in_county.get("/units/?q=单位&kind=&order=", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page and page.count('id="list"') == 1
    assert response["HX-Push-Url"] == "/units/?q=%E5%8D%95%E4%BD%8D"
    assert "HX-Request" in response["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in in_county.get("/units/", headers=restored).content.decode()


def test_counting_stops_at_the_cap(in_county: Client, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_module, "COUNT_CAP", 10)
    response = in_county.get("/units/?page=99")
    assert response.context["capped"] and response.context["last_page"] == 2
    assert "只列出前 10 条" in response.content.decode()


def test_nothing_yet_and_nothing_found_say_what_to_do(client: Client, county: County, staff: User) -> None:
    client.force_login(staff)
    assert "清除全部条件" in client.get("/units/?q=没有这个").content.decode()
    User.objects.filter(pk=staff.pk).update(unit=None)
    assert "请先导入名录。" in client.get("/units/").content.decode()


def test_text_in_cells_is_escaped_but_markup_of_ours_is_not(in_county: Client, county: County) -> None:
    Unit.objects.create(name="<script>alert(1)</script>", kind="other", region=county.region)
    page = in_county.get("/units/?size=50").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert "<b>矿山</b>" in page


def test_the_sheet_holds_exactly_what_is_filtered_in_order(in_county: Client, many: None) -> None:
    response = in_county.get("/units/?kind=other&order=-name&export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("名称", "类别", "上级", "编号", "信用代码")
    assert [row[0] for row in rows[1:]] == [f"=单位{number:02}" for number in range(22, -1, -1)]
    assert rows[1][1] == "其他" and isinstance(rows[1][3], int)
    assert all(cell.data_type == "s" for cell in sheet["A"]), "text that begins with = must not become a formula"
    assert sheet.freeze_panes == "A2" and sheet.print_title_rows == "$1:$1"


def test_csv_opens_in_excel_and_runs_nothing(in_county: Client, many: None) -> None:
    response = in_county.get("/units/?kind=other&export=csv")
    text = b"".join(response).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 24 and rows[1][0] == "'=单位00"
    assert f"{date.today():%Y}" in response["Content-Disposition"]


def test_many_rows_become_a_sheet_by_a_job_for_its_owner_alone(
    in_county: Client, many: None, clerk: User, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(exporting, "SHEET_NOW", 5)
    address = "/units/?kind=other&order=-name&export=xlsx"
    watched = in_county.get(address)["Location"]
    assert in_county.get(address)["Location"] == watched, "asked for twice, made once"
    row = Job.objects.get()
    run_job(row.pk)
    page = in_county.get(watched, headers={"HX-Request": "true"})
    fetched = f"{watched}file/"
    assert "HX-Redirect" not in page and fetched in page.content.decode() and "下载" in page.content.decode()
    sheet = load_workbook(io.BytesIO(b"".join(in_county.get(fetched)))).active
    written = [cells[0] for cells in sheet.iter_rows(min_row=2, values_only=True)]
    assert written == [f"=单位{number:02}" for number in range(22, -1, -1)], "the rows, filter and order of the page"
    sister = Client()
    sister.force_login(clerk)
    assert sister.get(fetched).status_code == 404
    exporting.export_path(row).unlink()
    assert "重新导出" in in_county.get(fetched).content.decode()


def test_a_sheet_is_made_as_far_as_its_owner_sees_when_it_is_made(
    in_county: Client, many: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(exporting, "SHEET_NOW", 5)
    in_county.get("/units/?kind=other&export=xlsx")
    row = Job.objects.get()
    User.objects.filter(pk=row.by_id).update(is_active=False)
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and "停用" in row.error and not exporting.export_path(row).exists()


def test_more_rows_than_a_sheet_holds_are_refused_with_what_to_do(
    in_county: Client, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SHEET_CAP", 5)
    response = in_county.get("/units/?kind=other&export=xlsx", follow=True)
    assert response.request["QUERY_STRING"] == "kind=other"
    assert "导出 CSV" in response.content.decode()


def test_ticked_rows_are_done_and_strangers_rows_are_not(in_county: Client, county: County) -> None:
    keys = [county.mine.pk, county.energy.pk, county.other_mine.pk]
    response = in_county.post("/units/?q=矿", {"act": "stop", "selected": keys}, follow=True)
    assert done == [(["石门煤矿"], "staff.wang", {})], "not the row outside the filter, not the neighbour's"
    assert "已停用1个单位。" in response.content.decode()
    assert response.request["QUERY_STRING"] == "q=%E7%9F%BF"


def test_all_that_match_are_done_without_ids(in_county: Client, many: None) -> None:
    in_county.post("/units/?kind=other", {"act": "stop", "scope": "all"})
    assert len(done[0][0]) == 23


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"act": "stop"}, "请先勾选"),
        ({"act": "stop", "selected": "abc"}, "重新勾选"),
        ({"act": "stop", "selected": "9" * 400}, "重新勾选"),
        ({"act": "nothing", "selected": "1"}, "请选择要办理的操作"),
        ({"act": "never", "selected": "1"}, "请选择要办理的操作"),
        ({"act": "tell", "scope": "all"}, "说明："),
        ({"act": "tell", "scope": "all", "tell-note": "太长太长太长"}, "说明："),
        ({"act": "tell", "scope": "all", "tell-note": "不"}, "还有任务，不能停用"),
    ],
)
def test_a_bulk_act_that_cannot_be_done_says_why(
    in_county: Client, county: County, data: dict[str, str], words: str
) -> None:
    response = in_county.post("/units/?q=矿", data, follow=True)
    assert words in response.content.decode()
    assert done == []


def test_a_list_without_bulk_acts_takes_no_post(
    in_county: Client, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Units, "bulk_actions", ())
    assert in_county.post("/units/", {"act": "stop"}).status_code == 405


def test_a_full_page_stays_small(in_county: Client, county: County) -> None:
    Unit.objects.bulk_create(
        Unit(
            name=f"晋北恒泰玉溪煤矿有限责任公司安全生产调度指挥中心{n}",
            kind="other",
            region=county.region,
            sort_key=str(n),
        )
        for n in range(60)
    )
    assert len(in_county.get("/units/?size=50&kind=other").content) < 120_000
