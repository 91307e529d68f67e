"""The import wizard through its pages, as the people of the bureau and as others."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.evidence import may_see_evidence
from common.jobs import start_job
from common.models import Job
from tasks.models import Campaign, PlanImport
from tasks.services.drafts import task_at
from tasks.services.imports import confirm_import, discard_import, printed_names
from tasks.tests.importing import PLAN, Capture, read_import
from units.models import Unit, UnitAlias, User
from units.names import name_key
from units.tests.people import County

HTMX = {"HX-Request": "true"}


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


@pytest.fixture
def row(capture: Capture, staff: User, county: County) -> PlanImport:
    return read_import(capture, staff, county.region)


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def upload(
    client: Client, capture: Capture, county: County, content: bytes | str, name: str = "方案.txt", **more: Any
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    with capture(execute=True):
        return client.post(
            reverse("tasks:import_new"),
            {"file": SimpleUploadedFile(name, data), "region": county.region.pk} | more,
        )


def form_of(html: str, key: str) -> dict[str, str]:
    """The values of a task's form as the browser would send them back."""
    fields = dict(re.findall(rf'<input[^>]*name="(t{key}-[^"]+)"(?:[^>]*value="([^"]*)")?', html))
    fields |= dict(re.findall(rf'<textarea[^>]*name="(t{key}-[^"]+)"[^>]*>\n?([^<]*)</textarea>', html))
    for name, options in re.findall(rf'<select[^>]*name="(t{key}-[^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: value for name, value in fields.items() if "__prefix__" not in name}


# -- handing in


def test_upload_leads_to_the_preview_with_both_sides(desk: Client, capture: Capture, county: County) -> None:
    answer = upload(desk, capture, county, PLAN)
    assert answer.status_code == 302
    html = desk.get(answer["Location"]).content.decode()
    assert 'id="b8"' in desk.get(answer["Location"] + "source/").content.decode()
    assert "建立隐患台账" in html
    assert re.search(r'data-at="\d+:\d+:\d+">县应急管理局</a>', html)
    assert "共 <strong>4</strong> 项任务" in html


WRITTEN = """青岚县矿山整治任务清单
| 序号 | 任务 | 责任部门 | 完成时限 |
|---|---|---|---|
| 1 | 逐矿登记隐患并建立台账。 | 县应急管理局 | 2026年12月底前 |
  | 2 | 每月组织一次全面自查。 | 县能源局 | 长期坚持 |
"""


def test_a_table_written_as_text_is_shown_as_a_table_that_keeps_every_character(
    desk: Client, capture: Capture, county: County
) -> None:
    html = desk.get(upload(desk, capture, county, WRITTEN)["Location"] + "source/").content.decode()
    row = PlanImport.objects.get()
    for index, block in enumerate(row.document["blocks"]):
        shown = re.search(rf'<(p|tr) id="b{index}"[^>]*>(.*?)</\1>', html, re.S)
        assert shown and re.sub(r"<[^>]+>", "", shown[2]) == block["text"]
    assert html.count('<tr id="b') == 4
    assert re.search(r'<tr id="b\d+" hidden>', html)


def test_pasting_works_without_a_file(desk: Client, capture: Capture, county: County) -> None:
    with capture(execute=True):
        answer = desk.post(reverse("tasks:import_new"), {"pasted": PLAN, "region": county.region.pk})
    assert answer.status_code == 302
    assert PlanImport.objects.get().state == "review"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("方案.exe", b"MZ\x00", "程序文件"),
        ("扫描.png", b"\x89PNG\r\n\x1a\n", "扫描件"),
        ("方案.rar", b"Rar!\x1a\x07\x00", "解压后上传"),
        ("方案.docx", b"PK\x03\x04broken", "已损坏"),
        ("方案.txt", b"", "空"),
        ("大.txt", b"a" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_bad_files_come_back_with_a_sentence(
    desk: Client, capture: Capture, county: County, name: str, data: bytes, words: str
) -> None:
    answer = upload(desk, capture, county, data, name, pasted="我先写的字")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert "我先写的字" in html
    assert PlanImport.objects.count() == 0


def test_nothing_given_is_said(desk: Client, county: County) -> None:
    answer = desk.post(reverse("tasks:import_new"), {"region": county.region.pk})
    assert answer.status_code == 422
    assert "请选择方案文件" in answer.content.decode()


def test_script_in_a_plan_is_shown_as_words(desk: Client, capture: Capture, county: County) -> None:
    hostile = PLAN.replace("建立隐患台账。", "建立<script>alert(1)</script>台账。").replace(
        "县能源管理部", '"><img src=x onerror=alert(2)>'
    )
    answer = upload(desk, capture, county, hostile, "<b>方案</b>.txt")
    row = PlanImport.objects.get()
    for name in ("import", "import_units", "import_confirm"):
        html = desk.get(reverse(f"tasks:{name}", args=[row.pk])).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>方案" not in html
    task = desk.get(reverse("tasks:import_task", args=[row.pk, "0"])).content.decode()
    assert "<script>alert" not in task
    assert "&lt;script&gt;" in desk.get(answer["Location"] + "source/").content.decode()


def test_the_same_file_is_recognised_and_read_again_only_on_request(
    desk: Client, capture: Capture, county: County, row: PlanImport
) -> None:
    answer = upload(desk, capture, county, PLAN, "另一个名字.txt")
    html = answer.content.decode()
    assert "已经导入过" in html
    assert "王科员" in html
    assert PlanImport.objects.count() == 1
    with capture(execute=True):
        answer = desk.post(reverse("tasks:import_act", args=[row.pk]), {"action": "reread"})
    assert PlanImport.objects.count() == 2
    assert PlanImport.objects.latest("pk").state == "review"


# -- watching


def test_progress_polls_while_reading_and_reloads_when_read(desk: Client, row: PlanImport) -> None:
    PlanImport.objects.filter(pk=row.pk).update(state="reading")
    Job.objects.filter(pk=row.job_id).update(state="running", done=1, total=3, message="正在读取任务")
    html = desk.get(row.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 1s"' in html
    assert "正在读取任务" in html
    moving = desk.get(reverse("tasks:import_progress", args=[row.pk]), headers=HTMX)
    assert "HX-Refresh" not in moving
    PlanImport.objects.filter(pk=row.pk).update(state="review")
    assert desk.get(reverse("tasks:import_progress", args=[row.pk]), headers=HTMX)["HX-Refresh"] == "true"


def test_a_job_that_died_offers_another_try(desk: Client, capture: Capture, row: PlanImport) -> None:
    PlanImport.objects.filter(pk=row.pk).update(state="reading", draft=None, plan=None)
    Job.objects.filter(pk=row.job_id).update(state="failed", error="处理了 3 次都中途停止。")
    html = desk.get(row.get_absolute_url()).content.decode()
    assert "3 次都中途停止" in html
    assert "重新读取" in html
    with capture(execute=True):
        desk.post(reverse("tasks:import_act", args=[row.pk]), {"action": "retry"})
    row.refresh_from_db()
    assert row.state == "review"


def test_a_failed_reading_says_why_and_keeps_the_file(desk: Client, capture: Capture, county: County) -> None:
    answer = upload(desk, capture, county, b"%PDF-1.4\n%%EOF", "方案.pdf")
    row = PlanImport.objects.get()
    html = desk.get(answer["Location"]).content.decode()
    assert row.error in html
    assert row.source.original_url in html
    assert Campaign.objects.count() == 0


# -- correcting


def test_saving_a_task_untouched_changes_nothing_but_the_count(desk: Client, row: PlanImport) -> None:
    before = {key: task_at(row.draft, key) for key in "0123"}
    for key in "0123":
        url = reverse("tasks:import_task", args=[row.pk, key])
        fields = form_of(desk.get(url).content.decode(), key)
        assert desk.post(url, fields).status_code == 302, key
    row.refresh_from_db()
    for key, task in before.items():
        after = task_at(row.draft, key)
        assert {n: v for n, v in after.items() if n != "v"} == {n: v for n, v in task.items() if n != "v"}


def test_a_task_is_corrected_in_place(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_task", args=[row.pk, "2"])
    form = desk.get(url, headers=HTMX).content.decode()
    assert form.lstrip().startswith("<li")
    fields = form_of(form, "2") | {
        "t2-title": "严查严惩重大隐患",
        "t2-units-0-name": "县能源局",
        "t2-units-0-role": "lead",
        "t2-deadlines-0-date": "2026-10-31",
        "t2-recurrences-0-every": "quarter",
        "t2-recurrences-0-times": "2",
    }
    answer = desk.post(url, fields, headers=HTMX)
    assert answer.status_code == 200
    assert "严查严惩重大隐患" in answer.content.decode()
    row.refresh_from_db()
    task = task_at(row.draft, "2")
    assert [(u["name"], u["role"]) for u in task["units"]] == [("县能源局", "lead")]
    assert [d["date"] for d in task["deadlines"]] == ["2026-10-31"]
    assert [(r["every"], r["times"]) for r in task["recurrences"]] == [("quarter", 2)]


def test_faults_come_back_beside_their_field_with_everything_typed(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_task", args=[row.pk, "0"])
    fields = form_of(desk.get(url).content.decode(), "0")
    answer = desk.post(url, fields | {"t0-deadlines-0-date": "", "t0-title": "新标题"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "请选日期" in html
    assert "新标题" in html
    answer = desk.post(url, fields | {"t0-title": "", "t0-text": " "})
    assert answer.status_code == 422
    assert "不能都空着" in answer.content.decode()


def test_a_text_pasted_into_the_headings_is_refused(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_task", args=[row.pk, "0"])
    fields = form_of(desk.get(url).content.decode(), "0")
    answer = desk.post(url, fields | {"t0-path": "章\n" * 2000}, headers=HTMX)
    assert answer.status_code == 422 and "章节最多8级" in answer.content.decode()


@pytest.mark.parametrize("day", ["0206-01-01", "0001-01-01", "9999-12-31"])
def test_a_slip_in_the_year_is_seen(desk: Client, row: PlanImport, day: str) -> None:
    url = reverse("tasks:import_head", args=[row.pk])
    head = {"title": "整治方案", "level": "county", "start": day, "version": row.version}
    answer = desk.post(url, head, headers=HTMX)
    assert answer.status_code == 422 and "请检查是否输错" in answer.content.decode()


def test_a_bare_task_list_takes_the_name_of_its_file(
    capture: Capture, desk: Client, staff: User, county: County
) -> None:
    bare = "序号,任务,责任部门,完成时限\n1,建立隐患台账,县应急管理局,2026年12月底前\n".encode()
    row = read_import(capture, staff, county.region, data=bare, name="2026年安全生产重点任务清单.csv")
    assert row.draft["campaign"]["title"] == "2026年安全生产重点任务清单"
    assert "先用了文件名“2026年安全生产重点任务清单”，请核对" in desk.get(row.get_absolute_url()).content.decode()
    desk.post(reverse("tasks:import_confirm", args=[row.pk]), {"version": row.version})
    assert Campaign.objects.get().title == "2026年安全生产重点任务清单"


def test_an_older_page_is_told_instead_of_overwriting(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_task", args=[row.pk, "0"])
    fields = form_of(desk.get(url).content.decode(), "0")
    desk.post(url, fields | {"t0-title": "先改的"})
    answer = desk.post(url, fields | {"t0-title": "后改的"}, headers=HTMX)
    assert answer.status_code == 422
    assert "已被别人修改" in answer.content.decode()
    assert "后改的" in answer.content.decode()
    row.refresh_from_db()
    assert task_at(row.draft, "0")["title"] == "先改的"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_acts_on_a_task(desk: Client, row: PlanImport, headers: dict[str, str]) -> None:
    def act(key: str, action: str, **more: Any) -> Any:
        row.refresh_from_db()
        url = reverse("tasks:import_task_act", args=[row.pk, key, action])
        answer = desk.post(url, {"version": row.version} | more, headers=headers)
        assert answer.status_code == (200 if headers else 302), answer.content
        row.refresh_from_db()
        return answer

    answer = act("0", "merge")
    assert task_at(row.draft, "1")["dropped"]
    if headers:
        assert 'id="task-1" hx-swap-oob="true"' in answer.content.decode()
    act("1", "undrop")
    act("0", "reset")
    act("0", "split", at=task_at(row.draft, "0")["text"].index("明确"))
    assert len(row.draft["tasks"]) == 5
    act("3", "drop")
    assert task_at(row.draft, "3")["dropped"]


def test_acts_that_make_no_sense_are_refused_with_a_sentence(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_task_act", args=[row.pk, "0", "explode"])
    assert desk.post(url, {"version": 1}, headers=HTMX).status_code == 422
    url = reverse("tasks:import_task_act", args=[row.pk, "0", "split"])
    assert desk.post(url, {"version": 1}, headers=HTMX).status_code == 422
    url = reverse("tasks:import_task_act", args=[row.pk, "nope", "drop"])
    assert desk.post(url, {"version": 1}, headers=HTMX).status_code == 422


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "1e3"])
def test_what_is_no_number_is_refused_and_not_a_crash(desk: Client, row: PlanImport, number: str) -> None:
    key = next(iter(printed_names(row.draft)))
    sent = (
        ("import_task_act", ["0", "split"], {"version": "1", "at": number}),
        ("import_task_act", ["0", "drop"], {"version": number}),
        ("import_units", [], {"version": number, f"m-{key}": f"u:{number}"}),
        ("import_confirm", [], {"version": number}),
        ("import_act", [], {"action": "revises", "campaign": number}),
    )
    for name, more, data in sent:
        assert desk.post(reverse(f"tasks:{name}", args=[row.pk, *more]), data, headers=HTMX).status_code < 500
    row.refresh_from_db()
    assert row.state == PlanImport.State.REVIEW and not row.draft["tasks"][0].get("dropped")


def test_a_task_by_hand_and_the_head(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_task_add", args=[row.pk])
    fields = form_of(desk.get(f"{url}?after=1").content.decode(), "new")
    answer = desk.post(url, fields | {"after": "1", "tnew-text": "补一项任务。", "tnew-units-0-name": "县能源局"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.draft["tasks"][2]["text"] == "补一项任务。"
    head = reverse("tasks:import_head", args=[row.pk])
    values = {
        "title": "更好的名称",
        "level": "county",
        "start": "2026-02-01",
        "end": "2026-01-01",
        "version": row.version,
    }
    assert "不能早于" in desk.post(head, values).content.decode()
    assert desk.post(head, values | {"end": "2026-12-31"}, headers=HTMX).status_code == 200
    row.refresh_from_db()
    assert row.draft["campaign"]["title"] == "更好的名称"


def outline_fields(desk: Client, url: str, part: str) -> dict[str, str]:
    """The form of a list beside the tasks, as the browser would send it back."""
    html = unescape(desk.get(url).content.decode())
    fields = dict(re.findall(rf'<input[^>]*name="({part}-[^"]+|version)"(?:[^>]*value="([^"]*)")?', html))
    for name, options in re.findall(rf'<select[^>]*name="({part}-[^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: value for name, value in fields.items() if "__prefix__" not in name}


def test_stages_goals_and_reporting_are_corrected_and_confirmed(
    desk: Client, staff: User, row: PlanImport, capture: Capture
) -> None:
    def send(part: str, change: dict[str, str], headers: dict[str, str] | None = None) -> Any:
        url = reverse("tasks:import_outline", args=[row.pk, part])
        return desk.post(url, outline_fields(desk, url, part) | change, headers=headers or {})

    before = {part: len(row.draft[part] or []) for part in ("stages", "goals", "reporting")}
    at = before["stages"]
    stage = {f"stages-{at}-name": "宣传发动", f"stages-{at}-start": "2026-03-01"}
    wrong = send("stages", stage | {f"stages-{at}-end": "2026-02-01"})
    assert wrong.status_code == 422 and "不能早于" in wrong.content.decode() and "宣传发动" in wrong.content.decode()
    nameless = send("stages", {f"stages-{at}-start": "2026-03-01"})
    assert nameless.status_code == 422 and "请填写阶段名称" in nameless.content.decode()
    answer = send("stages", stage | {f"stages-{at}-end": "2026-03-31"}, HTMX)
    assert answer.status_code == 200 and "2026-03-01 至 2026-03-31" in answer.content.decode()
    at = before["goals"]
    assert send("goals", {f"goals-{at}-indicator": "下井人数", f"goals-{at}-comparator": ">="}).status_code == 422
    goal = {"indicator": "下井人数压减", "comparator": ">=", "value": "10", "unit": "%", "by": "2026-12-31"}
    assert send("goals", {f"goals-{at}-{name}": value for name, value in goal.items()}).status_code == 302
    at = before["reporting"]
    duty = {f"reporting-{at}-what": "月报", f"reporting-{at}-every": "month"}
    assert send("reporting", duty | {f"reporting-{at}-due": "月底"}).status_code == 422
    assert send("reporting", duty | {f"reporting-{at}-due": "40日前"}).status_code == 422
    assert send("reporting", duty | {f"reporting-{at}-due": "每月28日前"}).status_code == 302
    assert send("reporting", {}).status_code == 302  # looked at and saved: nothing changes
    row.refresh_from_db()
    assert row.draft["reporting"][at] == {
        "what": "月报", "from": None, "to": None, "every": "month", "due": "28th of month", "text": "",
    }  # fmt: skip
    with capture(execute=True):
        campaign = confirm_import(by=staff, plan_import=row, version=row.version)
    assert campaign.stages.get(name="宣传发动").end.isoformat() == "2026-03-31"
    assert str(campaign.targets.get(indicator="下井人数压减").value) == "10.00"
    assert campaign.reporting_duties.get(what="月报").when == "每月 28日前"


def test_a_removed_row_is_gone_and_a_list_conflicts_by_itself(desk: Client, row: PlanImport) -> None:
    url = reverse("tasks:import_outline", args=[row.pk, "reporting"])
    assert desk.get(reverse("tasks:import_outline", args=[row.pk, "tasks"])).status_code == 404
    desk.post(url, outline_fields(desk, url, "reporting") | {"reporting-0-what": "周报"})
    seen = outline_fields(desk, url, "reporting")
    assert desk.post(url, seen | {"reporting-0-what": ""}).status_code == 302
    late = desk.post(url, seen | {"reporting-0-what": "旬报"})
    assert late.status_code == 422 and "刚才已被别人修改" in late.content.decode()
    again = desk.post(url, seen | {"reporting-0-what": "旬报"}, headers=HTMX)
    assert again.status_code == 422  # sending the same once more does not carry over what was not seen
    row.refresh_from_db()
    assert not any(duty["what"] in ("周报", "旬报") for duty in row.draft["reporting"])


# -- matching and confirming


def test_units_are_matched_and_the_campaign_confirmed(desk: Client, row: PlanImport, county: County) -> None:
    url = reverse("tasks:import_units", args=[row.pk])
    html = desk.get(url).content.decode()
    assert "县能源管理部" in html
    assert "现有2个单位" in html
    key = name_key("县能源管理部")
    answer = desk.post(url, {"version": row.version, f"m-{key}": "other", f"o-{key}": "没有这个局"})
    assert answer.status_code == 422
    assert "目录里没有" in answer.content.decode()
    answer = desk.post(url, {"version": row.version, f"m-{key}": "other", f"o-{key}": "青岚县能源局", "next": "1"})
    assert answer["Location"] == reverse("tasks:import_confirm", args=[row.pk])
    row.refresh_from_db()
    html = desk.get(answer["Location"]).content.decode()
    assert "个名称没有对应" not in html
    answer = desk.post(answer["Location"], {"version": row.version, "learn": "1"})
    campaign = Campaign.objects.get()
    assert answer["Location"] == campaign.get_absolute_url()
    assert UnitAlias.objects.get().unit == county.energy
    again = desk.post(reverse("tasks:import_confirm", args=[row.pk]), {"version": row.version})
    assert again["Location"] == campaign.get_absolute_url()
    assert Campaign.objects.count() == 1


def test_unmatched_names_are_counted_before_confirming(desk: Client, row: PlanImport) -> None:
    html = desk.get(reverse("tasks:import_confirm", args=[row.pk])).content.decode()
    assert "还有 1 个名称没有对应：县能源管理部" in html


def test_a_new_unit_is_entered_and_matched(desk: Client, row: PlanImport, county: County) -> None:
    url = reverse("tasks:import_new_unit", args=[row.pk])
    key = name_key("县能源管理部")
    assert "县能源管理部" in desk.get(f"{url}?key={key}").content.decode()
    answer = desk.post(url, {"key": key, "name": "青岚县能源管理部", "kind": "department", "region": county.region.pk})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.matches[key] == {"unit": Unit.objects.get(name="青岚县能源管理部").pk}
    answer = desk.post(url, {"key": key, "name": "青岚县能源管理部", "kind": "department", "region": county.region.pk})
    assert answer.status_code == 422


def test_a_large_confirmation_is_a_job_to_watch(
    desk: Client, capture: Capture, row: PlanImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.views.imports.steps.WAITED_FOR", 2)
    url = reverse("tasks:import_confirm", args=[row.pk])
    with capture(execute=True):
        answer = desk.post(url, {"version": row.version, "learn": "1"})
    job = Job.objects.latest("pk")
    assert answer["Location"] == job.get_absolute_url()
    assert (job.state, job.result["url"]) == ("done", Campaign.objects.get().get_absolute_url())


def test_a_confirmation_that_failed_leads_back(desk: Client, capture: Capture, row: PlanImport, staff: User) -> None:
    with capture(execute=True):
        job = start_job("tasks.confirm_import", by=staff, about=row, args={"version": 99, "learn": True})
    html = desk.get(job.get_absolute_url()).content.decode()
    assert "又有改动" in html
    assert f'href="{row.get_absolute_url()}"' in html
    assert Campaign.objects.count() == 0


def test_a_second_click_finds_the_job_under_way(desk: Client, row: PlanImport, staff: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("tasks.views.imports.steps.WAITED_FOR", 2)
    first = start_job("tasks.confirm_import", by=staff, about=row, args={"version": 1, "learn": True})
    answer = desk.post(reverse("tasks:import_confirm", args=[row.pk]), {"version": row.version})
    assert answer["Location"] == first.get_absolute_url()


def test_a_revision_is_proposed_compared_and_confirmed(
    desk: Client, capture: Capture, row: PlanImport, staff: User, county: County
) -> None:
    campaign = confirm_import(by=staff, plan_import=row, version=row.version)
    answer = upload(
        desk, capture, county, PLAN.replace("明确专人管理", "明确两人管理").replace("4.加强应急准备", "4.加强值守")
    )
    html = desk.get(answer["Location"]).content.decode()
    assert "按修订稿处理" in html
    new = PlanImport.objects.latest("pk")
    desk.post(reverse("tasks:import_act", args=[new.pk]), {"action": "revises", "campaign": campaign.pk})
    html = desk.get(reverse("tasks:import_confirm", args=[new.pk])).content.decode()
    assert "<del>专</del><ins>两</ins>" in html
    new.refresh_from_db()
    answer = desk.post(reverse("tasks:import_confirm", args=[new.pk]), {"version": new.version})
    assert answer["Location"] == campaign.get_absolute_url()
    assert Campaign.objects.count() == 1


def test_a_campaign_leads_to_the_import_of_its_revision(desk: Client, row: PlanImport, staff: User) -> None:
    campaign = confirm_import(by=staff, plan_import=row, version=row.version)
    address = f"{reverse('tasks:import_new')}?revises={campaign.pk}"
    assert address in desk.get(campaign.get_absolute_url()).content.decode()
    assert f'<option value="{campaign.pk}" selected>' in desk.get(address).content.decode()


# -- who sees what


PAGES = (
    "import",
    "import_progress",
    "import_head",
    "import_task_add",
    "import_units",
    "import_new_unit",
    "import_confirm",
)


@pytest.mark.parametrize("name", PAGES)
def test_a_neighbour_county_finds_nothing(client: Client, stranger: User, row: PlanImport, name: str) -> None:
    client.force_login(stranger)
    assert client.get(reverse(f"tasks:{name}", args=[row.pk])).status_code == 404
    assert client.post(reverse("tasks:import_act", args=[row.pk]), {"action": "discard"}).status_code == 404


@pytest.mark.parametrize("person", ["inspector", "leader", "auditor", "liaison", "clerk"])
def test_those_who_do_not_import_are_told_so(
    client: Client, request: pytest.FixtureRequest, row: PlanImport, person: str
) -> None:
    user = request.getfixturevalue(person)
    client.force_login(user)
    assert client.get(reverse("tasks:imports")).status_code == 403
    assert client.get(reverse("tasks:import_new")).status_code == 403
    assert client.get(row.get_absolute_url()).status_code == 403
    assert not may_see_evidence(user, row.source)


def test_the_list_shows_unfinished_and_finished(
    desk: Client, capture: Capture, row: PlanImport, staff: User, county: County, stranger: User
) -> None:
    other = read_import(capture, stranger, county.other_region, name="邻县方案.txt")
    discard_import(by=stranger, plan_import=other)
    html = desk.get(reverse("tasks:imports")).content.decode()
    assert "方案.txt" in html
    assert "待核对" in html
    assert "邻县方案" not in html


def test_the_list_costs_the_same_for_two_and_for_twenty(
    desk: Client, capture: Capture, staff: User, county: County
) -> None:
    counts = []
    for many in (2, 20):
        while PlanImport.objects.count() < many:
            read_import(capture, staff, county.region, text=PLAN + "　" * PlanImport.objects.count())
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("tasks:imports"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_plan_of_three_hundred_tasks_stays_quick_to_show(desk: Client, capture: Capture, county: County) -> None:
    line = (
        "{n}.任务{n}。对矿山的各类隐患逐一登记并落实整改，明确专人负责，按月更新台账，及时销号。"
        "（责任单位：县应急管理局、县能源局、各煤矿企业；完成时限：2026年12月底前）"
    )
    body = "\n".join(line.format(n=n) for n in range(1, 301))
    head, tail = PLAN.split("1.建立隐患台账")[0], "三、实施步骤" + PLAN.split("三、实施步骤")[1]
    answer = upload(desk, capture, county, f"{head}{body}\n{tail}")
    page, tasks = answer["Location"], 0
    shown = desk.get(page)
    while shown:
        assert len(shown.content) <= 120_000
        tasks += len(re.findall(rb'<li class="draft-task[^>]*id="task-', shown.content))
        more = re.search(rb'hx-get="(\?since=\d+)"', shown.content)
        shown = more and desk.get(page + more[1].decode(), headers={"HX-Request": "true"})
    assert tasks == 300
    without_scripts = desk.get(page + "?since=240").content.decode()
    assert 'href="?since=160"' in without_scripts and "任务300" in without_scripts
    paper = desk.get(page + "source/")
    assert "任务300。" in paper.content.decode() and "<html" in paper.content.decode()
    assert "<html" not in desk.get(page + "source/", headers={"HX-Request": "true"}).content.decode()


def test_names_that_differ_in_the_kind_of_office_are_taken_at_a_word(
    capture: Capture, desk: Client, staff: User, county: County
) -> None:
    row = read_import(capture, staff, county.region, text=PLAN.replace("县能源管理部", "县能源部门"))
    url, key = reverse("tasks:import_units", args=[row.pk]), name_key("县能源部门")
    assert key not in row.matches
    desk.post(url, {"version": row.version, "rest": ""})
    row.refresh_from_db()
    assert key not in row.matches
    desk.post(url, {"version": row.version, "rest": "likely"})
    row.refresh_from_db()
    assert row.matches[key] == {"unit": county.energy.pk}
