"""From a document to a campaign, by the services alone."""

from __future__ import annotations

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path
from common.history import changes_of, history_of
from common.models import Event
from tasks.models import Campaign, PlanImport
from tasks.plans.document import Document
from tasks.plans.tests.plan_files import SAMPLES
from tasks.services import imports
from tasks.services.drafts import (
    AddTask,
    Change,
    DropTask,
    EditHead,
    EditTask,
    MergeTask,
    ResetTask,
    SettleWarning,
    SplitTask,
    UndropTask,
    cut_spans,
    draft_of,
    join_words,
    plan_of,
    task_at,
)
from tasks.tests.importing import PLAN, Capture, read_import
from tasks.tests.plans import shipped_plans
from units.models import UnitAlias, UnitGroup, User
from units.names import name_key
from units.tests.people import County


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Capture) -> Capture:
    return django_capture_on_commit_callbacks


@pytest.fixture
def row(capture: Capture, staff: User, county: County) -> PlanImport:
    return read_import(capture, staff, county.region)


def correct(by: User, row: PlanImport, change: Change, version: int | None = None) -> PlanImport:
    return imports.correct_draft(
        by=by, plan_import=row, version=row.version if version is None else version, change=change
    )


# -- reading


def test_a_document_is_kept_read_and_matched_where_certain(row: PlanImport, county: County) -> None:
    assert row.state == PlanImport.State.REVIEW
    assert evidence_path(row.source.sha256).read_bytes() == PLAN.encode()
    assert row.draft["campaign"]["title"] == "青岚县矿山安全专项整治实施方案"
    assert [task["number"] for task in row.draft["tasks"]] == ["1", "2", "3", "4"]
    assert row.matches[name_key("县应急管理局")] == {"unit": county.bureau.pk}
    assert row.matches[name_key("各煤矿企业")] == {"group": county.mines.pk}
    assert name_key("县能源管理部") not in row.matches
    assert Campaign.objects.count() == 0


def test_every_place_quotes_the_source(row: PlanImport) -> None:
    blocks = [block["text"] for block in row.document["blocks"]]
    for task in row.draft["tasks"]:
        for unit in task["units"]:
            quoted = "".join(blocks[block][start:end] for block, start, end in unit["spans"])
            assert quoted == unit["name"]


def test_a_document_survives_its_plain_form(row: PlanImport) -> None:
    document = imports.document_from_json("方案.txt", row.document)
    assert isinstance(document, Document)
    assert imports.document_to_json(document) == row.document
    assert document == imports.open_source(row)


def test_pasted_words_are_read_like_a_file(capture: Capture, staff: User, county: County) -> None:
    with capture(execute=True):
        row = imports.receive_plan(by=staff, region=county.region, pasted=PLAN)
    row.refresh_from_db()
    assert (row.state, row.source, row.name, len(row.draft["tasks"])) == ("review", None, "粘贴的文字", 4)


