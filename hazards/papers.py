"""Every paper and photograph about a hazard, with what it proves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from common.models import Event, Evidence
from hazards.models import Hazard


def files_about(rows: Iterable[Model]) -> dict[tuple[str, str], list[Evidence]]:
    """The evidence of many records of several models, by (model label, key), oldest first (one query)."""
    wanted = [(ContentType.objects.get_for_model(row), str(row.pk)) for row in rows]
    if not wanted:
        return {}
    condition = reduce(or_, (Q(content_type=kind, object_id=key) for kind, key in wanted))
    found: dict[tuple[str, str], list[Evidence]] = {}
    for file in Evidence.objects.filter(condition).select_related("content_type", "uploaded_by").order_by("id"):
        found.setdefault((file.content_type.model, file.object_id), []).append(file)
    return found


def proofs_of(hazard: Hazard) -> list[Model]:
    """The hazard and every row that belongs to it and may carry files."""
    report = getattr(hazard, "double_report", None)
    rows: list[Any] = [hazard, *([report] if report else [])]
    rows += [*hazard.implementations.all(), *hazard.rectifications.all(), *hazard.reinspections.all()]
    return [*rows, *hazard.look_backs.all(), *hazard.suspensions.all(), *hazard.hand_overs.all()]


def attach_files(hazard: Hazard) -> list[Evidence]:
    """Give the hazard and each of its rows `files`, and answer all of them, each saying in `about_words` what of.

    The hazard must have its rows prefetched, so that pages and this meet the same objects.
    """
    rows = proofs_of(hazard)
    found = files_about(rows)
    everything: list[Evidence] = []
    for row in rows:
        files = found.get((row._meta.model_name or "", str(row.pk)), [])
        row.files = files  # type: ignore[attr-defined]
        for file in files:
            file.about_words = "整改前" if row is hazard else str(row._meta.verbose_name) + f"：{row}"  # type: ignore[attr-defined]
        everything += files
    return sorted(everything, key=lambda file: file.pk)


def events_of(hazard: Hazard) -> Any:
    """What happened to the hazard, its requests for a later day and its listings, newest first.

    Papers have their own list.
    """
    rows: list[Model] = [hazard, *hazard.extensions.all(), *hazard.listings.all()]
    conditions = (Q(content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)) for row in rows)
    return Event.objects.filter(reduce(or_, conditions)).exclude(verb="evidence.added").order_by("-id")
