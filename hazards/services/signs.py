"""Keeps the prints of photographs and words, keeps the signs that they give, and takes people's judgement of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path
from common.history import record
from common.models import Evidence
from hazards import signs
from hazards.models import Hazard, PhotoPrint, Rectification, Reinspection, Sign, StatementPrint
from hazards.photos import bands, read_photo
from units.models import User


@transaction.atomic
def note_photo(*, hazard: Hazard, evidence: Evidence, side: str, round: int = 0) -> PhotoPrint | None:
    """Keep the print of a photograph just stored and the signs it gives; None for papers and what cannot be read.

    Twice does no harm.
    """
    if evidence.kind != Evidence.Kind.IMAGE:
        return None
    known = PhotoPrint.objects.filter(evidence=evidence).first()
    if known is not None:
        return known
    facts = read_photo(evidence_path(evidence.sha256))
    if facts is None:
        return None
    shown = PhotoPrint.objects.create(
        evidence=evidence,
        hazard=hazard,
        region_id=hazard.region_id,
        side=side,
        round=round,
        dhash=facts.dhash,
        taken_at=facts.taken_at,
        has_gps=facts.has_gps,
        **{f"band_{place}": value for place, value in enumerate(bands(facts.dhash))},
    )
    _keep(hazard, signs.seen_in_photo(shown))
    return shown


@transaction.atomic
def note_rectification(*, rectification: Rectification, files: Iterable[Evidence]) -> None:
    """Keep what a rectification says and shows, and the signs it gives.

    A statement written anew before the acceptance takes the place of the former, and a sign about the former that
    nobody has judged goes with it.
    """
    hazard = rectification.hazard
    StatementPrint.objects.update_or_create(
        rectification=rectification,
        defaults={
            "hazard": hazard,
            "region_id": hazard.region_id,
            "digest": signs.digest_of(rectification.statement),
            "made_at": rectification.made_at,
        },
    )
    Sign.objects.filter(
        hazard=hazard, kind=Sign.Kind.COPIED_WORDS, key=str(rectification.round), verdict=Sign.Verdict.OPEN
    ).delete()
    _keep(hazard, signs.seen_in_words(rectification))
    for evidence in files:
        note_photo(hazard=hazard, evidence=evidence, side=PhotoPrint.Side.AFTER, round=rectification.round)


@transaction.atomic
def note_closing(*, reinspection: Reinspection) -> None:
    """Keep the signs that a passed re-inspection gives: closed within minutes, many closed at once by one person."""
    _keep(reinspection.hazard, signs.seen_in_closing(reinspection))
    row = signs.closed_in_a_row(reinspection)
    if not row:
        return
    minutes = -(-(row[0].recorded_at - row[-1].recorded_at).total_seconds() // 60)
    words = f"{reinspection.recorded_by.name}在{int(minutes) or 1}分钟内登记复查合格{len(row)}条。"
    Sign.objects.bulk_create(
        (
            Sign(hazard_id=one.hazard_id, kind=Sign.Kind.MANY_CLOSED, key=str(one.round), words=words)
            for one in row
        ),
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def judge_sign(*, by: User, sign: Sign, verdict: str, words: str = "") -> Sign:
    """Say of a sign that it is fine or suspicious, the latter with words; a later judgement takes the place of the former.

    Who rectified or closed the hazard does not judge it. The history keeps every judgement, with the sign and not
    with the hazard, whose history the mine reads.
    """
    row = Sign.objects.select_for_update(of=("self",)).select_related("hazard__mine").get(pk=sign.pk)
    check_may_judge(by, row)
    faults: dict[str, list[str]] = {}
    if verdict not in (Sign.Verdict.FINE, Sign.Verdict.SUSPICIOUS):
        faults["verdict"] = ["请选择判断结果。"]
    if verdict == Sign.Verdict.SUSPICIOUS and not words.strip():
        faults["words"] = ["请写明为什么可疑、准备怎样核实。"]
    if len(words.strip()) > 300:
        faults["words"] = ["请控制在300字以内。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = {"verdict": row.verdict, "verdict_words": row.verdict_words}
    row.verdict, row.verdict_words, row.judged_by, row.judged_at = verdict, words.strip(), by, timezone.now()
    row.save(update_fields=["verdict", "verdict_words", "judged_by", "judged_at"])
    after = {"verdict": row.verdict, "verdict_words": row.verdict_words}
    record("sign.judged", row, by=by, before=before, after=after, note=words.strip())
    sign.refresh_from_db()
    return row


def check_may_judge(by: User, sign: Sign) -> None:
    """Raises NotAllowed for whoever checks no hazard there, Conflict for whoever took part in this one."""
    if "inspector" not in sign.hazard.relations_of(by):
        raise NotAllowed("整改疑点由应急管理局的工作人员或执法人员判断。")
    if not may_judge(by, sign):
        raise Conflict("您办理过这条隐患的整改或复查，疑点请由另一名工作人员判断。")


def may_judge(user: User, sign: Sign) -> bool:
    """Whether a user may judge a sign: one who may check the hazard and has taken no part in it."""
    hazard = sign.hazard
    if "inspector" not in hazard.relations_of(user) or user.pk in (hazard.rectifier_id, hazard.closed_by_id):
        return False
    took_part = Q(recorded_by=user) | Q(signatures__officer=user)
    return not Reinspection.objects.filter(took_part, hazard=hazard).exists()


def _keep(hazard: Hazard, found: Iterable[signs.Seen]) -> None:
    """Write what was seen, each once."""
    for one in found:
        Sign.objects.get_or_create(
            hazard=hazard,
            kind=one.kind,
            key=one.key,
            defaults={
                "words": one.words[:300],
                "evidence": one.evidence,
                "other_evidence": one.other_evidence,
                "other_hazard": one.other_hazard,
            },
        )
