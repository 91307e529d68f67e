"""The demo county has been reminded for two weeks, and has letters in every state, and one that was not written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from supervision.models import LetterReceipt, Notice, SupervisionLetter
from supervision.proposals import proposals_for
from supervision.services.letters import answer_letter, decline_proposed, draft_proposed, move_letter, move_receipt
from supervision.services.reminders import run_reminders
from supervision.services.snapshots import take_snapshot
from units.models import Role, User

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
