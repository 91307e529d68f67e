"""What the worker does with a document: open it, keep what was read, or say why not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.db import transaction

from common.evidence import evidence_path
from common.history import clean_text, record
from tasks.models import PlanImport
from tasks.plans.document import Block, Cell, Document, UnreadableDocument
from tasks.plans.formats import open_document, open_text
from tasks.services.drafts import Draft, draft_of
from tasks.services.imports.names import certain_matches

NAMED = "文件里没有写行动名称，先用了文件名“{}”，请核对。"


def open_source(plan_import: PlanImport) -> Document:
    """Open what was handed in. Raises UnreadableDocument."""
    if plan_import.source is None:
        return open_text(plan_import.pasted, plan_import.name)
    try:
        data = evidence_path(plan_import.source.sha256).read_bytes()
    except OSError as error:
        raise UnreadableDocument("上传的文件已经找不到了，请重新上传；并请管理员检查存储。") from error
    return open_document(plan_import.name, data)


@transaction.atomic
def finish_reading(*, plan_import: PlanImport, document: Document, plan: Mapping[str, Any]) -> PlanImport:
    """Keep what the reader found, and what the directory is certain of; a second run of the job changes nothing."""
    row: PlanImport = PlanImport.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan_import.pk)
    if row.state != PlanImport.State.READING:
        return row
    row.document = document_to_json(document)
    row.plan = dict(plan)
    row.draft = draft_of(plan)
    if row.source is not None:
        _name_draft(row.draft, row.name)
    row.matches = certain_matches(row.region, row.draft)
    row.state, row.error, row.version = PlanImport.State.REVIEW, "", 1
    row.save()
    record("planimport.read", row, by=row.created_by, after={"tasks": len(row.draft["tasks"])})
    return row


def _name_draft(draft: Draft, name: str) -> None:
    """A bare task list prints no title; whoever named the file most often did it by the plan."""
    if draft["tasks"] and not draft["campaign"].get("title"):
        draft["campaign"]["title"] = PurePath(name).stem
        draft["warnings"].insert(0, {"code": "untitled", "message": NAMED.format(draft["campaign"]["title"])})


@transaction.atomic
def fail_reading(*, plan_import: PlanImport, sentence: str) -> None:
    """Keep why the source could not be read; nothing else is stored."""
    row: PlanImport = PlanImport.objects.select_for_update(of=("self",)).get(pk=plan_import.pk)
    if row.state == PlanImport.State.READING:
        row.state, row.error = PlanImport.State.FAILED, sentence
        row.save(update_fields=["state", "error", "updated_at"])
        record("planimport.failed", row, by=row.created_by, note=sentence)


def document_to_json(document: Document) -> dict[str, Any]:
    """A document as plain data, as the source pane needs it."""
    return {
        "media_type": document.media_type,
        "warnings": list(document.warnings),
        "blocks": [
            {"text": clean_text(block.text)}
            | ({"page": block.page} if block.page else {})
            | ({"style": block.style} if block.style else {})
            | ({"cell": _cell_to_json(block.cell)} if block.cell else {})
            for block in document.blocks
        ],
    }


def _cell_to_json(cell: Cell) -> list[int]:
    return [cell.table, cell.row, cell.column, cell.row_span, cell.column_span]


def document_from_json(name: str, data: Mapping[str, Any]) -> Document:
    """The reverse of `document_to_json`."""
    blocks = (
        Block(i, b["text"], Cell(*b["cell"]) if "cell" in b else None, b.get("page"), b.get("style", ""))
        for i, b in enumerate(data["blocks"])
    )
    return Document(name, data["media_type"], tuple(blocks), tuple(data["warnings"]))
