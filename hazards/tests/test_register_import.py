"""A register comes in as a spreadsheet: columns mapped, rows checked, right ones written, wrong ones given back."""

import datetime as dt
import io

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook, load_workbook

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path
from common.history import history_of
from common.models import Event, Evidence
from common.tests.files import archive
from hazards.exports.register import make_book, rows_of
from hazards.imports.given import items_of
from hazards.imports.words import read_due_on, read_found_on, read_level, read_source, says_closed
from hazards.models import Hazard, RegisterImport, RememberedHeading
from hazards.services import imports
from hazards.services.proofs import record_reinspection
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.tests.tables import CONTRACTOR, checked, csv_file, sentences, workbook
from hazards.tests.test_life import to_awaiting
from units.models import UnitAlias
from units.names import name_key

HEAD = ["序号", "煤矿名称", "隐患部位", "存在的问题", "隐患级别", "检查时间", "整改时限", "整改责任人"]
TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "level"),
    [("重大", "major"), ("重大事故隐患", "major"), ("Ⅰ级", "major"), ("一级", "major"), (" I 级", "major"),
     ("一般", "general"), ("一般A级", "general"), ("一般隐患（B级）", "general"), ("一般隐患", "general"), ("Ⅱ级", "general"), ("Ⅲ级", "general")],
)  # fmt: skip
def test_levels_as_people_write_them(text, level):
    assert read_level(text) == level


@pytest.mark.parametrize("text", ["A级", "较大", "5级", "红色"])
def test_levels_that_mean_nothing_certain(text):
    with pytest.raises(ValueError, match="一般"):
        read_level(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024.3.5", (2024, 3, 5)), ("2024年3月5日", (2024, 3, 5)), ("3月5日", (2026, 3, 5)), ("12月5日", (2025, 12, 5)),
     ("2024-03-05", (2024, 3, 5)), ("45356", (2024, 3, 5)), ("二〇二四年三月五日", (2024, 3, 5))],
)  # fmt: skip
def test_days_as_people_write_them(text, day):
    assert read_found_on(text, TODAY) == dt.date(*day)


def test_days_that_cannot_be():
    for text in ("2026.12.1", "2024.1", "昨天", "1924-03-05"):
        with pytest.raises(ValueError):
            read_found_on(text, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [("立即整改", (2025, 12, 20)), ("7日内", (2025, 12, 27)), ("限15天", (2026, 1, 4)), ("十日内", (2025, 12, 30)), ("限两周内整改", (2026, 1, 3)), ("1月10日", (2026, 1, 10)),
     ("限7天内整改完毕", (2025, 12, 27)), ("一个月内", (2026, 1, 20)), ("本月底前", (2025, 12, 31)), ("26.1.10前完成", (2026, 1, 10)),
     ("2026年1月10日之前整改到位", (2026, 1, 10)), ("现场整改完毕", (2025, 12, 20)),
     ("2026年3月底", (2026, 3, 31))],
)  # fmt: skip
def test_limits_as_people_write_them(text, day):
    assert read_due_on(text, dt.date(2025, 12, 20)) == dt.date(*day)


def test_a_limit_without_an_end_is_no_limit():
    for text in ("长期坚持", "持续整改", "下次检修时"):
        with pytest.raises(ValueError, match="哪一天"):
            read_due_on(text, dt.date(2025, 12, 20))


def test_a_limit_before_the_finding_is_refused():
    with pytest.raises(ValueError, match="早于"):
        read_due_on("2025-12-01", dt.date(2025, 12, 20))


@pytest.mark.parametrize(
    ("text", "items"),
    [("1.风门坏；2、无人值守。", ["风门坏", "无人值守。"]), ("井口：①无牌；\n②缺栏", ["井口：无牌", "井口：缺栏"]),
     ("一是风机无挡板；二是记录不全", ["风机无挡板", "记录不全"]), ("（一）无牌。（二）缺栏", ["无牌。", "缺栏"]),
     ("1.2米栏杆缺2处", []), ("2.只有第二条；3.和第三条", []), ("第1、2部风机", [])],
)  # fmt: skip
def test_what_one_cell_numbers(text, items):
    assert items_of(text) == items


