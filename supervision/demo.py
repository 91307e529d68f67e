"""The demo county has been reminded for two weeks, and has letters in every state, and one that was not written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from supervision.models import LetterReceipt, Notice, SupervisionLetter
from supervision.proposals import proposals_for
from supervision.services.letters import answer_letter, decline_proposed, draft_proposed, move_letter, move_receipt
from supervision.services.meetings import decide, keep_series, plan_meeting, record_minutes
from supervision.services.reminders import run_reminders
from supervision.services.snapshots import take_snapshot
from tasks.models import Campaign
from units.models import Role, Unit, User

FATES = ("answered", "sent", "filed", "signed", "approved", "drafted", "declined", "drafted")
"""What becomes of the first proposals, in turn; the others stay proposals."""
ANSWER = "已召开专题会议逐项研究，明确由分管负责人牵头，未办结的事项在月底前完成，每周报一次进度。"


def load_letters(county: Any) -> None:
    """Write letters through the services, by the two who share the work of the section."""
    writer, second = county.staff[0], county.staff[1]
    leader = User.objects.filter(role=Role.LEADER, unit__region=county.region).first() or second
    speakers = county.speakers
    proposed = [one for one in proposals_for(county.region) if one.unit.pk in speakers]
    for number, (fate, proposal) in enumerate(zip(FATES, proposed, strict=False)):
        if fate == "declined":
            reason = "已电话核实，材料今天送到，不再发函。"
            decline_proposed(by=writer, unit=proposal.unit, kind=proposal.step.kind, reason=reason)
            continue
        letter = draft_proposed(by=writer, unit=proposal.unit, kind=proposal.step.kind)
        if fate != "drafted":
            move_letter(by=leader if number % 2 else second, letter=letter, action="approve")
        if fate in ("drafted", "approved"):
            continue
        move_letter(by=writer, letter=letter, action="send")
        if fate != "sent":
            go_on(letter, fate, speakers[proposal.unit.pk], writer)


def go_on(letter: SupervisionLetter, fate: str, speaker: User, writer: User) -> None:
    """Let the unit sign for a letter and answer it as far as its fate goes."""
    receipt = LetterReceipt.objects.select_related("letter", "unit").get(letter=letter)
    move_receipt(by=speaker, receipt=receipt, action="sign")
    if fate in ("answered", "filed"):
        answer_letter(by=speaker, receipt=receipt, answer=ANSWER)
    if fate == "filed":
        move_letter(by=writer, letter=letter, action="file")


DAYS = 14
UNREAD_DAYS = 5


def load_reminders(county: Any) -> None:
    """Play the run of each of the last days at nine in the morning; what is older than five days has been read by most."""
    now = timezone.localtime()
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    for ago in range(DAYS, -1, -1):
        run_reminders(now=morning - dt.timedelta(days=ago))
    old = Notice.objects.filter(rung__told_at__lt=morning - dt.timedelta(days=UNREAD_DAYS))
    old.filter(recipient__username__lt="n").update(read_at=now)


SNAPSHOT_DAYS = 60
"""How many days back the demo county has snapshots, one every third day before the last week."""


def load_snapshots(county: Any) -> None:
    today = timezone.localdate()
    for back in range(SNAPSHOT_DAYS, -1, -1):
        if back <= 7 or back % 3 == 0:
            take_snapshot(region=county.region, day=today - dt.timedelta(days=back), today=today)


def load_meetings(county: Any) -> None:
    """Two series with their coming meetings, and two meetings that were held and decided something."""
    by = county.staff[0]
    today = timezone.localdate()
    keep_series(
        by=by, name="县安委会办公室月度例会", every="month", month=1, day=8, people="安委会成员单位分管负责人",
        agenda="通报上月任务进展和隐患整改情况；研究逾期事项；部署下月工作。", source="县安全生产委员会工作规则",
    )  # fmt: skip
    keep_series(
        by=by, name="治本攻坚季度推进会", every="quarter", month=3, day=20, people="产煤乡镇、煤矿主体企业主要负责人",
        agenda="通报季度排名；红牌单位表态发言；县领导讲话。", source="行动方案：每季度召开一次推进会议",
    )  # fmt: skip
    campaign = Campaign.objects.filter(region=county.region, state="active").order_by("-end", "pk").first()
    units = [Unit.objects.get(pk=pk) for pk in county.speakers][:2]
    held = (
        (38, "县安委会办公室10月例会", "会议听取了逾期事项情况汇报，要求各单位主要负责人亲自抓，11月底前全部销号。", "逐项制定逾期事项销号计划并报县安委会办公室"),
        (12, "重大隐患挂牌督办专题会", "会议逐条研究了挂牌督办的重大隐患，明确了责任人和验收时间。", "对挂牌督办的重大隐患开展一次现场核查并报告结果"),
    )  # fmt: skip
    for (ago, title, minutes, decision), unit in zip(held, units, strict=False):
        day = today - dt.timedelta(days=ago)
        meeting = plan_meeting(by=by, title=title, planned_on=day, agenda="听取汇报；研究问题；议定事项。")
        record_minutes(
            by=by, meeting=meeting, held_on=day, place="县政府三楼会议室", chair="周海明",
            people="安委会成员单位负责人", agenda=meeting.agenda, minutes=minutes,
        )  # fmt: skip
        if campaign is not None:
            meeting.refresh_from_db()
            decide(
                by=by,
                meeting=meeting,
                text=decision,
                unit=unit,
                due_on=today + dt.timedelta(days=ago),
                campaign=campaign,
            )
