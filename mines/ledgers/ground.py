"""Who else works in a mine, what lies hidden in its ground, when it is to close, and what its credit is worth."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from common.lists import Column
from common.templatetags.page import due, status
from mines.ledgers.base import BUREAU, Ledger
from mines.models import Contractor, ContractorCheck, CreditMark, HiddenCause, Mine, PhaseOut


def _contractors(mine: Mine, lines: Sequence[Contractor], total: int) -> str:
    here = [one for one in lines if one.until is None]
    if not here:
        return "现在没有" if lines else "还没有登记"
    people, down = sum(one.people for one in here), sum(one.underground for one in here)
    return f"{len(here)}家，{people}人，其中下井{down}人"


def _contractor_faults(mine: Mine, lines: Sequence[Contractor]) -> str:
    today = timezone.localdate()
    found = [f"{one.name}{one.faults}" for one in lines if one.faults]
    late = sum(1 for one in lines if one.check_by is not None and one.check_by < today)
    return "；".join([*found, *([f"{late}家检查考核逾期"] if late else [])])


def _checks(mine: Mine, lines: Sequence[ContractorCheck], total: int) -> str:
    return f"{total}次，最近一次{lines[0].checked_on:%Y-%m-%d}" if lines else "还没有登记"


def _causes(mine: Mine, lines: Sequence[HiddenCause], total: int) -> str:
    waiting = sum(1 for one in lines if one.is_open)
    if not lines:
        return "还没有登记普查"
    return f"{total}处，{waiting}处正在治理" if waiting else f"{total}处，没有待治理的"


def _late_causes(mine: Mine, lines: Sequence[HiddenCause]) -> str:
    today = timezone.localdate()
    late = sum(1 for one in lines if one.is_open and one.due_on is not None and one.due_on < today)
    return f"{late}处治理逾期" if late else ""


def _phase_out(mine: Mine, lines: Sequence[PhaseOut], total: int) -> str:
    if not lines:
        return "没有列入计划"
    last = lines[0]
    return f"{last}，{f'{last.done_on:%Y-%m-%d}完成' if last.done_on else '还没有完成'}"


def _credit(mine: Mine, lines: Sequence[CreditMark], total: int) -> str:
    return f"{total}条" if total else "没有记录"


def _bad_credit(mine: Mine, lines: Sequence[CreditMark]) -> str:
    bad = [one for one in lines if one.is_in_force and one.kind != CreditMark.Kind.GOOD]
    return "、".join(dict.fromkeys(str(one.get_kind_display()) for one in bad))


LEDGERS = (
    Ledger(
        "contractors",
        "外包和劳务派遣",
        Contractor,
        ("kind", "name", "licence_number", "licence_until", "work", "person", "people", "underground", "since", "until"),
        (
            Column("name", "单位名称", kind="title"),
            Column("work", "内容和地点", cell=lambda row: f"{row.get_kind_display()}：{row.work}", kind="wide"),
            Column("people", "人数（下井）", cell=lambda row: f"{row.people}（{row.underground}）", kind="short"),
            Column("since", "在矿期间", cell=lambda row: f"{row.since}至{row.until or '今'}"),
            Column("licence_until", "资质至", cell=lambda row: row.licence_until or "长期", kind="short"),
            Column("check_by", "应检查", cell=lambda row: due(row.check_by) if row.check_by else "", export="check_by", kind="short"),
            Column("faults", "问题", cell=lambda row: status("overdue", row.faults) if row.faults else ""),
        ),
        hint="退场时填写退场日期；检查考核后在“外包单位检查”登记，下一次的日期自动后移。",
        dated="since",
        late=lambda day: Q(until__isnull=True, check_by__lt=day),
        says=_contractors,
        warns=_contractor_faults,
    ),
    Ledger(
        "checks",
        "外包单位检查",
        ContractorCheck,
        ("contractor", "checked_on", "checker", "result", "words"),
        (
            Column("checked_on", "检查日期", kind="title"),
            Column("name", "外包单位"),
            Column("checker", "检查人", kind="short"),
            Column("result", "结果", cell="get_result_display", kind="short"),
            Column("words", "情况和问题", kind="wide"),
        ),
        dated="checked_on",
        says=_checks,
        offers={"contractor": lambda mine: Contractor.objects.filter(mine=mine, until=None)},
    ),
    Ledger(
        "causes",
        "隐蔽致灾因素",
        HiddenCause,
        ("area", "kind", "surveyed_on", "surveyor", "found", "treatment", "due_on", "done_on", "result"),
        (
            Column("area", "区域", kind="title"),
            Column("kind", "致灾因素", cell="get_kind_display"),
            Column("surveyed_on", "普查", kind="short"),
            Column("found", "普查结果", kind="wide"),
            Column("treatment", "治理措施", kind="wide"),
            Column("due_on", "治理期限", cell=lambda row: due(row.due_on, done=bool(row.done_on)) if row.due_on else "",
                   export="due_on", kind="short"),
            Column("done_on", "治理完成", kind="short"),
        ),
        hint="按采区、工作面逐处登记；普查治理不到位的，不得复产复工。",
        dated="surveyed_on",
        late=lambda day: Q(done_on__isnull=True, due_on__lt=day),
        says=_causes,
        warns=_late_causes,
    ),
    Ledger(
        "phaseouts",
        "退出和闭库",
        PhaseOut,
        ("kind", "year", "plan", "measures", "done_on", "acceptance"),
        (
            Column("year", "计划年份", cell=lambda row: f"{row.year}年", kind="title"),
            Column("kind", "类别", cell="get_kind_display", kind="short"),
            Column("plan", "列入计划的文件"),
            Column("measures", "措施", kind="wide"),
            Column("done_on", "完成情况", cell=lambda row: row.done_on or due(row.due_on), export="done_on", kind="short"),
            Column("acceptance", "验收或公告文件"),
        ),
        BUREAU,
        "完成并验收公告后，还要在页面上方变更生产状态。",
        late=lambda day: Q(done_on__isnull=True, due_on__lt=day),
        says=_phase_out,
    ),
    Ledger(
        "credit",
        "信用记录",
        CreditMark,
        ("kind", "reason", "body", "paper", "since", "until", "is_public"),
        (
            Column("kind", "类别", cell="get_kind_display", kind="title"),
            Column("reason", "事由", kind="wide"),
            Column("body", "认定单位"),
            Column("paper", "认定文书"),
            Column("since", "起始", kind="short"),
            Column("until", "期满或移出", kind="short"),
            Column("is_public", "公开", kind="short"),
        ),
        BUREAU,
        "信用修复的，填写移出日期。",
        dated="since",
        says=_credit,
        warns=_bad_credit,
    ),
)  # fmt: skip
