"""The public tells something; the bureau verifies, handles and answers it, and keeps who told to itself."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.filetypes import recognise_file
from common.history import record
from common.serials import next_number
from common.transitions import advance
from hazards.models import Hazard, Source, TipOff, TipOffContact, TipOffOfficer, TipOffReward
from hazards.models.tipoffs import hash_of_code, new_query_code
from hazards.services.register import register_hazard
from units.models import Region, Role, Unit, User
from units.rules import rule

FAULTY = "请改正标出的内容后再保存。"
LONGEST_SIDE = 2560
"""Pixels of a photograph from the public; enough to read a plate on a machine."""
PUBLIC = "公众通过网页举报"


@transaction.atomic
def receive_tip_off(
    *,
    region: Region,
    description: str,
    mine: Unit | None = None,
    mine_name: str = "",
    place: str = "",
    happened: str = "",
    name: str = "",
    phone: str = "",
    files: Sequence[File[bytes]] = (),
    by: User | None = None,
    channel: str = TipOff.Channel.WEB,
) -> tuple[TipOff, str]:
    """Take a tip-off and answer it with the code by which its sender may ask what became of it.

    `by` is None for what the public sends itself: its photographs lose where and by what they were taken. The code is
    kept as a hash, so that this is the only time anybody sees it.
    """
    if by is not None:
        check_handles(by, region)
    faults: dict[str, list[str]] = {}
    if not description.strip():
        faults["description"] = ["请写明看到了什么。"]
    if mine is None and not mine_name.strip():
        faults["mine_name"] = ["请写明是哪座矿山，不知道名称的写大致位置。"]
    if mine is not None and (mine.kind != Unit.Kind.MINE or mine.region_id[:6] != region.code[:6]):
        faults["mine_name"] = ["请选择列出的矿山，或直接写名称。"]
    if faults:
        raise Refused(FAULTY, code="invalid", fields=faults)
    today = timezone.localdate()
    code = new_query_code()
    county = region.county
    number = next_number("tip_off", county.code, today.year)
    tip_off = TipOff.objects.create(
        region=county,
        number=f"JB{county.code}-{today.year}-{number:04d}",
        channel=channel,
        mine=mine,
        mine_name=mine_name.strip(),
        place=place.strip(),
        happened=happened.strip(),
        description=description.strip(),
        verify_by=today + dt.timedelta(days=rule("tip_off_verify_days", county)),
        answer_by=today + dt.timedelta(days=rule("tip_off_answer_days", county)),
        code_hash=hash_of_code(code),
        registered_by=by,
    )
    if name.strip() or phone.strip():
        TipOffContact.objects.create(tip_off=tip_off, name=name.strip(), phone=phone.strip())
    for number, file in enumerate(files, start=1):
        kept = bare_photo(file, number) if by is None else file
        store_evidence(file=kept, by=by, about=tip_off, caption="举报人提供")
    after = {"channel": channel, "files": len(files)}
    record("tipoff.received", tip_off, by=by, after=after, note="" if by else PUBLIC)
    return tip_off, code


def bare_photo(file: File[bytes], number: int) -> File[bytes]:
    """A photograph without place, time, camera and file name, which would tell who took it; Refused for other files."""
    if file.file is None or not recognise_file(file.file, file.name or "").is_image:
        raise Refused("这里只收照片（JPG、PNG）。", fields={"photos": ["只能上传照片（JPG、PNG）。"]})
    file.seek(0)
    with Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture carries nothing over from the old one.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=88)
    return ContentFile(target.getvalue(), name=f"照片{number}.jpg")


def find_by_code(code: str) -> TipOff | None:
    """The tip-off to which a code was given. Only hashes are compared: the time it takes tells nothing about a code."""
    rows = TipOff.objects.filter(code_hash=hash_of_code(code)).prefetch_related("rewards")
    found: TipOff | None = rows.first()
    return found


def check_handles(by: User, region: Region) -> None:
    """Raises NotAllowed for all but the staff of the region's bureau."""
    if not by.reviews or by.unit is None or not region.code.startswith(by.unit.region.prefix):
        raise NotAllowed("举报由应急管理局的工作人员办理。")