@pytest.mark.parametrize(("name", "kept"), [("invented_plan.doc", ".doc"), ("invented_plan.xls", ".xls")])
def test_files_of_old_office_are_read_too(capture: Capture, staff: User, county: County, name: str, kept: str) -> None:
    with capture(execute=True):
        data = (SAMPLES / name).read_bytes()
        row = imports.receive_plan(by=staff, region=county.region, name=name, data=data)
    row.refresh_from_db()
    assert (row.state, row.source.name.endswith(kept)) == ("review", True)
    assert len(row.draft["tasks"]) > 4


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("方案.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document".encode("utf-16-le"), "幻灯片"),
        ("方案.docx", b"PK\x03\x04 not a zip", "已损坏"),
        ("方案.pdf", b"MZ\x90\x00\x03", "程序文件"),
        ("方案.txt", b"", "空"),
        ("扫描.png", b"\x89PNG\r\n\x1a\n", "图片"),
    ],
)
def test_what_is_no_plan_file_is_refused_at_the_door(
    staff: User, county: County, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        imports.receive_plan(by=staff, region=county.region, name=name, data=data)
    assert words in refusal.value.message
    assert "file" in refusal.value.fields
    assert PlanImport.objects.count() == 0


def test_a_file_too_big_is_refused_at_the_door(staff: User, county: County) -> None:
    with pytest.raises(Refused, match="20MB"):
        imports.receive_plan(by=staff, region=county.region, name="大.txt", data=b"a" * (20 * 1024 * 1024 + 1))


def test_a_file_that_cannot_be_read_keeps_its_reason_and_can_be_tried_again(
    capture: Capture, staff: User, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = read_import(capture, staff, county.region, data=b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF", name="方案.pdf")
    assert row.state == PlanImport.State.FAILED
    assert row.error
    assert row.job.state == "failed"
    monkeypatch.setattr(imports, "open_source", lambda _: None)
    with capture(execute=True):
        imports.retry_import(by=staff, plan_import=row)
    row.refresh_from_db()
    assert row.state == PlanImport.State.FAILED
    assert Campaign.objects.count() == 0


def test_an_unforeseen_fault_fails_with_a_sentence(
    capture: Capture, staff: User, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Document) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tasks.jobs.read_plan", broken)
    row = read_import(capture, staff, county.region)
    assert row.state == PlanImport.State.FAILED
    assert "重试" in row.error
    monkeypatch.undo()
    with capture(execute=True):
        imports.retry_import(by=staff, plan_import=row)
    row.refresh_from_db()
    assert row.state == PlanImport.State.REVIEW


def test_a_document_without_tasks_is_shown_but_not_confirmed(capture: Capture, staff: User, county: County) -> None:
    letter = "关于召开会议的通知\n各单位：\n定于3月1日召开会议，请准时参加。\n青岚县人民政府办公室\n2026年2月20日\n"
    row = read_import(capture, staff, county.region, text=letter)
    assert (row.state, row.draft["tasks"]) == (PlanImport.State.REVIEW, [])
    assert row.draft["warnings"]
    with pytest.raises(Refused, match="没有任务"):
        imports.confirm_import(by=staff, plan_import=row, version=row.version)


def test_the_same_source_is_known_again(row: PlanImport, staff: User, county: County, stranger: User) -> None:
    sha256 = imports.hash_of_source(PLAN.encode())
    assert imports.same_import(by=staff, region=county.region, sha256=sha256) == row
    assert imports.same_import(by=stranger, region=county.other_region, sha256=sha256) is None
    imports.discard_import(by=staff, plan_import=row)
    assert imports.same_import(by=staff, region=county.region, sha256=sha256) is None


def test_reading_again_makes_a_new_import_of_the_same_bytes(
    capture: Capture, row: PlanImport, second_staff: User
) -> None:
    with capture(execute=True):
        again = imports.reread_import(by=second_staff, plan_import=row)
    again.refresh_from_db()
    assert again.pk != row.pk
    assert (again.sha256, again.name, again.state, again.created_by) == (row.sha256, row.name, "review", second_staff)


@pytest.mark.parametrize("person", ["inspector", "leader", "liaison", "clerk", "stranger"])
def test_only_the_bureau_of_the_region_imports(
    request: pytest.FixtureRequest, row: PlanImport, county: County, person: str
) -> None:
    user = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        imports.receive_plan(by=user, region=county.region, pasted=PLAN)
    for act in (
        lambda: correct(user, row, DropTask("0")),
        lambda: imports.match_names(by=user, plan_import=row, version=1, matches={}),
        lambda: imports.confirm_import(by=user, plan_import=row, version=1),
        lambda: imports.discard_import(by=user, plan_import=row),
        lambda: imports.retry_import(by=user, plan_import=row),
    ):
        with pytest.raises(NotAllowed):
            act()
    row.refresh_from_db()
    assert (row.state, row.version) == ("review", 1)


# -- correcting


def test_a_correction_is_kept_counted_and_told(staff: User, row: PlanImport) -> None:
    row = correct(staff, row, EditTask("0", {"title": "建立一本台账", "units": []}))
    task = task_at(row.draft, "0")
    assert (task["title"], task["units"], task["v"], row.version) == ("建立一本台账", [], 2, 2)
    event = Event.objects.filter(verb="planimport.corrected").latest("pk")
    assert (event.before["title"], event.after["title"]) == ("建立隐患台账", "建立一本台账")


def test_two_people_on_one_task_conflict_and_on_two_tasks_do_not(
    staff: User, second_staff: User, row: PlanImport
) -> None:
    seen = row.version
    correct(staff, row, EditTask("0", {"title": "甲"}), seen)
    correct(second_staff, row, EditTask("1", {"title": "乙"}), seen)
    with pytest.raises(Conflict):
        correct(second_staff, row, EditTask("0", {"title": "丙"}), seen)
    with pytest.raises(Conflict):
        correct(second_staff, row, MergeTask("1"), seen)
    row.refresh_from_db()
    assert [task_at(row.draft, key)["title"] for key in ("0", "1")] == ["甲", "乙"]


def test_the_head_conflicts_by_itself(staff: User, second_staff: User, row: PlanImport) -> None:
    seen = row.version
    correct(staff, row, EditHead({"title": "新名称", "end": "2027-01-31"}), seen)
    with pytest.raises(Conflict):
        correct(second_staff, row, EditHead({"title": "另一名称"}), seen)
    row.refresh_from_db()
    assert (row.draft["campaign"]["title"], row.draft["campaign"]["end"]) == ("新名称", "2027-01-31")
    assert row.draft["campaign"]["issuer"] == row.plan["campaign"]["issuer"]


def test_merging_joins_words_units_and_deadlines(staff: User, row: PlanImport) -> None:
    row = correct(staff, row, MergeTask("0"))
    merged, gone = task_at(row.draft, "0"), task_at(row.draft, "1")
    assert merged["text"].endswith("2.开展自查自改。各矿每月组织一次全面自查。")
    assert [unit["name"] for unit in merged["units"]] == ["县应急管理局", "县能源局", "各煤矿企业"]
    assert {d["kind"] for d in merged["deadlines"]} == {"date", "ongoing"}
    assert [r["every"] for r in merged["recurrences"]] == ["month"]
    assert gone["dropped"]
    assert [task["id"] for task in plan_of(row.draft)["tasks"]] == [
        t["id"] for t in row.plan["tasks"] if t is not row.plan["tasks"][1]
    ]


def test_splitting_cuts_the_words_and_keeps_the_units(staff: User, row: PlanImport) -> None:
    text = task_at(row.draft, "0")["text"]
    row = correct(staff, row, SplitTask("0", text.index("明确")))
    first, second = row.draft["tasks"][:2]
    assert (first["text"], second["text"]) == ("对全县矿山逐矿登记隐患，", "明确专人管理。")
    assert [u["name"] for u in second["units"]] == ["县应急管理局", "县能源局"]
    assert second["deadlines"] == first["deadlines"]
    assert len({task["id"] for task in row.draft["tasks"]}) == 5
    blocks = [block["text"] for block in row.document["blocks"]]
    assert "".join(blocks[b][s:e] for b, s, e in second["spans"]["text"]) == "明确专人管理。"


@pytest.mark.parametrize("at", [0, 10_000])
def test_splitting_at_an_end_is_refused(staff: User, row: PlanImport, at: int) -> None:
    with pytest.raises(Refused, match="光标"):
        correct(staff, row, SplitTask("0", at))


def test_dropped_tasks_can_be_taken_back_and_changes_undone(staff: User, row: PlanImport) -> None:
    original = copy.deepcopy(row.draft)
    row = correct(staff, row, DropTask("2"))
    assert [t["key"] for t in plan_of(row.draft)["tasks"]] == ["0", "1", "3"]
    row = correct(staff, row, UndropTask("2"))
    row = correct(staff, row, EditTask("3", {"title": "改", "deadlines": [], "path": []}))
    row = correct(staff, row, ResetTask("3"))
    assert task_at(row.draft, "3") == task_at(original, "3") | {"v": row.version}
    assert len(plan_of(row.draft)["tasks"]) == 4


def test_a_task_by_hand_stands_where_it_was_put(staff: User, row: PlanImport) -> None:
    change = AddTask("1", {"text": "补充一项任务。", "title": None})
    row = correct(staff, row, change)
    keys = [task["key"] for task in row.draft["tasks"]]
    assert keys == ["0", "1", change.key_in(row.draft), "2", "3"]
    assert task_at(row.draft, change.key_in(row.draft))["path"] == task_at(row.draft, "1")["path"]
    with pytest.raises(Refused, match="手工添加"):
        correct(staff, row, ResetTask(change.key_in(row.draft)))
    with pytest.raises(Refused, match="任务内容"):
        correct(staff, row, AddTask(None, {"text": ""}))


def test_a_parent_goes_and_comes_with_its_parts() -> None:
    plan = next(plan for plan in shipped_plans() if any(task.get("children") for task in plan["tasks"]))
    draft = draft_of(plan)
    parent = next(task for task in draft["tasks"] if task.get("children"))
    parts = [task for task in draft["tasks"] if task.get("parent") == parent["id"]]
    DropTask(parent["key"]).apply(draft, plan)
    assert all(task["dropped"] for task in [parent, *parts])
    UndropTask(parent["key"]).apply(draft, plan)
    assert not any(task["dropped"] for task in draft["tasks"])
    for part in parts:
        DropTask(part["key"]).apply(draft, plan)
    assert next(t for t in plan_of(draft)["tasks"] if t["id"] == parent["id"])["children"] is False
    with pytest.raises(Refused, match="分项"):
        MergeTask(parent["key"]).apply(draft, plan)


def test_a_draft_untouched_is_the_plan_as_read() -> None:
    for plan in shipped_plans():
        again = plan_of(draft_of(plan))
        for task, read in zip(again["tasks"], plan["tasks"], strict=True):
            for name in ("id", "path", "number", "title", "text"):
                assert task.get(name) == read.get(name)
            assert bool(task["children"]) == bool(read.get("children"))


def test_words_join_as_sentences_or_close_up() -> None:
    assert join_words("排查隐患。", "逐一整改。") == "排查隐患。\n逐一整改。"
    assert join_words("排查隐", "患") == "排查隐患"
    assert cut_spans([[1, 0, 10], [2, 0, 10]], 20, 15) == ([[1, 0, 10], [2, 0, 5]], [[2, 5, 10]])


def test_warnings_can_be_settled(staff: User, capture: Capture, county: County) -> None:
    row = read_import(capture, staff, county.region, text=PLAN.replace("（责任单位：石门镇人民政府；", "（"))
    if not row.draft["warnings"]:
        row.draft["warnings"] = [{"code": "x", "message": "请核对。"}]
        row.save()
    row = correct(staff, row, SettleWarning(0))
    assert row.draft["settled"] == [0]
    assert correct(staff, row, SettleWarning(0, settled=False)).draft["settled"] == []
    with pytest.raises(Refused):
        correct(staff, row, SettleWarning(99))


# -- matching and confirming


def match(by: User, row: PlanImport, **more: Any) -> PlanImport:
    return imports.match_names(by=by, plan_import=row, version=row.version, **more)


def test_matching_refuses_what_is_not_in_the_directory(staff: User, row: PlanImport, county: County) -> None:
    key = name_key("县能源管理部")
    theirs = UnitGroup.objects.create(name="外县各煤矿", region=county.other_region, kinds=["mine"])
    for wrong in ({"unit": 999_999}, {"group": 999_999}, {"unit": county.other_mine.pk}, {"group": theirs.pk}):
        with pytest.raises(Refused, match="目录"):
            match(staff, row, matches={key: wrong})
    row = match(staff, row, matches={key: {"unit": county.energy.pk}})
    assert row.matches[key] == {"unit": county.energy.pk}
    told = changes_of(history_of(row).get(verb="planimport.matched"))
    assert [(one.label, one.before, one.after) for one in told] == [(key, "", str(county.energy))]
    with pytest.raises(Conflict):
        imports.match_names(by=staff, plan_import=row, version=1, matches={key: None})
    assert key not in match(staff, row, matches={key: None}).matches


def test_confirming_writes_the_campaign_whole_and_learns_the_names(
    staff: User, row: PlanImport, county: County
) -> None:
    row = match(staff, row, matches={name_key("县能源管理部"): {"unit": county.energy.pk}})
    counted = imports.count_assignments(row)
    campaign = imports.confirm_import(by=staff, plan_import=row, version=row.version)
    row.refresh_from_db()
    assert (row.state, row.campaign) == (PlanImport.State.CONFIRMED, campaign)
    assert campaign.tasks.count() == 4
    assert campaign.assignments.count() == counted == 6
    assert list(campaign.stages.values_list("name", flat=True)) == ["动员部署", "集中整治"]
    assert UnitAlias.objects.get(region=county.region).unit == county.energy
    task = campaign.tasks.get(ref=row.plan["tasks"][0]["id"])
    assert task.text == row.plan["tasks"][0]["text"]
    assert task.source_span


def test_confirming_twice_makes_one_campaign(staff: User, second_staff: User, row: PlanImport) -> None:
    first = imports.confirm_import(by=staff, plan_import=row, version=row.version)
    assert imports.confirm_import(by=second_staff, plan_import=row, version=row.version) == first
    assert Campaign.objects.count() == 1
    with pytest.raises(Conflict):
        correct(staff, row, DropTask("0"))
    with pytest.raises(Conflict):
        imports.discard_import(by=staff, plan_import=row)


@pytest.mark.django_db(transaction=True)
def test_two_people_confirming_at_once_make_one_campaign(staff: User, second_staff: User, county: County) -> None:
    row = imports.receive_plan(by=staff, region=county.region, pasted=PLAN)
    start = threading.Barrier(2)

    def confirm(person: User) -> int:
        try:
            start.wait(timeout=10)
            return imports.confirm_import(by=person, plan_import=row, version=1).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(confirm, (staff, second_staff))
    assert first == second
    assert Campaign.objects.count() == 1


def test_confirming_an_older_draft_is_a_conflict(staff: User, second_staff: User, row: PlanImport) -> None:
    seen = row.version
    correct(second_staff, row, DropTask("0"))
    with pytest.raises(Conflict, match="又有改动"):
        imports.confirm_import(by=staff, plan_import=row, version=seen)
    assert Campaign.objects.count() == 0


def test_a_fault_while_confirming_leaves_nothing(staff: User, row: PlanImport, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("tasks.services.campaigns.running.assign", broken)
    with pytest.raises(RuntimeError):
        imports.confirm_import(by=staff, plan_import=row, version=row.version)
    row.refresh_from_db()
    assert (Campaign.objects.count(), row.state, UnitAlias.objects.count()) == (0, "review", 0)


def test_not_learning_leaves_the_directory_alone(staff: User, row: PlanImport, county: County) -> None:
    row = match(staff, row, matches={name_key("县能源管理部"): {"unit": county.energy.pk}})
    imports.confirm_import(by=staff, plan_import=row, version=row.version, learn=False)
    assert UnitAlias.objects.count() == 0


def test_an_import_given_up_is_kept_and_found_again(staff: User, row: PlanImport) -> None:
    row = correct(staff, row, EditTask("0", {"title": "改过的"}))
    imports.discard_import(by=staff, plan_import=row)
    with pytest.raises(Conflict):
        correct(staff, row, DropTask("1"))
    row = imports.resume_import(by=staff, plan_import=row)
    assert (row.state, task_at(row.draft, "0")["title"]) == ("review", "改过的")


def test_a_revision_through_the_import_changes_the_standing_campaign(
    capture: Capture, staff: User, row: PlanImport, county: County
) -> None:
    campaign = imports.confirm_import(by=staff, plan_import=row, version=row.version)
    text = PLAN.replace("明确专人管理", "明确专人管理并每周更新").replace("4.加强应急准备", "4.加强应急值守")
    again = read_import(capture, staff, county.region, text=text, revises=campaign)
    assert imports.confirm_import(by=staff, plan_import=again, version=again.version) == campaign
    assert Campaign.objects.count() == 1
    assert campaign.tasks.in_force().get(number="1").text.endswith("并每周更新。")


def test_a_revision_of_another_region_is_refused(staff: User, stranger: User, row: PlanImport, county: County) -> None:
    campaign = imports.confirm_import(by=staff, plan_import=row, version=row.version)
    with pytest.raises(Refused, match="本地区"):
        imports.receive_plan(by=stranger, region=county.other_region, pasted=PLAN, revises=campaign)
