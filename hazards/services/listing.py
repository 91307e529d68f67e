"""A major hazard is put on the list, and comes off it when the body that listed it has seen that it is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from common.workdays import add_workdays
from hazards.models import Hazard, Listing, ListingAcceptance, ListingExtension
from units.models import Region, User
from units.rules import rule

NOTICE_ITEMS = ("subject_unit", "subject", "requirement", "lifting")
"""What a notice must say; `other` may be empty."""
SIMPLE_MOVES = ("grant", "refuse", "ask_acceptance", "withdraw", "revoke")


@transaction.atomic
def list_hazard(
    *,
    by: User,
    hazard: Hazard,
    level: str,
    listed_on: dt.date,
    due_on: dt.date,
    items: Mapping[str, str],
    organ: str = "",
    number: str = "",
    files: Sequence[File[bytes]] = (),
) -> Listing:
    """Put a major hazard on the list by a notice with its five items (see NOTICE_ITEMS, and `other`).

    At the level of the user's own government the number comes out of the organ's gapless series of the year. For a
    higher level `organ` and `number` are those of the notice that came from above, best with its scan in `files`.
    """
    row = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=hazard.pk)
    check_may_list(by, row)
    assert by.unit is not None
    own = by.unit.region.county.level
    faults = faults_of_notice(row, level, own, listed_on, due_on, items, organ, number)
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    organ, number, is_own = organ.strip(), number.strip(), level == own
    if is_own:
        organ, number = by.unit.name, next_listing_number(by.unit.region.county, listed_on.year)
    elif Listing.objects.filter(region=row.region, organ=organ, number=number).exists():
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields={"number": ["这一文号已经登记过。"]})
    listing = Listing.objects.create(
        region=row.region,
        hazard=row,
        level=level,
        organ=organ,
        organ_unit=by.unit if is_own else None,
        number=number,
        listed_on=listed_on,
        due_on=due_on,
        report_by=add_workdays(listed_on, rule("listing_report_workdays", row.region_id)),
        publish_by=add_workdays(listed_on, rule("listing_publish_workdays", row.region_id)),
        listed_by=by,
        **{name: items.get(name, "").strip() for name in (*NOTICE_ITEMS, "other")},
    )
    for file in files:
        store_evidence(file=file, by=by, about=listing, caption="挂牌督办通知")
    record(
        "listing.listed",
        listing,
        by=by,
        after={"hazard": row.number, "number": number, "level": level, "listed_on": listed_on, "due_on": due_on},
    )
    return listing


def check_may_list(by: User, hazard: Hazard) -> None:
    """Raises NotAllowed unless the user is of the bureau, Conflict unless the hazard is major, open and not listed."""
    if "bureau" not in hazard.relations_of(by):
        raise NotAllowed("挂牌督办由应急管理局办理。")
    if not hazard.is_major:
        raise Conflict("只有重大隐患可以挂牌督办，请先定级。")
    if hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID):
        raise Conflict(f"隐患已经{hazard.get_state_display()}，不能再挂牌督办。")
    if hazard.listings.filter(state__in=Listing.OPEN).exists():
        raise Conflict("这条隐患正在挂牌督办，不能重复挂牌。")


def faults_of_notice(
    hazard: Hazard,
    level: str,
    own: str,
    listed_on: dt.date,
    due_on: dt.date,
    items: Mapping[str, str],
    organ: str,
    number: str,
) -> dict[str, list[str]]:
    """What is wrong with a notice, by field."""
    faults = {name: ["请填写这一项。"] for name in NOTICE_ITEMS if not items.get(name, "").strip()}
    order = list(Listing.Level.values)
    if level not in order or (own in order and order.index(level) < order.index(own)):
        faults["level"] = ["请选择本级或上级政府的督办级别。"]
    elif level != own:
        faults |= {
            name: ["上级挂牌的，请按通知填写。"]
            for name, text in (("organ", organ), ("number", number))
            if not text.strip()
        }
    if not hazard.found_on <= listed_on <= timezone.localdate():
        faults["listed_on"] = ["挂牌日期应在发现日期和今天之间。"]
    most = rule("listing_limit_days", hazard.region_id)
    if not listed_on < due_on <= listed_on + dt.timedelta(days=most):
        faults["due_on"] = [f"整改期限应晚于挂牌日期，最长{most}天。"]
    return faults


def next_listing_number(region: Region, year: int) -> str:
    """The next number of a government's letters of supervision: 青应急督〔2026〕3号; the notice and its lifting share a series."""
    return f"{region.name[:1]}应急督〔{year}〕{next_number('listing', region.code, year)}号"


