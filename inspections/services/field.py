"""What a telephone kept while it had no signal is taken over: once, and never over somebody else's answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, Refused
from common.evidence import store_evidence
from common.filetypes import recognise_file
from common.models import Evidence
from inspections.models import FieldEntry, Outcome, Visit, VisitResult
from inspections.services.visits import PHOTOS, Answer, Proposed, check_may_fill, fill_results
from units.models import User

STORED, KNOWN, CONFLICT, REFUSED = "stored", "known", "conflict", "refused"
NOTHING_PROPOSED = Proposed()
UNKNOWN_ITEM = "系统里没有这个检查项，请联网刷新后再填。"


@dataclass(frozen=True, slots=True)
class Seen:
    """An outcome with its words, and what was thought of a fault, as somebody saw it."""

    outcome: str = ""
    words: str = ""
    proposed: Proposed = NOTHING_PROPOSED

    @classmethod
    def of(cls, result: VisitResult) -> Seen:
        return cls(result.outcome, plain(result.words), Proposed.of(result))


@dataclass(frozen=True, slots=True)
class Change:
    """An answer given on a telephone.

    `base` is what the telephone knew of the item when it was answered. `tries` are earlier answers of the same telephone
    that were sent without hearing whether they arrived: where one did, it is the base.
    """

    client_id: uuid.UUID
    item: uuid.UUID
    seen: Seen
    base: Seen
    made_at: dt.datetime
    tries: Sequence[tuple[uuid.UUID, Seen]] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one change: stored, known (there already), conflict or refused, the two last with a sentence."""

    client_id: uuid.UUID
    status: str
    words: str = ""
    result: VisitResult | None = None


def plain(words: str) -> str:
    """Words without what a form adds on its way."""
    return words.replace("\r\n", "\n").strip()


@transaction.atomic
def take_changes(*, by: User, visit: Visit, changes: Sequence[Change]) -> list[Reply]:
    """Take over answers from a telephone, each once, and say of each what became of it.

    An answer is written only over what the telephone knew. Where somebody else wrote something different meanwhile, the
    reply is a conflict that carries the row as it is, and nothing is written. Raises NotAllowed or Conflict where the
    visit as a whole may not be filled in.
    """
    locked = _locked(visit, by)
    sent = {change.item for change in changes}
    rows = locked.results.select_related("hazard", "checked_by").filter(client_id__in=sent)
    results = {one.client_id: one for one in rows}
    known = _known(key for change in changes for key in (change.client_id, *(key for key, _ in change.tries)))
    replies = {
        change.client_id: _judge(change, results.get(change.item), known, locked.pk, by.pk) for change in changes
    }
    good = [change for change in changes if replies[change.client_id].status == STORED]
    fill_results(by=by, visit=locked, answers={results[one.item].pk: _answer(one, locked) for one in good})
    _remember(by, locked, ((one.client_id, results[one.item], one.made_at) for one in good))
    fresh = locked.results.select_related("hazard", "checked_by").in_bulk([results[one.item].pk for one in good])
    for one in good:
        replies[one.client_id] = Reply(one.client_id, STORED, result=fresh[results[one.item].pk])
    return [replies[change.client_id] for change in changes]


@transaction.atomic
def take_photo(
    *, by: User, visit: Visit, client_id: uuid.UUID, item: uuid.UUID, file: File[bytes], made_at: dt.datetime
) -> Reply:
    """Keep a photograph that a telephone took of an item, once. Raises as `take_changes` does."""
    locked = _locked(visit, by)
    result = locked.results.filter(client_id=item).first()
    if result is None:
        return Reply(client_id, REFUSED, UNKNOWN_ITEM)
    entry = _known([client_id]).get(client_id)
    if entry is not None:
        mine = (entry.visit_id, entry.by_id) == (locked.pk, by.pk)
        return Reply(client_id, KNOWN, result=result) if mine else Reply(client_id, REFUSED, UNKNOWN_ITEM)
    if Evidence.objects.about(result).count() >= PHOTOS * 2:
        return Reply(client_id, REFUSED, f"这一项已有{PHOTOS * 2}张照片，不再接收。")
    try:
        kind = recognise_file(file, file.name or "")
        if not kind.is_image:
            raise Refused("这不是照片，没有收下。")
        store_evidence(file=file, by=by, about=result, caption=result.text[:60])
    except Refused as refusal:
        return Reply(client_id, REFUSED, refusal.message)
    _remember(by, locked, [(client_id, result, made_at)])
    return Reply(client_id, STORED, result=result)


def check_same_person(by: User, sender: object) -> None:
    """Raises Conflict where a telephone sends what another person than the one logged in has filled in."""
    if by.pk != sender:
        raise Conflict("这些内容是另一个人填写的，由本人登录后上传。", code="other_person")


def _judge(
    change: Change, result: VisitResult | None, known: dict[uuid.UUID, FieldEntry], visit: int, by: int
) -> Reply:
    """What has to become of a change; STORED means that it may be written."""
    entry = known.get(change.client_id)
    if result is None or (entry and (entry.visit_id, entry.by_id, entry.result_id) != (visit, by, result.pk)):
        return Reply(change.client_id, REFUSED, UNKNOWN_ITEM)
    now = Seen.of(result)
    if entry is not None or now == change.seen:
        return Reply(change.client_id, KNOWN, result=result)
    if result.hazard is not None:
        return Reply(change.client_id, REFUSED, f"这一项已登记为隐患{result.hazard.number}，结果不再改动。", result)
    if change.seen.outcome == Outcome.FAILED and not change.seen.words:
        return Reply(change.client_id, REFUSED, "不合格的，请写明问题。", result)
    arrived = [seen for key, seen in change.tries if key in known]
    base = arrived[-1] if arrived else change.base
    if now != base:
        who = result.checked_by.name if result.checked_by else "其他人"
        return Reply(change.client_id, CONFLICT, f"{who}已经填写了不同的结果，请核对后选择。", result)
    return Reply(change.client_id, STORED, result=result)


def _answer(change: Change, visit: Visit) -> Answer:
    """With the time at which it was seen, where the telephone's clock can be believed."""
    believable = visit.opened_at <= change.made_at <= timezone.now()
    seen = change.seen
    return Answer(seen.outcome, seen.words, seen_at=change.made_at if believable else None, proposed=seen.proposed)


def _locked(visit: Visit, by: User) -> Visit:
    row: Visit = Visit.objects.select_for_update(of=("self",)).select_related("mine__region").get(pk=visit.pk)
    check_may_fill(by, row)
    return row


def _known(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, FieldEntry]:
    return {one.client_id: one for one in FieldEntry.objects.filter(client_id__in=list(keys))}


def _remember(by: User, visit: Visit, taken: Iterable[tuple[uuid.UUID, VisitResult, dt.datetime]]) -> None:
    FieldEntry.objects.bulk_create(
        FieldEntry(client_id=key, visit=visit, result=result, by=by, made_at=made_at) for key, result, made_at in taken
    )
