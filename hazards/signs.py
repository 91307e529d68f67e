"""What about a rectification makes one look twice. Questions only; `hazards/services/signs.py` keeps the answers.

A sign accuses nobody: an honest mine takes both photographs from the same spot, an honest inspector writes a day's
visits in one evening. Each sign says what was seen, and a person judges.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from common.models import Evidence
from hazards.models import Hazard, PhotoPrint, Rectification, Reinspection, Sign, StatementPrint
from hazards.photos import MOST_NEAR_BITS, distance
from units.rules import rule, rules_for

if TYPE_CHECKING:
    from units.models import User

MOST_CANDIDATES = 2000
"""Prints that are compared bit by bit, newest first; so many agree in a band only where millions are kept."""
MOST_COPIES = 200
"""Rows of the very same file that are looked at, newest first."""
MOST_ELSEWHERE = 10
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign before it is kept."""

    kind: Sign.Kind
    words: str
    key: str = ""
    evidence: Evidence | None = None
    other_evidence: Evidence | None = None
    other_hazard: Hazard | None = None


def seen_in_photo(shown: PhotoPrint) -> list[Seen]:
    """What stands out about a photograph of after: against those of before, of earlier rounds, of other hazards, and its day."""
    if shown.side != PhotoPrint.Side.AFTER:
        return []
    numbers = rules_for(shown.region_id)
    near = min(numbers["photo_near_bits"], MOST_NEAR_BITS)
    return [*_against_own(shown, near), *_elsewhere(shown, near), *_taken(shown, numbers["photo_old_days"])]


def _alike(one: PhotoPrint, other: PhotoPrint, near: int) -> str:
    """How two photographs are alike, in words; empty where they are not."""
    if one.evidence.sha256 == other.evidence.sha256:
        return "是同一个文件"
    bits = distance(one.dhash, other.dhash)
    return f"画面几乎相同（64位差异值中有{bits}位不同）" if bits <= near else ""


def _against_own(shown: PhotoPrint, near: int) -> list[Seen]:
    found = []
    for other in PhotoPrint.objects.filter(hazard=shown.hazard_id).exclude(pk=shown.pk).select_related("evidence"):
        how = _alike(shown, other, near)
        if not how:
            continue
        if other.side == PhotoPrint.Side.BEFORE:
            same = shown.evidence.sha256 == other.evidence.sha256
            kind = Sign.Kind.SAME_PHOTO if same else Sign.Kind.NEAR_PHOTO
            words = f"整改后的照片与整改前的照片{how}。"
        elif other.round < shown.round:
            kind = Sign.Kind.PHOTO_AGAIN
            words = f"第{shown.round}次整改的照片与第{other.round}次被退回时的照片{how}。"
        else:
            continue
        key = f"{shown.evidence_id}-{other.evidence_id}"
        found.append(Seen(kind, words, key=key, evidence=shown.evidence, other_evidence=other.evidence))
    return found


def _elsewhere(shown: PhotoPrint, near: int) -> list[Seen]:
    """Photographs of other hazards of the county that are the same or near, one sign for each such hazard."""
    # By key and not by a join: an "or" over two tables is answered by no index.
    copies = Evidence.objects.filter(sha256=shown.evidence.sha256).order_by("-pk").values_list("pk", flat=True)
    same = Q(evidence__in=list(copies[:MOST_COPIES]))
    values = {f"band_{place}": getattr(shown, f"band_{place}") for place in range(MOST_NEAR_BITS + 1)}
    one_band = [Q(**{name: value}) for name, value in values.items() if value is not None]
    others = (
        PhotoPrint.objects.filter(reduce(or_, [same, *one_band]), region=shown.region_id)
        .exclude(hazard=shown.hazard_id)
        .exclude(hazard__state=Hazard.State.VOID)
        .select_related("evidence", "hazard__mine")
        .order_by("-pk")[:MOST_CANDIDATES]
    )
    found: dict[int, Seen] = {}
    for other in others:
        how = _alike(shown, other, near)
        if how and other.hazard_id not in found:
            words = (
                f"整改后的照片与隐患{other.hazard.number}（{other.hazard.mine}）{other.get_side_display()}的照片{how}。"
            )
            found[other.hazard_id] = Seen(
                Sign.Kind.PHOTO_ELSEWHERE,
                words,
                key=f"{shown.evidence_id}-{other.hazard_id}",
                evidence=shown.evidence,
                other_evidence=other.evidence,
                other_hazard=other.hazard,
            )
        if len(found) == MOST_ELSEWHERE:
            break
    return list(found.values())


