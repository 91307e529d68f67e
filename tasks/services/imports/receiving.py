"""A plan document on its way in: received, read again, given up, taken back."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path, store_evidence
from common.filetypes import FileType
from common.history import clean_text, record, register_verbs
from common.jobs import start_job
from tasks.models import Campaign, PlanImport
from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import kind_of_file, limits
from tasks.plans.formats.detection import ENDINGS, Kind
from tasks.services.campaigns import check_runs_campaigns
from units.models import Region, User

register_verbs(
    {
        "planimport.received": "收到方案文件",
        "planimport.read": "读取方案",
        "planimport.failed": "未能读取方案",
        "planimport.corrected": "修改草稿",
        "planimport.matched": "对应责任单位",
        "planimport.confirmed": "确认导入",
        "planimport.discarded": "放弃导入",
        "planimport.resumed": "找回导入",
    }
)

READ = "tasks.read_import"
CONFIRM = "tasks.confirm_import"
PASTED = "粘贴的文字"
READ_FIRST = "方案还没有读完，请等读取完成后再操作。"


@transaction.atomic
def receive_plan(
    *,
    by: User,
    region: Region,
    name: str = "",
    data: bytes | None = None,
    pasted: str = "",
    revises: Campaign | None = None,
) -> PlanImport:
    """Keep an uploaded file or pasted text as a new import and queue its reading.

    Raises NotAllowed when the region is not the user's to run, Refused with field `file` or `pasted` for what can be
    seen at once: nothing given, too big, a kind of file that is not read.
    """
    check_runs_campaigns(by, region)
    if revises is not None and revises.region_id != region.pk:
        raise Refused("只能修订本地区的行动，请重新选择。", fields={"revises": ["请选择本地区的行动。"]})
    file_type = _type_of_file(name, data) if data is not None else None
    if data is None:
        _check_pasted(pasted)
    name = clean_text(name).strip()[:200] or (PASTED if data is None else "文件")
    row = PlanImport.objects.create(
        region=region,
        name=name,
        pasted="" if data is not None else clean_text(pasted),
        sha256=hash_of_source(data, pasted),
        revises=revises,
        created_by=by,
    )
    if data is not None:
        row.source = store_evidence(file=ContentFile(data, name=name), by=by, about=row, file_type=file_type)
    row.job = start_job(READ, by=by, about=row)
    row.save(update_fields=["source", "job"])
    record("planimport.received", row, by=by, after={"name": name, "sha256": row.sha256, "revises": revises})
    return row


def hash_of_source(data: bytes | None, pasted: str = "") -> str:
    """The SHA-256 by which the same file, or the same pasted text, is known again."""
    return hashlib.sha256(clean_text(pasted).strip().encode() if data is None else data).hexdigest()


def same_import(*, by: User, region: Region, sha256: str) -> PlanImport | None:
    """The newest import of the very same source in this region that was not given up."""
    known = PlanImport.objects.visible_to(by).filter(region=region, sha256=sha256)
    found: PlanImport | None = known.exclude(state=PlanImport.State.DISCARDED).select_related("created_by").first()
    return found


def _type_of_file(name: str, data: bytes) -> FileType:
    """What the file is, by its first bytes; opening it whole is the job's work."""
    if len(data) > limits.FILE_BYTES:
        raise Refused(limits.TOO_BIG, code="file_too_large", fields={"file": [limits.TOO_BIG]})
    try:
        kind = kind_of_file(name, data)
    except UnreadableDocument as error:
        raise Refused(error.message, code="file_unreadable", fields={"file": [error.message]}) from error
    typed = PurePath(name).suffix.lower() if kind in (Kind.TEXT, Kind.ODF) else ""
    return FileType(str(kind), typed or ENDINGS[kind])


def _check_pasted(pasted: str) -> None:
    sentence = ""
    if not pasted.strip():
        sentence = "请选择方案文件，或把方案全文粘贴进来。"
    elif len(pasted) > limits.CHARACTERS:
        sentence = "粘贴的文字太多，请只粘贴方案正文和任务表。"
    if sentence:
        raise Refused(sentence, fields={"pasted": [sentence]})


@transaction.atomic
def reread_import(*, by: User, plan_import: PlanImport) -> PlanImport:
    """Read the very same source again as a new import; the former one stays as it is."""
    check_runs_campaigns(by, plan_import.region)
    source = plan_import.source
    return receive_plan(
        by=by,
        region=plan_import.region,
        name=plan_import.name,
        data=evidence_path(source.sha256).read_bytes() if source else None,
        pasted=plan_import.pasted,
    )


@transaction.atomic
def retry_import(*, by: User, plan_import: PlanImport) -> PlanImport:
    """Queue the reading of a failed import once more."""
    row = locked(by, plan_import)
    if row.state not in (PlanImport.State.FAILED, PlanImport.State.READING):
        raise Conflict("这份方案已经读取完成，不需要重试。")
    row.state, row.error = PlanImport.State.READING, ""
    row.job = start_job(READ, by=by, about=row, once=True)
    row.save(update_fields=["state", "error", "job", "updated_at"])
    return row


def locked(by: User, plan_import: PlanImport) -> PlanImport:
    """The row as it stands now, held until the transaction ends. Raises NotAllowed."""
    row: PlanImport = PlanImport.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan_import.pk)
    if row.region_id is None or not PlanImport.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed("只有本地区应急管理局的工作人员可以导入方案。")
    check_runs_campaigns(by, row.region)
    return row


def in_review(by: User, plan_import: PlanImport) -> PlanImport:
    row = locked(by, plan_import)
    if row.state == PlanImport.State.READING:
        raise Conflict(READ_FIRST)
    if row.state != PlanImport.State.REVIEW:
        raise Conflict(f"这份方案的状态是“{row.get_state_display()}”，不能再修改。")
    return row


@transaction.atomic
def discard_import(*, by: User, plan_import: PlanImport, note: str = "") -> PlanImport:
    """Give an import up; it stays in the list and can be found again."""
    row = locked(by, plan_import)
    if row.state == PlanImport.State.CONFIRMED:
        raise Conflict("这份方案已经建立行动，不能放弃。")
    if row.state != PlanImport.State.DISCARDED:
        before = row.state
        row.state = PlanImport.State.DISCARDED
        row.save(update_fields=["state", "updated_at"])
        record("planimport.discarded", row, by=by, before={"state": before}, after={"state": row.state}, note=note)
    return row


@transaction.atomic
def resume_import(*, by: User, plan_import: PlanImport) -> PlanImport:
    """Take back an import that was given up, where it was left."""
    row = locked(by, plan_import)
    if row.state != PlanImport.State.DISCARDED:
        return row
    row.state = PlanImport.State.REVIEW if row.draft else PlanImport.State.FAILED
    row.save(update_fields=["state", "updated_at"])
    record("planimport.resumed", row, by=by, after={"state": row.state})
    return row
