"""A mine stops, and the way back: list, request, acceptance, signatures in their order, work again, announcements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from common.workdays import add_workdays
from mines.acceptance import ITEMS
from mines.models import AcceptanceItem, Mine, ResumptionSignature, Suspension, SuspensionList
from mines.services.file import change_state, check_keeps_file
from units.models import Role, Unit, User
from units.rules import rules_for
from units.services.directory import check_fields

_followers: list[Callable[[Mine, User, dt.date, str], None]] = []


def on_resumption(follow: Callable[[Mine, User, dt.date, str], None]) -> None:
    """Let an app upstairs follow when a mine works again: called with mine, user, day and paper; from `ready`."""
    if follow not in _followers:
        _followers.append(follow)


def owner_of(mine: Mine, by: User) -> Unit:
    """The body that handles the standstill: the user's bureau, the supervising body, or a bureau of the county."""
    if by.reviews and by.unit is not None:
        return by.unit
    if mine.supervising_unit is not None:
        return mine.supervising_unit
    staff = User.objects.filter(role=Role.BUREAU_STAFF, unit__region__code=mine.unit.region_id[:6]).first()
    if staff is None or staff.unit is None:
        raise Refused("档案里还没有填写日常监管主体，请联系应急管理局补充后再登记停产。")
    return staff.unit


def _locked(suspension: Suspension) -> Suspension:
    rows = Suspension.objects.select_for_update(of=("self",)).select_related("mine__unit__region")
    row: Suspension = rows.get(pk=suspension.pk)
    return row


def _keep(files: Sequence[File[bytes]], by: User, suspension: Suspension, words: str) -> None:
    for file in files:
        store_evidence(file=file, by=by, about=suspension, caption=words)


def _not_later(day: dt.date, name: str, first: dt.date | None = None) -> None:
    if day > timezone.localdate() or (first is not None and day < first):
        words = f"日期应在{first:%Y-%m-%d}和今天之间。" if first else "日期不能晚于今天。"
        raise Refused(words, fields={name: [words]})


@transaction.atomic
def suspend_mine(
    *,
    by: User,
    mine: Mine,
    kind: str,
    reason: str,
    since: dt.date,
    measures: str,
    until: dt.date | None = None,
    paper: str = "",
    files: Sequence[File[bytes]] = (),
) -> Suspension:
    """A mine stops. Its list has to go up, and the public to be told, within the days of the rules."""
    relations = check_keeps_file(by, mine.unit)
    if kind == Suspension.Kind.ORDERED and "bureau" not in relations:
        raise NotAllowed("责令停产停建由应急管理局登记。")
    if until and until < since:
        raise Refused("预计复产日期不能早于停产日期。", fields={"until": ["不能早于停产日期。"]})
    change_state(by=by, mine=mine, action="suspend", since=since, note=reason, paper=paper)
    suspension = new_suspension(
        by=by, mine=mine, kind=kind, reason=reason.strip(), since=since, until=until, measures=measures.strip(),
        paper=paper.strip(),
    )  # fmt: skip
    _keep(files, by, suspension, "停产停建文书")
    return suspension


def new_suspension(
    *, by: User, mine: Mine, since: dt.date, counted_from: dt.date | None = None, **values: Any
) -> Suspension:
    """Write the standstill of a mine that is suspended already, with the days that the rules count from its first."""
    rules = rules_for(mine.unit.region_id[:6])
    first = counted_from or since
    suspension = Suspension(
        mine=mine,
        owner=owner_of(mine, by),
        since=since,
        created_by=by,
        list_by=first + dt.timedelta(days=rules["suspension_list_days"]),
        announce_by=add_workdays(first, rules["suspension_announce_workdays"]),
        **values,
    )
    check_fields(suspension)
    suspension.save(force_insert=True)
    record("suspension.begun", suspension, by=by, note=suspension.reason)
    return suspension