def _taken(shown: PhotoPrint, old_days: int) -> list[Seen]:
    """By the camera's clock, which may be wrong: therefore a sign."""
    if shown.taken_at is None:
        return []
    taken = timezone.localtime(shown.taken_at)
    handed_in = timezone.localtime(shown.evidence.uploaded_at)
    key = str(shown.evidence_id)
    if taken.date() < shown.hazard.found_on:
        words = f"照片记录的拍摄时间是{taken:%Y-%m-%d %H:%M}，早于隐患的发现日期{shown.hazard.found_on}。"
        return [Seen(Sign.Kind.TAKEN_BEFORE, words, key=key, evidence=shown.evidence)]
    if handed_in - taken > dt.timedelta(days=old_days):
        words = f"照片记录的拍摄时间是{taken:%Y-%m-%d %H:%M}，比填报早{(handed_in - taken).days}天。"
        return [Seen(Sign.Kind.TAKEN_LONG_AGO, words, key=key, evidence=shown.evidence)]
    return []


def digest_of(statement: str) -> str:
    """The hash of a statement without spaces and signs."""
    return hashlib.sha256(_NOT_WORDS.sub("", statement).lower().encode()).hexdigest()


def seen_in_words(rectification: Rectification) -> list[Seen]:
    """Whether a mine's statement was already made, word for word, about another hazard of the county."""
    hazard = rectification.hazard
    numbers = rules_for(hazard.region_id)
    if len(_NOT_WORDS.sub("", rectification.statement)) < numbers["copied_words_length"]:
        return []
    since = rectification.made_at - dt.timedelta(days=numbers["repeat_months"] * 31)
    others = list(
        StatementPrint.objects.filter(
            digest=digest_of(rectification.statement), region=hazard.region_id, made_at__gte=since
        )
        .exclude(hazard=hazard.pk)
        .exclude(hazard__state=Hazard.State.VOID)
        .select_related("hazard__mine")
        .order_by("-pk")[:100]
    )
    numbers_of = {other.hazard_id: other.hazard for other in others}
    if not numbers_of:
        return []
    latest = others[0].hazard
    words = f"整改说明与另外{len(numbers_of)}条隐患一字不差，最近的是{latest.number}（{latest.mine}）。"
    return [Seen(Sign.Kind.COPIED_WORDS, words, key=str(rectification.round), other_hazard=latest)]


def seen_in_closing(reinspection: Reinspection) -> list[Seen]:
    """Whether the hazard was closed within minutes of the claim that it is gone."""
    claim = reinspection.hazard.rectifications.filter(round=reinspection.round).first()
    if claim is None or reinspection.result != Reinspection.Result.PASSED:
        return []
    gone = reinspection.recorded_at - claim.made_at
    if not dt.timedelta(0) <= gone < dt.timedelta(minutes=rule("quick_close_minutes", reinspection.hazard.region_id)):
        return []
    words = f"填报整改后{int(gone.total_seconds() // 60) or '不到1'}分钟就登记复查合格并销号。"
    return [Seen(Sign.Kind.CLOSED_AT_ONCE, words, key=str(reinspection.round))]


def closed_in_a_row(reinspection: Reinspection) -> list[Reinspection]:
    """The re-inspections that one person recorded as passed in the minutes up to this one, if they are many; else none."""
    numbers = rules_for(reinspection.hazard.region_id)
    since = reinspection.recorded_at - dt.timedelta(minutes=numbers["mass_close_minutes"])
    rows = list(
        Reinspection.objects.filter(
            recorded_by=reinspection.recorded_by_id,
            result=Reinspection.Result.PASSED,
            recorded_at__range=(since, reinspection.recorded_at),
        ).order_by("-recorded_at")[:500]
    )
    return rows if len(rows) >= numbers["mass_close_count"] else []


def signs_of(hazard: Hazard, user: User) -> list[Sign]:
    """The signs about one hazard that this user may see, those that nobody has judged first (one query)."""
    rows = Sign.objects.visible_to(user).for_list().filter(hazard=hazard.pk)
    return sorted(rows, key=lambda sign: (sign.verdict != Sign.Verdict.OPEN, sign.pk))
