"""Confirming an import: what the check kept is written once, whole or not at all, and never over newer work."""

import datetime as dt
import os

import pytest
from django.core.files.base import ContentFile

from common.errors import Refused
from common.evidence import evidence_path
from common.history import history_of
from common.jobs import start_job
from common.models import Event
from hazards.exports.register import make_book, rows_of
from hazards.models import Hazard, RegisterImport
from hazards.services import imports
from hazards.services.imports import writing
from hazards.services.imports.kept import KeptRows
from hazards.services.register import grade_hazard, register_hazard
from hazards.tests.tables import checked, workbook
from units.models import Unit

HEAD = ["编号", "煤矿名称", "隐患部位", "存在的问题", "隐患级别", "检查时间", "整改时限", "整改措施"]


def row(words: str, *, number: str = "", level: str = "一般", measures: str = "") -> list[str]:
    return [number, "石门煤矿", "主井", words, level, "2026-03-05", "7日内", measures]


def test_the_file_is_read_once(staff, coal_mine):
    run = checked(staff, workbook([HEAD, row("一号"), row("二号")]))
    evidence_path(run.sha256).unlink()
    imports.confirm_import(by=staff, run=run)
    assert Hazard.objects.count() == 2
    assert not KeptRows(run).path.exists()


def test_rows_kept_too_long_are_checked_again(staff, coal_mine):
    run = checked(staff, workbook([HEAD, row("一号")]))
    coal_mine.name = "改名煤矿"
    coal_mine.save()
    os.utime(KeptRows(run).path, (0, 0))
    with pytest.raises(Refused, match="没有要写入"):
        imports.confirm_import(by=staff, run=run)
    assert not Hazard.objects.exists()


def test_a_hazard_registered_since_the_check_is_not_doubled(staff, coal_mine):
    run = checked(staff, workbook([HEAD, row("罐笼防坠器失效"), row("信号不通")]))
    day = dt.date(2026, 3, 5)
    register_hazard(
        by=staff, mine=coal_mine, place="主井", description="罐笼防坠器失效", source="inspection", found_on=day
    )
    imports.confirm_import(by=staff, run=run)
    words = sorted(Hazard.objects.values_list("description", flat=True))
    assert words == ["信号不通", "罐笼防坠器失效"]
    assert Hazard.objects.filter(level="general").count() == 2, "the row puts the known one right instead"


def test_what_somebody_changed_since_is_checked_again(staff, second_staff, hazard):
    head = ["编号", "问题隐患", "整改措施"]
    run = checked(staff, workbook([head, [hazard.number, "机头护罩缺失", "加装护罩"]]))
    grade_hazard(by=second_staff, hazard=hazard, level="general", due_on=hazard.found_on)
    Hazard.objects.filter(pk=hazard.pk).update(description="机头护罩全部缺失")
    with pytest.raises(Refused):
        imports.confirm_import(by=staff, run=run)
    run.refresh_from_db()
    assert run.state == "checked" and "定级以后不能用表格修改" in run.preview["errors"][0][3]


def test_another_persons_rights_are_another_check(staff, inspector, coal_mine):
    run = checked(staff, workbook([HEAD, row("一号")]))
    imports.confirm_import(by=inspector, run=run)
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.level) == ("registered", ""), "an inspector does not grade"


def test_many_changes_at_once_leave_a_line_for_each(staff, admin, coal_mine):
    rows = [row(f"{number}号问题", level="") for number in range(30)]
    imports.confirm_import(by=staff, run=checked(staff, workbook([HEAD, *rows])))
    known = Hazard.objects.order_by("pk")
    again = [row(one.description, number=one.number, level="", measures=f"措施{one.pk}") for one in known]
    run = checked(staff, workbook([HEAD, *again]))
    assert run.preview["counts"]["changed"] == 30
    imports.confirm_import(by=staff, run=run)
    last = known.last()
    event = history_of(last).first()
    assert last.measures == f"措施{last.pk}"
    assert (event.verb, event.before["measures"], event.batch) == ("hazard.changed", "", run.batch)


def test_an_interrupted_import_leaves_nothing_and_is_done_once(
    staff, coal_mine, monkeypatch, django_capture_on_commit_callbacks
):
    rows = [row(f"{number}号问题") for number in range(9)]
    run = checked(staff, workbook([HEAD, *rows]))
    monkeypatch.setattr(writing, "CHUNK", 4)
    create, calls = writing.Writer.create, []

    def killed_on_the_way(self, fresh):
        calls.append(len(fresh))
        if len(calls) == 2:
            raise KeyboardInterrupt
        create(self, fresh)

    monkeypatch.setattr(writing.Writer, "create", killed_on_the_way)
    with pytest.raises(KeyboardInterrupt):
        imports.confirm_import(by=staff, run=run)
    assert not Hazard.objects.exists() and not Event.objects.filter(verb="hazard.imported").exists()
    assert RegisterImport.objects.get().state == "checked"
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            start_job(imports.CONFIRM, by=staff, about=run)
    assert sorted(int(number[-5:]) for number in Hazard.objects.values_list("number", flat=True)) == list(range(1, 10))
    assert Event.objects.filter(verb="registerimport.confirmed").count() == 1


def test_what_a_mine_found_itself_under_a_clause_waits_for_the_bureau_to_grade_it(clerk, staff, coal_mine, catalogue):
    """A clause makes it a major hazard, which no mine may call general: neither on the page nor by a table."""
    head = [*HEAD, "判定条款"]
    mine = workbook([head, [*row("风机没有备用", level=""), "T1-1"], [*row("护栏松动", level="一般"), ""]])
    imports.confirm_import(by=clerk, run=checked(clerk, mine))
    named, plain = Hazard.objects.get(clause__code="T1-1"), Hazard.objects.get(clause=None)
    assert (named.state, named.level, named.proposed_level) == ("registered", "", "major")
    assert (plain.state, plain.level) == ("graded", "general")
    graded = workbook([head, [*row("风量不足", level="一般"), "T1-2"]])
    run = checked(clerk, graded)
    if run.preview["counts"]["new"]:
        imports.confirm_import(by=clerk, run=run)
    assert not Hazard.objects.filter(clause__code="T1-2").exclude(level="").exists()


def test_mines_of_one_name_are_told_apart_by_the_number_and_never_guessed(staff, clerk, coal_mine, hazard, county):
    twin = Unit.objects.create(name=coal_mine.name, kind="mine", region=county.region)
    book = make_book("full", rows_of(Hazard.objects.all(), "full"))
    run = checked(staff, ContentFile(book.read(), name="台账.xlsx"))
    assert run.preview["counts"] == {"new": 0, "changed": 0, "unchanged": 1, "wrong": 0}
    run = checked(staff, workbook([HEAD, row("罐笼防坠器失效")]))
    assert run.preview["counts"]["wrong"] == 1 and "分不清" in run.preview["errors"][0][3]
    assert twin.pk != hazard.mine_id