@transaction.atomic
def request_resumption(
    *, by: User, suspension: Suspension, words: str, files: Sequence[File[bytes]] = ()
) -> Suspension:
    """The mine asks to work again. Who accepts follows from the kind of the standstill and its days."""
    row = _locked(suspension)
    rules, today = rules_for(row.mine.unit.region_id[:6]), timezone.localdate()
    if not words.strip():
        raise Refused("请写明自查情况。", fields={"words": ["请填写这一项。"]})
    by_department = row.kind == Suspension.Kind.ORDERED or (today - row.since).days >= rules["self_acceptance_days"]
    advance(
        row, "request", by=by, requested_on=today, request_words=words.strip(), by_department=by_department,
        accept_by=today + dt.timedelta(days=rules["acceptance_days"]),
    )  # fmt: skip
    if not row.items.exists():
        kind = row.mine.mine_type
        texts = [text for text, kinds in ITEMS if not kinds or kind in kinds]
        AcceptanceItem.objects.bulk_create(
            AcceptanceItem(suspension=row, position=place, text=text) for place, text in enumerate(texts, start=1)
        )
    _keep(files, by, row, "复产复工申请")
    suspension.refresh_from_db()
    return row


@transaction.atomic
def check_items(
    *,
    by: User,
    suspension: Suspension,
    results: Mapping[int, tuple[bool | None, str]],
    acceptors: str,
    accept: bool,
    note: str = "",
    files: Sequence[File[bytes]] = (),
) -> Suspension:
    """Enter what was looked at, item by item; then either all is well, or the mine goes on standing still."""
    row = _locked(suspension)
    if "acceptor" not in row.relations_of(by):
        raise NotAllowed("停产30天及以上或责令停产的，由应急管理局验收；其他由矿山自行验收。")
    if row.state != Suspension.State.REQUESTED:
        raise Conflict("现在没有等待验收的复产申请。请刷新页面，按现在的状态办理。")
    if not acceptors.strip():
        raise Refused("请填写验收人员。", fields={"acceptors": ["请填写这一项。"]})
    for item in row.items.all():
        if item.position in results:
            item.passed, item.note = results[item.position]
            item.save(update_fields=["passed", "note"])
    _keep(files, by, row, "验收资料")
    today = timezone.localdate()
    if accept:
        advance(row, "accept", by=by, note=note, accepted_on=today, acceptors=acceptors.strip())
    else:
        advance(row, "return", by=by, note=note, acceptors=acceptors.strip())
    suspension.refresh_from_db()
    return row


@transaction.atomic
def sign_resumption(
    *, by: User, suspension: Suspension, name: str, signed_on: dt.date, files: Sequence[File[bytes]] = ()
) -> ResumptionSignature:
    """Enter the next signature in its order; the last one makes the acceptance good."""
    row = _locked(suspension)
    if "signer" not in row.relations_of(by):
        raise NotAllowed("复产复工签字由应急管理局登记；矿山自行验收的由矿长签字。")
    if row.state != Suspension.State.ACCEPTED:
        raise Conflict("验收合格以后才能签字。请刷新页面，按现在的状态办理。")
    former = row.signatures.order_by("-pk").first()
    _not_later(signed_on, "signed_on", former.signed_on if former else row.accepted_on)
    office = row.next_office()
    signature = ResumptionSignature(
        suspension=row, office=office, name=name.strip(), signed_on=signed_on, recorded_by=by
    )
    check_fields(signature)
    signature.save(force_insert=True)
    record("suspension.signature", row, by=by, note=f"{signature.get_office_display()}：{signature.name}")
    _keep(files, by, row, f"{signature.get_office_display()}签字")
    if not row.next_office():
        days = rules_for(row.mine.unit.region_id[:6])["suspension_announce_workdays"]
        advance(row, "sign", by=by, resumption_announce_by=add_workdays(signed_on, days))
    suspension.refresh_from_db()
    return signature


