"""Parts of pages: dates in words, states, navigation, the way back, drawings, forms."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from common.charts import Series, Stretch, draw_chart, draw_timeline, number_in_words
from common.dates import due_in_words
from common.errors import Refused
from common.forms import PageForm, UploadField
from common.lists.shown import pages_around
from common.navigation import MAX_ENTRIES, NavigationEntry, back_address, navigation_for, with_back
from common.statuses import Status, register_statuses, status_of
from common.styleguide import SampleForm
from units.models import User

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("days", "words", "level"),
    [
        (-12, "逾期12天", "late"),
        (-1, "逾期1天", "late"),
        (0, "今天到期", "soon"),
        (1, "明天到期", "soon"),
        (3, "还剩3天", "soon"),
        (4, "还剩4天", "far"),
    ],
)
def test_a_deadline_in_words(days: int, words: str, level: str) -> None:
    found = due_in_words(TODAY + timedelta(days=days), TODAY)
    assert (found.words, found.level, found.days) == (words, level, days)


def test_a_moment_late_in_the_evening_belongs_to_the_bureaus_own_day() -> None:
    evening_in_utc = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    assert due_in_words(evening_in_utc, TODAY).on == TODAY


def tag(source: str, request: HttpRequest | None = None, **context: Any) -> str:
    return Template("{% load page %}" + source).render(Context({"request": request, **context}))


def test_a_done_duty_is_not_late() -> None:
    past = timezone.localdate() - timedelta(days=5)
    assert "逾期5天" in tag("{% due day %}", day=past) and "due-late" in tag("{% due day %}", day=past)
    assert "逾期" not in tag("{% due day done=True %}", day=past)
    assert "—" in tag("{% due None %}")


def test_a_state_has_word_colour_and_icon_and_is_escaped() -> None:
    chip = tag("{% status 'returned' %}")
    assert "已退回" in chip and "chip-amber" in chip and "<svg" in chip
    assert "&lt;b&gt;" in tag("{% status value %}", value="<b>")
    register_statuses({"hazard.closed": Status("已销号", "green", "check")})
    assert status_of("hazard.closed").label == "已销号"
    assert status_of("visit.done").label == "已完成", "the bare word stands in for a noun that did not register its own"


def request_for(path: str = "/", user: Any = None, **get: str) -> HttpRequest:
    request = RequestFactory().get(path, get)
    request.user = user or SimpleNamespace(is_authenticated=True, role="staff")  # type: ignore[assignment]
    return request


def test_navigation_leaves_out_what_is_not_there_or_not_theirs_and_marks_one() -> None:
    entries = [
        NavigationEntry("样式", "common:styleguide", "eye"),
        NavigationEntry("列表", "common:styleguide_list", "task"),
        NavigationEntry("没有这页", "nowhere", "task"),
        NavigationEntry("别人的", "common:styleguide_form", "task", visible=lambda user: user.role == "admin"),
    ]
    shown = navigation_for(request_for("/styleguide/list/"), entries)
    assert [(one.label, one.current) for one in shown] == [("样式", False), ("列表", True)]
    shown = navigation_for(request_for("/styleguide/other/"), entries)
    assert [one.label for one in shown if one.current] == ["样式"]
    assert len(navigation_for(request_for(), entries * 5)) == MAX_ENTRIES


def test_the_bar_of_a_phone_shows_first_what_is_daily_work_for_this_user() -> None:
    entries = [
        NavigationEntry(f"{order}", "common:styleguide", "eye", order=order, on_bar=lambda user, order=order: order > 5)
        for order in range(1, 8)
    ]
    shown = navigation_for(request_for(), entries)
    assert [(one.label, one.on_bar) for one in shown if one.on_bar] == [("1", True), ("2", True), ("6", True), ("7", True)]
    assert len(shown) == 7 and all(one.on_bar for one in navigation_for(request_for(), entries[:5]))


@pytest.mark.parametrize(
    "bad",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "tasks/", "", "\n//evil"],
)
def test_the_way_back_never_leaves_the_site(bad: str) -> None:
    assert back_address(request_for(back=bad), "/list/") == "/list/"


def test_the_way_back_keeps_filter_page_and_row() -> None:
    back = "/tasks/?q=煤 矿&page=3#row-7"
    url = with_back("/tasks/7/?tab=2", back)
    request = RequestFactory().get(url)
    assert back_address(request) == back


def test_pages_around() -> None:
    assert pages_around(1, 1) == [1]
    assert pages_around(1, 9) == [1, 2, 3, 0, 9]
    assert pages_around(5, 9) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert pages_around(50, 200) == [1, 0, 48, 49, 50, 51, 52, 0, 200]


def test_a_chart_leaves_gaps_where_nothing_was_read_and_prints_every_number() -> None:
    chart = draw_chart(
        title="隐患", labels=["1月", "2月", "3月", "4月"], series=[Series("排查", [1200, None, 30.5, 40])], target=2000
    )
    assert chart.rows == [["1月", "1,200"], ["2月", "—"], ["3月", "30.5"], ["4月", "40"]]
    assert len(chart.series[0].lines) == 1 and len(chart.series[0].dots) == 3
    heights = [tick.at for tick in chart.y_ticks]
    assert heights == sorted(heights, reverse=True) and min(heights) >= 0
    assert chart.target is not None and min(heights) <= chart.target.at <= max(heights)
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        draw_chart(title="", labels=["1月"], series=[Series("排查", [1, 2])])


@pytest.mark.parametrize("values", [[0], [], [None], [-5, 5], [1e9], [0.001]])
def test_a_chart_of_odd_numbers_stays_inside_its_frame(values: list[float | None]) -> None:
    for kind in ("line", "bar"):
        chart = draw_chart(
            title="", labels=[str(n) for n in range(len(values))], series=[Series("数", values)], kind=kind
        )
        for bar in chart.series[0].bars:
            assert bar.y >= 0 and bar.y + bar.height <= chart.height
        for dot in chart.series[0].dots:
            assert 0 <= dot.y <= chart.height
        assert tag("{% chart c %}", c=chart)


def test_numbers_as_tables_print_them() -> None:
    assert [number_in_words(n) for n in (1234567, 12.5, 12.0, None, 0.25)] == ["1,234,567", "12.5", "12", "—", "0.25"]


def test_stages_stand_on_one_line_with_today() -> None:
    line = draw_timeline(
        [Stretch("动员", TODAY, TODAY + timedelta(9)), Stretch("排查", TODAY + timedelta(10), TODAY + timedelta(19))],
        TODAY + timedelta(days=10),
    )
    assert [(one.when, one.x) for one in line.stretches] == [("past", 0.0), ("now", 50.0)]
    assert line.today == 50.0
    assert draw_timeline([], TODAY).stretches == []
    assert "当前阶段" in tag("{% timeline t %}", t=line)


class Upload(PageForm):
    file = UploadField(label="材料", endings=[".docx", ".pdf"], max_bytes=10)


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [("方案.DOCX", 5, ""), ("方案.exe", 5, "类型不能上传"), ("方案.pdf", 11, "超过"), ("空.pdf", 0, "空")],
)
def test_a_file_is_checked_by_size_and_ending(name: str, size: int, words: str) -> None:
    form = Upload({}, {"file": SimpleUploadedFile(name, b"x" * size)})
    assert form.is_valid() == (not words)
    assert words in str(form.errors)
    assert 'accept=".docx,.pdf"' in str(form["file"]) and 'data-max-bytes="10"' in str(form["file"])


def test_dates_use_the_browsers_calendar_and_no_choice_is_a_row_of_dashes() -> None:
    class Form(PageForm):
        day = forms.DateField(initial=TODAY)
        kind = forms.ChoiceField(choices=[("", "---------"), ("a", "甲")])

    form = Form()
    assert 'type="date"' in str(form["day"]) and 'value="2026-03-01"' in str(form["day"])
    assert "请选择" in str(form["kind"]) and "-----" not in str(form["kind"])


def test_a_refusal_stands_beside_its_field_or_above_the_form() -> None:
    form = SampleForm({})
    form.full_clean()
    form.add_refusal(Refused("先上传材料。", fields={"file": ["没有文件。"], "nowhere": ["别处。"]}))
    assert form.errors["file"] == ["没有文件。"]
    assert form.non_field_errors() == ["别处。", "先上传材料。"]


def test_every_field_of_a_form_is_shown_once() -> None:
    grouped = [field.name for _, fields in SampleForm().grouped_fields() for field in fields]
    assert sorted(grouped) == sorted(SampleForm.base_fields)


@pytest.mark.django_db
class TestFormPage:
    good = {"title": "自查", "text": "已完成", "kind": "a", "share": "50", "role": "lead"}

    @pytest.fixture
    def asker(self, client: Client, admin: User) -> Client:
        client.force_login(admin)
        return client

    def test_it_comes_back_with_everything_typed_and_the_errors(self, asker: Client) -> None:
        response = asker.post("/styleguide/form/", self.good | {"share": "500", "text": "写了很多字"})
        page = response.content.decode()
        assert response.status_code == 422
        assert "写了很多字" in page and "data-bound" in page and "data-error-summary" in page
        assert 'href="#id_share"' in page and 'aria-invalid="true"' in page

    def test_a_refusal_of_the_service_comes_back_the_same_way(self, asker: Client) -> None:
        response = asker.post("/styleguide/form/", self.good | {"share": "99"})
        assert response.status_code == 422 and "请上传印证资料。" in response.content.decode()

    def test_success_leads_back_to_where_one_came_from(self, asker: Client) -> None:
        response = asker.post("/styleguide/form/", self.good | {"back": "/styleguide/list/?page=3#row-7"})
        assert response["Location"] == "/styleguide/list/?page=3#row-7"
        assert asker.post("/styleguide/form/", self.good | {"back": "//evil.example"})["Location"] == "/styleguide/"


@pytest.mark.django_db
def test_the_styleguide_is_for_builders_only(client: Client, admin: User, staff: User) -> None:
    for name in ("styleguide", "styleguide_list", "styleguide_form"):
        client.force_login(staff)
        assert client.get(reverse(f"common:{name}")).status_code == 404
        client.force_login(admin)
        assert client.get(reverse(f"common:{name}")).status_code == 200


@pytest.mark.django_db
def test_no_page_carries_inline_script_or_style(client: Client, admin: User) -> None:
    client.force_login(admin)
    for name in ("styleguide", "styleguide_list", "styleguide_form"):
        page = client.get(reverse(f"common:{name}")).content.decode()
        assert " style=" not in page and "<style" not in page and " onclick" not in page
        assert "<script>" not in page and "javascript:" not in page