def _locked(tip_off: TipOff) -> TipOff:
    row: TipOff = TipOff.objects.select_for_update(of=("self",)).select_related("region").get(pk=tip_off.pk)
    return row


def _written(**texts: str) -> dict[str, str]:
    """The texts without blanks around; raises Refused for those that are empty."""
    faults = {name: ["请填写这一项。"] for name, text in texts.items() if not text.strip()}
    if faults:
        raise Refused(FAULTY, code="invalid", fields=faults)
    return {name: text.strip() for name, text in texts.items()}


def _past_day(tip_off: TipOff, name: str, on: dt.date) -> None:
    if not timezone.localdate(tip_off.received_at) <= on <= timezone.localdate():
        raise Refused(FAULTY, code="invalid", fields={name: ["日期应在收到举报之后、今天之前。"]})


@transaction.atomic
def verify_tip_off(
    *, by: User, tip_off: TipOff, finding: str, finding_words: str, verified_on: dt.date, mine: Unit | None = None
) -> TipOff:
    """Record what was found on the spot; `mine` names the mine where the sender did not or named another."""
    texts = _written(finding_words=finding_words)
    _past_day(tip_off, "verified_on", verified_on)
    if finding not in TipOff.Finding.values:
        raise Refused(FAULTY, code="invalid", fields={"finding": ["请选择核查结论。"]})
    changes: dict[str, Any] = {"finding": finding, "verified_on": verified_on, "verified_by": by, **texts}
    if mine is not None:
        if mine.kind != Unit.Kind.MINE or mine.region_id[:6] != tip_off.region_id[:6]:
            raise Refused(FAULTY, code="invalid", fields={"mine": ["请选择本县的矿山；外县的请移送。"]})
        changes["mine"] = mine
    return advance(tip_off, "verify", by=by, **changes)


@transaction.atomic
def handle_tip_off(*, by: User, tip_off: TipOff, handling: str, handled_on: dt.date) -> TipOff:
    """Record what was done about it."""
    _past_day(tip_off, "handled_on", handled_on)
    return advance(tip_off, "handle", by=by, handled_on=handled_on, **_written(handling=handling))


@transaction.atomic
def answer_tip_off(*, by: User, tip_off: TipOff, answer: str) -> TipOff:
    """Answer: from now on whoever has the code reads these words."""
    return advance(tip_off, "answer", by=by, answered_on=timezone.localdate(), **_written(answer=answer))


@transaction.atomic
def decline_tip_off(*, by: User, tip_off: TipOff, answer: str) -> TipOff:
    """Do not accept it, with the reason that its sender reads."""
    return advance(tip_off, "decline", by=by, answered_on=timezone.localdate(), **_written(answer=answer))


@transaction.atomic
def hand_over_tip_off(*, by: User, tip_off: TipOff, handed_to: str, answer: str) -> TipOff:
    """Hand it over to whoever may deal with it, with the words that its sender reads."""
    texts = _written(handed_to=handed_to, answer=answer)
    return advance(tip_off, "hand_over", by=by, answered_on=timezone.localdate(), **texts)


@transaction.atomic
def account_tip_off(*, by: User, tip_off: TipOff, accountability: str) -> TipOff:
    """Record who was held to account and how, or why nobody was."""
    return advance(tip_off, "account", by=by, **_written(accountability=accountability))


@transaction.atomic
def move_tip_off(*, by: User, tip_off: TipOff, action: str, note: str = "") -> TipOff:
    """Close it, or verify it anew (see TIP_OFF_MOVES)."""
    if action not in ("close", "reopen"):
        raise Conflict("这一步有自己的表单，请在举报页面上办理。")
    return advance(tip_off, action, by=by, note=note)


@transaction.atomic
def read_contact(*, by: User, tip_off: TipOff, purpose: str) -> TipOffContact | None:
    """Who told it, for the two who may know; that they looked, and what for, is written down before they see it."""
    if "keeper" not in tip_off.relations_of(by):
        raise NotAllowed("举报人的姓名和电话只有局管理员和举报专办员可以查看。")
    if not purpose.strip():
        raise Refused("请写明查看的用途。", fields={"purpose": ["请写明查看的用途。"]})
    record("tipoff.contact_read", tip_off, by=by, note=purpose.strip()[:200])
    return TipOffContact.objects.filter(tip_off=tip_off).first()