@transaction.atomic
def resume_mine(*, by: User, suspension: Suspension, resumed_on: dt.date, paper: str = "") -> Suspension:
    """The mine works again, by its signed acceptance."""
    row = _locked(suspension)
    if row.state != Suspension.State.SIGNED:
        raise Conflict("复产复工验收签字以后才能恢复生产建设。")
    last = row.signatures.order_by("-pk").first()
    _not_later(resumed_on, "resumed_on", last.signed_on if last else row.since)
    change_state(by=by, mine=row.mine, action="resume", since=resumed_on, note="验收签字后恢复", paper=paper)
    advance(row, "resume", by=by, note=paper, resumed_on=resumed_on)
    for follow in _followers:
        follow(row.mine, by, resumed_on, paper or "复产复工验收")
    suspension.refresh_from_db()
    return row


@transaction.atomic
def void_suspension(*, by: User, suspension: Suspension, note: str) -> Suspension:
    """Take back a standstill that was entered by mistake; the mine is again what it was."""
    row = _locked(suspension)
    advance(row, "void", by=by, note=note)
    today = timezone.localdate()
    change_state(by=by, mine=row.mine, action="resume", since=max(row.since, today), note=f"停产登记有误：{note}")
    suspension.refresh_from_db()
    return row


@transaction.atomic
def announce(*, by: User, suspension: Suspension, on: dt.date, where: str) -> Suspension:
    """Record that the public was told: of the standstill first, of the resumption once it is signed."""
    row = _locked(suspension)
    if "bureau" not in row.relations_of(by):
        raise NotAllowed("公告由应急管理局登记。")
    resumed = row.resumption_announce_by is not None
    if (row.resumption_announced_on if resumed else row.announced_on) is not None:
        raise Conflict("公告已经登记过了。")
    _not_later(on, "on", row.since)
    field = "resumption_announced_on" if resumed else "announced_on"
    setattr(row, field, on)
    row.save(update_fields=[field])
    record("suspension.announced", row, by=by, after={field: on}, note=where)
    suspension.refresh_from_db()
    return row


@transaction.atomic
def make_list(*, by: User) -> SuspensionList:
    """Put every open standstill of the county that is on no list yet on a new one."""
    if not by.reviews or by.unit is None:
        raise NotAllowed("上报名单由应急管理局生成。")
    region, today = by.unit.region, timezone.localdate()
    waiting = Suspension.objects.visible_to(by).open().filter(listed_in=None)
    if not waiting.exists():
        raise Refused("停产停建的矿山都已列入名单，没有要上报的。")
    number = f"{region.name[:1]}应急停产〔{today.year}〕{next_number('suspension_list', region.code, today.year)}号"
    made = SuspensionList.objects.create(region=region, number=number, made_on=today, made_by=by)
    waiting.update(listed_in=made)
    record("suspensionlist.made", made, by=by)
    return made


def check_may_send(by: User, suspension_list: SuspensionList) -> None:
    """Raises NotAllowed for all but the people of the bureau whose list it is."""
    if not by.reviews or by.unit is None or not suspension_list.region_id.startswith(by.unit.region.prefix):
        raise NotAllowed("上报名单由应急管理局登记。")


@transaction.atomic
def send_list(
    *, by: User, suspension_list: SuspensionList, sent_on: dt.date, sent_to: str, receipt: str = "",
    files: Sequence[File[bytes]] = (),
) -> SuspensionList:  # fmt: skip
    """Record when a list went up, to whom, and the receipt."""
    check_may_send(by, suspension_list)
    row: SuspensionList = SuspensionList.objects.select_for_update().get(pk=suspension_list.pk)
    if row.sent_on is not None:
        raise Conflict("这份名单已经登记过上报。")
    _not_later(sent_on, "sent_on", row.made_on)
    row.sent_on, row.sent_to, row.receipt = sent_on, sent_to.strip(), receipt.strip()
    row.save()
    record("suspensionlist.sent", row, by=by, after={"sent_on": sent_on}, note=f"{sent_to}　{receipt}")
    for file in files:
        store_evidence(file=file, by=by, about=row, caption="上报回执")
    return row