@transaction.atomic
def publish_listing(
    *, by: User, listing: Listing, reported_on: dt.date | None, published_on: dt.date | None, published_at: str = ""
) -> Listing:
    """Record when a listing was reported up and made public, and where."""
    row = locked_listing(listing, by, "lister")
    today = timezone.localdate()
    faults = {
        name: ["日期应在挂牌日期和今天之间。"]
        for name, day in (("reported_on", reported_on), ("published_on", published_on))
        if day is not None and not row.listed_on <= day <= today
    }
    if published_on is not None and not published_at.strip():
        faults["published_at"] = ["请写明在哪里公布。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    row.reported_on, row.published_on, row.published_at = reported_on, published_on, published_at.strip()
    row.save(update_fields=["reported_on", "published_on", "published_at"])
    record("listing.published", row, by=by, after={"reported_on": reported_on, "published_on": published_on})
    listing.refresh_from_db()
    return row


@transaction.atomic
def ask_listing_extension(*, by: User, listing: Listing, new_due_on: dt.date, reason: str) -> ListingExtension:
    """Ask the body that listed for a later end, early enough before the present one."""
    row = locked_listing(listing, by, "mine")
    days = rule("listing_extension_workdays", row.region_id)
    last = last_day_to_ask(row.due_on, days)
    most = rule("listing_limit_days", row.region_id)
    today = timezone.localdate()
    faults: dict[str, list[str]] = {}
    if not row.due_on < new_due_on <= row.due_on + dt.timedelta(days=most):
        faults["new_due_on"] = [f"应晚于现在的期限{row.due_on:%Y年%m月%d日}，最多延长{most}天。"]
    if not reason.strip():
        faults["reason"] = ["请写明为什么不能按期完成、延期期间怎样保证安全。"]
    if faults:
        raise Refused("请改正标出的内容后再提交。", code="invalid", fields=faults)
    if today > last:
        raise Refused(
            f"延期应在到期前{days}个工作日申请，最晚是{last:%Y年%m月%d日}，现在已经过了。请与挂牌机关联系。",
            code="too_late",
        )
    advance(row, "ask_extension", by=by, note=reason)
    answer_by = add_workdays(today, rule("listing_answer_workdays", row.region_id))
    extension = ListingExtension.objects.create(
        listing=row,
        old_due_on=row.due_on,
        new_due_on=new_due_on,
        reason=reason.strip(),
        answer_by=answer_by,
        asked_by=by,
        asked_on=today,
    )
    listing.refresh_from_db()
    return extension


def last_day_to_ask(due_on: dt.date, workdays: int) -> dt.date:
    """The last day on which a later end may be asked for: so many working days before the present one."""
    return add_workdays(due_on, -workdays) if workdays else due_on


@transaction.atomic
def move_listing(*, by: User, listing: Listing, action: str, note: str = "") -> Listing:
    """Grant or refuse a later end, ask for acceptance, take that back, or revoke a mistaken listing (LISTING_MOVES)."""
    if action not in SIMPLE_MOVES:
        raise Conflict("这一步有自己的表单，请在挂牌督办页面上办理。")
    row = Listing.objects.select_for_update(of=("self",)).get(pk=listing.pk)
    today = timezone.localdate()
    if action in ("grant", "refuse"):
        extension = row.extensions.select_for_update().filter(state=ListingExtension.State.REQUESTED).first()
        changes = {"due_on": extension.new_due_on} if extension is not None and action == "grant" else {}
        advance(row, action, by=by, note=note, **changes)
        assert extension is not None
        granted = action == "grant"
        extension.state = ListingExtension.State.GRANTED if granted else ListingExtension.State.REFUSED
        extension.answered_by, extension.answered_on = by, today
        extension.save(update_fields=["state", "answered_by", "answered_on"])
    elif action == "ask_acceptance":
        accept_by = today + dt.timedelta(days=rule("listing_acceptance_days", row.region_id))
        advance(row, action, by=by, note=note, acceptance_asked_on=today, accept_by=accept_by)
    elif action == "withdraw":
        advance(row, action, by=by, note=note, acceptance_asked_on=None, accept_by=None)
    else:
        advance(row, action, by=by, note=note)
    listing.refresh_from_db()
    return listing


@transaction.atomic
def record_acceptance(
    *,
    by: User,
    listing: Listing,
    on: dt.date,
    officers: Sequence[User],
    passed: bool,
    opinion: str,
    number: str = "",
    files: Sequence[File[bytes]] = (),
) -> ListingAcceptance:
    """Record the look at the place by the body that listed; lift the listing, or count a failure.

    The second failure (`listing_failures`) escalates: the listing says so and since when, for the notice, talk or
    blacklist that a person decides on. `number` is that of the lifting notice where a higher body lifted.
    """
    row = locked_listing(listing, by, "lister")
    if row.state != Listing.State.ACCEPTANCE_ASKED:
        raise Conflict(f"当前状态为“{row.get_state_display()}”，要等矿山申请验收后才能登记验收。")
    needed = rule("major_officers", row.region_id)
    people = {officer.pk: officer for officer in officers}
    faults: dict[str, list[str]] = {}
    if not opinion.strip():
        faults["opinion"] = ["请写明现场看到的情况和结论。"]
    if not (row.acceptance_asked_on or row.listed_on) <= on <= timezone.localdate():
        faults["on"] = ["验收日期应在申请验收之后、今天之前。"]
    if row.hazard.rectifier_id in people:
        faults["officers"] = ["整改人不能参加验收，请改选其他人员。"]
    elif len(people) < needed:
        faults["officers"] = [f"现场验收至少{needed}人。"]
    if passed and row.organ_unit_id is None and not number.strip():
        faults["number"] = ["上级摘牌的，请填写摘牌通知的文号。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    acceptance = ListingAcceptance.objects.create(
        listing=row, round=row.failed_count + 1, on=on, passed=passed, opinion=opinion.strip(), recorded_by=by
    )
    acceptance.officers.set(people.values())
    for file in files:
        store_evidence(file=file, by=by, about=row, caption=f"第{acceptance.round}次验收")
    if passed:
        # The number is taken last: a refused lifting gives none away.
        today = timezone.localdate()
        given = number.strip()
        if row.organ_unit is not None:
            given = next_listing_number(row.organ_unit.region.county, today.year)
        advance(row, "lift", by=by, note=opinion, lifted_on=today, lifting_number=given)
    else:
        fail(row, by, opinion)
    listing.refresh_from_db()
    return acceptance


def fail(row: Listing, by: User, opinion: str) -> None:
    count = row.failed_count + 1
    advance(row, "fail", by=by, note=opinion, failed_count=count, acceptance_asked_on=None, accept_by=None)
    if count >= rule("listing_failures", row.region_id) and row.escalated_on is None:
        row.escalated_on = timezone.localdate()
        row.save(update_fields=["escalated_on"])
        record("listing.escalated", row, by=by, after={"failed_count": count, "escalated_on": row.escalated_on})


def locked_listing(listing: Listing, by: User, *relations: str) -> Listing:
    """The row under lock. Raises NotAllowed unless the user is one of `relations` to it, Conflict once it is over."""
    row: Listing = (
        Listing.objects.select_for_update(of=("self",)).select_related("hazard__mine", "region").get(pk=listing.pk)
    )
    if not row.relations_of(by).intersection(relations):
        raise NotAllowed("这一项由隐患单位申请、由挂牌机关办理，不属于您的职责。")
    if not row.is_open:
        raise Conflict(f"{row.get_state_display()}，不能再办理。")
    return row