@transaction.atomic
def name_officer(*, by: User, region: Region, officer: User | None) -> None:
    """Name the one officer of a region who may see who told, or nobody; for the bureau's administrator."""
    if by.role != Role.BUREAU_ADMIN or by.unit is None or not region.code.startswith(by.unit.region.prefix):
        raise NotAllowed("举报专办员由局管理员指定。")
    if officer is not None and (
        not officer.reviews or officer.unit is None or officer.unit.region.county.code != region.code
    ):
        raise Refused(FAULTY, fields={"officer": ["请选择本局的工作人员。"]})
    held = TipOffOfficer.objects.filter(region=region).select_related("officer").first()
    before = {"officer": held.officer.name if held else ""}
    if officer is not None:
        TipOffOfficer.objects.update_or_create(region=region, defaults={"officer": officer})
    elif held is not None:
        held.delete()
    record("region.tip_off_officer", region, by=by, before=before, after={"officer": officer.name if officer else ""})


@transaction.atomic
def register_tip_off_hazard(
    *, by: User, tip_off: TipOff, mine: Unit, place: str, description: str, due_on: dt.date | None = None
) -> Hazard:
    """Enter what was found true as a hazard of the mine; the tip-off stays tied to it.

    The mine reads `place` and `description`: they are asked for anew, so that they do not give the sender away.
    """
    row = _locked(tip_off)
    if "bureau" not in row.relations_of(by):
        raise NotAllowed("举报由应急管理局的工作人员办理。")
    if not row.is_confirmed or row.state in (TipOff.State.RECEIVED, TipOff.State.NOT_ACCEPTED):
        raise Conflict("核查属实或部分属实的举报才能登记为隐患。")
    if row.hazard_id is not None:
        raise Conflict("这件举报已经登记过隐患。")
    hazard = register_hazard(
        by=by,
        mine=mine,
        place=place,
        description=description,
        source=Source.TIP_OFF,
        found_on=row.verified_on or timezone.localdate(),
        found_by="群众举报",
        due_on=due_on,
    )
    row.hazard, row.mine = hazard, mine
    row.save(update_fields=["hazard", "mine"])
    record("tipoff.hazard", row, by=by, after={"hazard": hazard.number})
    tip_off.refresh_from_db()
    return hazard


@transaction.atomic
def propose_reward(*, by: User, tip_off: TipOff, amount: Decimal, basis: str) -> TipOffReward:
    """Propose a reward in yuan for what was found true; another person decides."""
    row = _locked(tip_off)
    check_handles(by, row.region)
    if not row.is_confirmed:
        raise Conflict("核查属实或部分属实的举报才能奖励。")
    if row.rewards.exclude(state=TipOffReward.State.REFUSED).exists():
        raise Conflict("这件举报已经提出过奖励。")
    faults: dict[str, list[str]] = {}
    most = rule("tip_off_reward_most", row.region_id)
    if not 0 < amount <= most * 10_000:
        faults["amount"] = [f"奖励金额应大于0，最高{most}万元。"]
    if not basis.strip():
        faults["basis"] = ["请写明按什么规定、怎样算出。"]
    if faults:
        raise Refused(FAULTY, code="invalid", fields=faults)
    reward = TipOffReward.objects.create(tip_off=row, amount=amount, basis=basis.strip(), proposed_by=by)
    record("tipoff.reward_proposed", row, by=by, after={"amount": amount}, note=basis.strip())
    return reward


@transaction.atomic
def move_reward(*, by: User, reward: TipOffReward, action: str, note: str = "") -> TipOffReward:
    """Approve, refuse or pay a reward (see REWARD_MOVES); the tip-off's history tells it too."""
    if action == "pay":
        changes: dict[str, Any] = {"paid_on": timezone.localdate()}
    else:
        changes = {"decided_by": by, "decided_at": timezone.now()}
    moved = advance(reward, action, by=by, note=note, **changes)
    record("tipoff.reward_moved", moved.tip_off, by=by, after={"state": str(moved.get_state_display())}, note=note)
    return moved