def test_sources_and_closures():
    assert [read_source(word) for word in ("矿自查", "执法检查", "12350举报", "上级交办", "监测预警")] == [
        "self_check", "inspection", "tip_off", "assigned", "monitoring",
    ]  # fmt: skip
    assert says_closed("已销号", "", "", "") and says_closed("", "", "合格", "") and says_closed("", "", "", "2024-3-5")
    assert not says_closed("已整改", "整改中", "不合格", "2024-3-5")
    assert not says_closed("未销号", "", "", "/")


def test_a_mixed_register_right_rows_in_wrong_rows_back(staff, county, coal_mine):
    UnitAlias.objects.create(unit=county.mine, region=county.region, name="石门矿", key=name_key("石门矿"))
    run = checked(
        staff,
        workbook(
            [
                ["青岚县煤矿隐患台账"],
                HEAD,
                [1, "石门煤矿", "主井", "罐笼防坠器失效", "一般", "2026.3.5", "立即整改", "李四"],
                [2, "石门矿", "副井", "信号不通", "Ⅱ级", dt.datetime(2026, 3, 6), "2026年3月20日", ""],
                [3, "白川一矿", "井口", "外县的矿", "一般", "2026-03-06", "2026-03-07", ""],
                [4, "石门煤狂", "井口", "名称写错", "一般", "2026-03-06", "2026-03-07", ""],
                [5, "石门煤矿", "采面", "支护不足", "重大", "2026-03-06", "2026-03-07", ""],
                [6, "石门煤矿", "采面", "", "三般", "2099-03-06", "", ""],
                [7, "石门煤矿", "副井", "信号不通", "一般", "2026-03-06", "2026-03-20", ""],
            ]
        ),
    )
    assert run.preview["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "wrong": 5}
    found = sentences(run)
    assert "白川" not in "".join(text for text in found.values()), "names of another county are not told"
    assert "石门煤矿" in found[(6, "煤矿名称")]
    assert "条款" in found[(7, "隐患级别")] or "理由" in found[(7, "隐患级别")]
    assert {(8, "存在的问题"), (8, "隐患级别"), (8, "检查时间")} <= set(found)
    assert "第 4 行" in found[(9, "")]
    imports.confirm_import(by=staff, run=run)
    first, second = Hazard.objects.order_by("pk")
    assert (first.state, first.level, first.due_on, first.responsible_person) == (
        "graded", "general", dt.date(2026, 3, 5), "李四",
    )  # fmt: skip
    assert [first.number[-5:], second.number[-5:]] == ["00001", "00002"]
    assert second.source == "inspection"
    imported = history_of(first).get()
    assert (imported.verb, imported.after["level"], imported.actor_name) == ("hazard.imported", "general", staff.name)
    assert Event.objects.filter(batch=run.batch, verb="registerimport.confirmed").count() == 1
    marked = Evidence.objects.about(run).get(caption="有误的行")
    sheet = load_workbook(io.BytesIO(evidence_path(marked.sha256).read_bytes())).active
    assert sheet.max_row == 6 and sheet.cell(1, sheet.max_column).value == "导入问题"
    assert sheet.cell(2, 2).value == "白川一矿"
    with pytest.raises(Conflict):
        imports.confirm_import(by=staff, run=run)


def test_a_table_as_a_county_prints_it(staff, county, coal_mine):
    """Groups of headings, numbers of columns, an example, totals and signatures around two records."""
    book = load_workbook(
        workbook(
            [
                ["青岚县煤矿隐患排查治理台账"],
                ["填报单位：青岚县应急管理局", "", "", "填报日期：2026年3月"],
                ["序号", "煤矿", "隐患", "", "", "", "整改", "", "资金（万元）"],
                ["", "", "时间", "地点", "内容", "等级", "措施", "时限", ""],
                [1, 2, 3, 4, 5, 6, 7, 8, 9],
                ["示例", "石门煤矿", "2026-1-1", "××", "照此填写", "一般", "××", "7日内", ""],
                ["一、井工矿"],
                [
                    1,
                    "1.石门煤矿有限公司",
                    "26.3.5",
                    "主井",
                    "罐笼防坠器失效",
                    "一般A级",
                    "更换",
                    "限7天内整改完毕",
                    3.5,
                ],
                [2, "石门矿（井工）", "3月6日上午", "副井", "信号不通", "/", "修复", "", "#N/A"],
                ["合 计", "", "", "", "2条", "", "", "", 3.5],
                *[[] for _ in range(700)],
                ["填表人：张三", "", "审核人：", "李四", "", "", "联系电话：0350-1234567"],
            ]
        )
    )
    for merged in ("A1:I1", "A2:C2", "D2:I2", "A3:A4", "B3:B4", "C3:F3", "G3:H3"):
        book.active.merge_cells(merged)
    target = io.BytesIO()
    book.save(target)
    run = checked(staff, ContentFile(target.getvalue(), name="台账.xlsx"))
    assert run.headings[2:8] == ["隐患时间", "地点", "隐患内容", "等级", "措施", "时限"]
    assert run.preview["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "wrong": 0}, run.preview["errors"]
    imports.confirm_import(by=staff, run=run)
    first, second = Hazard.objects.order_by("pk")
    assert (first.mine, first.level, first.found_on, first.due_on) == (
        county.mine, "general", dt.date(2026, 3, 5), dt.date(2026, 3, 12),
    )  # fmt: skip
    assert (second.mine, second.level, second.found_on.month) == (county.mine, "", 3)


def test_a_name_that_may_mean_two_mines_is_not_guessed(staff, county, coal_mine):
    row = ["煤矿名称", "检查时间", "存在的问题"]
    names = ["石门", "石门煤矿二号井"]
    run = checked(staff, workbook([row, *([name, "2026-3-5", f"问题{name}"] for name in names)]))
    assert set(sentences(run)) >= {(2, "煤矿名称"), (3, "煤矿名称")}


def test_a_formula_that_failed_is_named_and_one_never_computed_refused(staff, coal_mine):
    rows = [HEAD, [1, "石门煤矿", "井口", "#REF!", "一般", "2026-3-5", "#N/A", ""]]
    assert set(sentences(checked(staff, workbook(rows)))) == {(2, "存在的问题"), (2, "整改时限")}
    rows[1][3:] = ["灯不亮", "一般", "=DATE(2026,3,5)", "7日内", ""]
    with pytest.raises(Refused, match=r"F2.*保存一次"):
        checked(staff, workbook(rows))


def test_the_contractors_form_names_the_mine_as_responsible_unit(staff, county, coal_mine):
    row = ["风筒破损", "2026/3/5", "通风", "一般", "石门煤矿", "王五", "3月8日", "更换风筒", "", "", "", "整改中"]
    run = checked(staff, csv_file([CONTRACTOR, row]))
    assert run.mapping["4"] == "mine"
    imports.confirm_import(by=staff, run=run)
    hazard = Hazard.objects.get()
    assert (hazard.mine, hazard.measures, hazard.due_on) == (county.mine, "更换风筒", dt.date(2026, 3, 8))


def test_what_was_chosen_is_remembered_for_the_unit(staff, second_staff, coal_mine):
    rows = [["哪个矿", "毛病", "何时", "怎么改"], ["石门煤矿", "灯不亮", "2026-3-5", "换灯"]]
    run = imports.start_import(by=staff, file=workbook(rows))
    assert run.mapping == {}
    chosen = {"0": "mine", "1": "description", "2": "found_on", "3": "measures"}
    imports.map_import(by=staff, run=run, mapping=chosen, closed_rows="refuse")
    assert RememberedHeading.objects.count() == 4
    assert imports.start_import(by=second_staff, file=workbook(rows)).mapping == chosen


def test_a_mapping_without_what_tells_a_hazard_is_refused(staff, coal_mine):
    run = imports.start_import(by=staff, file=workbook([["矿山", "问题"], ["石门煤矿", "灯不亮"]]))
    with pytest.raises(Refused, match="发现日期"):
        imports.map_import(by=staff, run=run, mapping=run.mapping, closed_rows="refuse")
    with pytest.raises(Refused, match="2 次"):
        imports.map_import(by=staff, run=run, mapping={"0": "mine", "1": "mine"}, closed_rows="refuse")


def test_closed_rows_are_refused_or_come_in_open(staff, coal_mine):
    rows = [[*HEAD, "状态"], [1, "石门煤矿", "井口", "旧隐患", "一般", "2024-3-5", "2024-3-9", "", "已销号"]]
    run = checked(staff, workbook(rows))
    assert "不能直接销号" in sentences(run)[(2, "状态")]
    run = checked(staff, workbook(rows), closed_rows="register")
    imports.confirm_import(by=staff, run=run)
    hazard = Hazard.objects.get()
    assert hazard.state == "graded" and hazard.closed_on is None and "原台账记为已销号" in hazard.remark


def test_majors_open_the_five_and_the_double_report(staff, coal_mine, catalogue):
    rows = [[*HEAD, "判定条款"], [1, "石门煤矿", "风机房", "无备用风机", "重大", "2026-3-5", "2026-6-5", "", "T1-1"],
            [2, "石门煤矿", "坝", "裂缝", "重大", "2026-3-5", "2026-6-5", "", "T2-1"]]  # fmt: skip
    run = checked(staff, workbook(rows))
    assert "不适用" in sentences(run)[(3, "判定条款")]
    imports.confirm_import(by=staff, run=run)
    hazard = Hazard.objects.get()
    assert (hazard.level, hazard.clause, hazard.proposed_level) == ("major", catalogue["T1-1"], "major")
    assert hazard.implementations.count() == 5
    assert {facet.county for facet in hazard.implementations.all()} == {hazard.double_report.county} == {"149921"}
    assert hazard.double_report.due_on > hazard.found_on


def test_a_mine_imports_its_own_and_grades_no_major(clerk, sister_clerk, coal_mine, county):
    rows = [
        HEAD[2:],
        ["井口", "灯不亮", "一般", "2026-3-5", "3月9日", ""],
        ["采面", "离层", "重大", "2026-3-5", "3月9日", ""],
    ]
    run = checked(clerk, workbook(rows))
    imports.confirm_import(by=clerk, run=run)
    general, major = Hazard.objects.order_by("pk")
    assert {general.mine, major.mine} == {county.mine} and {general.source, major.source} == {"self_check"}
    assert general.state == "graded" and (major.state, major.level) == ("registered", "")
    run = checked(sister_clerk, workbook([HEAD, [1, "石门煤矿", "井口", "别人的", "一般", "2026-3-5", "3月9日", ""]]))
    assert run.preview["counts"]["wrong"] == 1
    assert not RegisterImport.objects.visible_to(sister_clerk).filter(by=clerk).exists()


def test_readers_and_other_departments_do_not_import(leader, auditor, liaison, coal_mine):
    for person in (leader, auditor, liaison):
        with pytest.raises(NotAllowed):
            imports.start_import(by=person, file=workbook([HEAD]))


@pytest.mark.parametrize("form", ["problems", "contractors", "full"])
def test_what_goes_out_comes_in_unchanged(staff, clerk, inspector, hazard, catalogue, coal_mine, today, form):
    for words in ("=1+1 的标牌\n第二行 ", "-未填"):
        register_hazard(by=staff, mine=coal_mine, place="@井口", description=words, source="inspection", found_on=today)
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
    move_hazard(by=clerk, hazard=hazard, action="start")
    to_awaiting(hazard, clerk, today)
    record_reinspection(
        by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=True, opinion="好"
    )
    data = make_book(form, rows_of(Hazard.objects.order_by("pk"), form), title="隐患台账").read()
    run = checked(staff, ContentFile(data, name="导出.xlsx"))
    assert run.preview["counts"] == {"new": 0, "changed": 0, "unchanged": 3, "wrong": 0}, run.preview


def test_a_known_hazard_is_put_right_but_not_settled_by_a_table(staff, hazard, coal_mine):
    head = ["编号", "问题隐患", "整改措施", "状态"]
    run = checked(staff, workbook([head, [hazard.number, "机头护罩缺失", "加装护罩", "待定级"]]))
    assert run.preview["counts"]["changed"] == 1
    imports.confirm_import(by=staff, run=run)
    hazard.refresh_from_db()
    assert (hazard.description, hazard.measures) == ("机头护罩缺失", "加装护罩")
    event = history_of(hazard).get(verb="hazard.changed")
    assert event.before["description"] == "皮带机头防护罩缺失"
    run = checked(staff, workbook([head, [hazard.number, "", "", "已销号"], ["149921-2026-99999", "没有", "", ""]]))
    found = sentences(run)
    assert "办理复查" in found[(2, "状态")] and "没有这个编号" in found[(3, "编号")]


def test_after_grading_a_table_only_puts_measures_right(staff, hazard, coal_mine, today):
    head = ["编号", "问题隐患", "等级", "完成时限", "责任人"]
    run = checked(staff, workbook([head, [hazard.number, "", "一般", "2027-01-01", "赵六"]]))
    imports.confirm_import(by=staff, run=run)
    hazard.refresh_from_db()
    assert (hazard.state, hazard.level, hazard.due_on, hazard.responsible_person) == (
        "graded", "general", dt.date(2027, 1, 1), "赵六",
    )  # fmt: skip
    run = checked(staff, workbook([head, [hazard.number, "换了说法", "重大", "2027-02-01", "钱七"]]))
    found = sentences(run)
    assert {(2, "问题隐患"), (2, "等级"), (2, "完成时限")} <= set(found) and "延期" in found[(2, "完成时限")]


def test_a_mine_does_not_put_right_what_others_found(staff, clerk, coal_mine, today):
    found = register_hazard(
        by=staff, mine=coal_mine, place="井口", description="违规", source="inspection", found_on=today
    )
    run = checked(clerk, workbook([["编号", "问题隐患"], [found.number, "没有违规"]]))
    assert run.preview["counts"]["wrong"] == 1


def test_the_same_register_twice_changes_nothing(staff, coal_mine):
    rows = [HEAD, [1, "石门煤矿", "主井", "防坠器失效", "一般", "2026.3.5", "3月9日", "李四"]]
    imports.confirm_import(by=staff, run=checked(staff, workbook(rows)))
    run = checked(staff, workbook(rows))
    assert run.preview["counts"]["unchanged"] == 1
    with pytest.raises(Refused, match="没有要写入"):
        imports.confirm_import(by=staff, run=run)


def test_numbers_follow_those_given_by_hand(staff, clerk, hazard, coal_mine):
    rows = [HEAD, *([n, "石门煤矿", "主井", f"问题{n}", "", "2026.3.5", "", ""] for n in range(1200))]
    run = checked(staff, workbook(rows))
    imports.confirm_import(by=staff, run=run)
    serials = sorted(int(number[-5:]) for number in Hazard.objects.values_list("number", flat=True))
    assert serials == list(range(1, 1202))


HOSTILE = {
    "bomb": archive({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * 50_000_000}),
    "entities": archive({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'}),
    "damaged": b"PK\x03\x04nothing",
    "empty": b"",
    "zeros": b"\x00" * 90,
    "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "wide": workbook([["标题"], [""] * 900 + ["远"]]).read(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_in_a_sentence(staff, coal_mine, kind):
    with pytest.raises(Refused) as refusal:
        imports.start_import(by=staff, file=ContentFile(HOSTILE[kind], name="台账.xlsx"))
    assert refusal.value.message.endswith("。")
    assert not RegisterImport.objects.exists()


def test_a_row_settled_since_the_check_stops_the_import_whole(staff, admin, hazard, coal_mine):
    head = ["编号", "问题隐患", "整改措施"]
    run = checked(staff, workbook([head, [hazard.number, "", "加装护罩"]]))
    move_hazard(by=admin, hazard=hazard, action="void", note="重复")
    with pytest.raises(Refused):
        imports.confirm_import(by=staff, run=run)
    run.refresh_from_db()
    assert run.state == "checked"


def sheets_of(tables: dict[str, list[list[object]]]) -> "ContentFile[bytes]":
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return ContentFile(target.getvalue(), name="全年.xlsx")


def test_sheets_with_the_same_columns_are_read_together_and_others_named(staff, coal_mine):
    months = {
        f"{month}月": [
            [f"{month}月台账"], HEAD,
            [1, "石门煤矿", "主井", f"{month}月的隐患", "一般", f"2026.{month}.5", "7日内", ""],
            [2, "石门煤狂", "主井", "名称写错", "一般", f"2026.{month}.5", "7日内", ""],
            [3, "石门煤矿", "主井", "三个月都有", "一般", "2026.1.5", "7日内", ""],
        ]
        for month in (1, 2, 3)
    }  # fmt: skip
    run = checked(staff, sheets_of(months | {"汇总": [["月份", "条数"], ["1月", 3]]}))
    assert list(run.tables.items()) == [("1月", 2), ("2月", 2), ("3月", 2)] and run.left_out == ["汇总"]
    assert run.preview["counts"] == {"new": 4, "changed": 0, "unchanged": 0, "wrong": 5}
    found = sentences(run)
    assert "“1月”第 5 行" in found[("“3月”第 5 行", "")]
    assert ("“2月”第 4 行", "煤矿名称") in found
    marked = Evidence.objects.about(run).get(caption="有误的行")
    sheet = load_workbook(io.BytesIO(evidence_path(marked.sha256).read_bytes())).active
    assert next(row[-2] for row in sheet.iter_rows(min_row=2, values_only=True)) == "“1月”第 4 行"


def test_what_a_table_says_once_holds_for_all_its_rows(staff, county, coal_mine, clerk):
    rows = [["存在的问题", "隐患部位"], ["灯不亮", "主井"], ["门不关", "副井"]]
    title = [["隐患台账"], ["填报单位：石门煤矿", "填报日期：2026年3月5日"], *rows]
    run = imports.start_import(by=staff, file=workbook(title))
    assert run.given == {"mine": "石门煤矿", "found_on": "2026-03-05"}
    with pytest.raises(Refused, match="整张表的发现日期"):
        imports.map_import(by=staff, run=run, mapping=run.mapping, closed_rows="refuse", given={"mine": "石门煤矿"})
    run = imports.map_import(by=staff, run=run, mapping=run.mapping, closed_rows="refuse", given=run.given)
    imports.confirm_import(by=staff, run=imports.check_import(by=staff, run=run))
    assert set(Hazard.objects.values_list("mine", "found_on")) == {(county.mine.pk, dt.date(2026, 3, 5))}
    assert imports.start_import(by=staff, file=sheets_of({"石门煤矿": rows})).given == {"mine": "工作表名"}
    assert imports.start_import(by=clerk, file=workbook(rows)).given == {}


def test_a_blank_is_missing_unless_somebody_says_otherwise_and_ditto_is_the_row_above(staff, coal_mine):
    rows = [
        HEAD,
        [1, "石门煤矿", "主井", "甲", "", "2026-3-5", "", ""],
        [2, "同上", "同上", "乙", "", "〃", "", ""],
        [3, "", "副井", "丙", "", "", "", ""],
    ]
    run = checked(staff, workbook(rows))
    assert run.preview["counts"]["new"] == 2 and (4, "煤矿名称") in sentences(run)
    run = imports.map_import(
        by=staff, run=run, mapping=run.mapping, closed_rows="refuse", given={"blank": "above"}
    )  # fmt: skip
    imports.confirm_import(by=staff, run=imports.check_import(by=staff, run=run))
    assert list(Hazard.objects.order_by("pk").values_list("place", "found_on")) == [
        ("主井", dt.date(2026, 3, 5)), ("主井", dt.date(2026, 3, 5)), ("副井", dt.date(2026, 3, 5)),
    ]  # fmt: skip


def test_a_name_nobody_knows_is_settled_once_for_all_rows(staff, clerk, county, coal_mine):
    rows = [HEAD, *([n, "石们一号", "主井", f"问题{n}", "", "2026-3-5", "", ""] for n in range(3))]
    run = checked(staff, workbook(rows))
    assert [(one["name"], one["count"]) for one in run.preview["names"]] == [("石们一号", 3)]
    with pytest.raises(Refused, match="范围"):
        imports.name_mines(by=staff, run=run, names={"石们一号": county.bureau.pk}, learn=False)
    run = imports.name_mines(by=staff, run=run, names={"石们一号": county.mine.pk}, learn=True)
    run = imports.check_import(by=staff, run=run)
    assert run.preview["counts"]["new"] == 3 and run.preview["names"] == []
    assert UnitAlias.objects.get(name="石们一号").unit == county.mine
    # What a mine's clerk says holds for that file only: the directory is the bureau's.
    run = checked(clerk, workbook([HEAD, [1, "咱们矿", "主井", "问题", "", "2026-3-5", "", ""]]))
    run = imports.name_mines(by=clerk, run=run, names={"咱们矿": county.mine.pk}, learn=True)
    assert imports.check_import(by=clerk, run=run).preview["counts"]["new"] == 1
    assert not UnitAlias.objects.filter(name="咱们矿").exists()
