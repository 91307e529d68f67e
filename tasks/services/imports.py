"""A plan document on its way in: received, read, corrected, matched, confirmed or given up."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path, store_evidence
from common.filetypes import FileType
from common.history import clean_text, record, register_verbs
from common.jobs import start_job
from tasks.models import Campaign, PlanImport
from tasks.plans.document import Block, Cell, Document, UnreadableDocument
from tasks.plans.formats import detection, limits, open_document, open_text
from tasks.services.campaigns import check_runs_campaigns, create_campaign
from tasks.services.drafts import HEAD, OUTLINE, Change, draft_of, living_tasks, plan_of
from tasks.services.revisions import revise_campaign
from units.matching import Directory, in_directory
from units.models import Region, Unit, UnitGroup, User
from units.names import name_key
from units.services import learn_alias

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
ENDINGS = {
    detection.Kind.TEXT: ".txt",
    detection.Kind.MARKDOWN: ".md",
    detection.Kind.CSV: ".csv",
    detection.Kind.HTML: ".html",
    detection.Kind.DOCX: ".docx",
    detection.Kind.XLSX: ".xlsx",
    detection.Kind.PDF: ".pdf",
}
READ_FIRST = "方案还没有读完，请等读取完成后再操作。"


# -- receiving ---------------------------------------------------------------------------------------------------


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
        kind = detection.kind_of(name, data)
        if kind is detection.Kind.DOCX:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                kind = detection.package_kind(frozenset(package.namelist()))
    except UnreadableDocument as error:
        raise Refused(error.message, code="file_unreadable", fields={"file": [error.message]}) from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        sentence = "文件已损坏，打不开。请用Word或WPS打开后另存一份再上传。"
        raise Refused(sentence, code="file_damaged", fields={"file": [sentence]}) from error
    return FileType(str(kind), PurePath(name).suffix.lower() if kind is detection.Kind.TEXT else ENDINGS[kind])


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
    row = _locked(by, plan_import)
    if row.state not in (PlanImport.State.FAILED, PlanImport.State.READING):
        raise Conflict("这份方案已经读取完成，不需要重试。")
    row.state, row.error = PlanImport.State.READING, ""
    row.job = start_job(READ, by=by, about=row, once=True)
    row.save(update_fields=["state", "error", "job", "updated_at"])
    return row


def _locked(by: User, plan_import: PlanImport) -> PlanImport:
    """The row as it stands now, held until the transaction ends. Raises NotAllowed."""
    row: PlanImport = PlanImport.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan_import.pk)
    if row.region_id is None or not PlanImport.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed("只有本地区应急管理局的工作人员可以导入方案。")
    check_runs_campaigns(by, row.region)
    return row


def _in_review(by: User, plan_import: PlanImport) -> PlanImport:
    row = _locked(by, plan_import)
    if row.state == PlanImport.State.READING:
        raise Conflict(READ_FIRST)
    if row.state != PlanImport.State.REVIEW:
        raise Conflict(f"这份方案的状态是“{row.get_state_display()}”，不能再修改。")
    return row


# -- reading -----------------------------------------------------------------------------------------------------


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
    row.matches = certain_matches(row.region, row.draft)
    row.state, row.error, row.version = PlanImport.State.REVIEW, "", 1
    row.save()
    record("planimport.read", row, by=row.created_by, after={"tasks": len(row.draft["tasks"])})
    return row


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


# -- correcting --------------------------------------------------------------------------------------------------


@transaction.atomic
def correct_draft(*, by: User, plan_import: PlanImport, version: int, change: Change) -> PlanImport:
    """Make one correction. `version` is the import's version that the user saw.

    Raises Conflict when somebody else changed the same task since then; other tasks do not matter.
    """
    row = _in_review(by, plan_import)
    draft = row.draft
    versions = {task["key"]: task["v"] for task in draft["tasks"]} | {HEAD: draft["campaign"]["v"]}
    versions |= dict.fromkeys(OUTLINE, 0) | draft.get("outline_versions", {})
    if any(versions.get(part, 0) > version for part in change.parts(draft)):
        raise Conflict("这一处刚才已被别人修改。请刷新页面，看过新的内容后再改。")
    touched = versions.keys() & set(change.parts(draft))
    known = set(versions)
    before, after = change.apply(draft, row.plan)
    row.version += 1
    for task in draft["tasks"]:
        if task["key"] in touched or task["key"] not in known:
            task["v"] = row.version
    if HEAD in touched:
        draft["campaign"]["v"] = row.version
    for part in touched & OUTLINE.keys():
        draft.setdefault("outline_versions", {})[part] = row.version
    row.save(update_fields=["draft", "version", "updated_at"])
    record("planimport.corrected", row, by=by, before=before, after=after, note=change.words)
    return row


@transaction.atomic
def choose_revised(*, by: User, plan_import: PlanImport, campaign: Campaign | None) -> PlanImport:
    """Say which standing campaign this document revises, or that it is a new one (None)."""
    row = _in_review(by, plan_import)
    if campaign is not None and campaign.region_id != row.region_id:
        raise Refused("只能修订本地区的行动，请重新选择。")
    before = row.revises
    row.revises = campaign
    row.version += 1
    row.save(update_fields=["revises", "version", "updated_at"])
    record(
        "planimport.corrected", row, by=by, before={"revises": before}, after={"revises": campaign}, note="选择修订对象"
    )
    return row


# -- whose names -------------------------------------------------------------------------------------------------


def printed_names(draft: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The distinct names that the draft prints, by key: forms, whether a class, how many tasks, in order of print."""
    names: dict[str, dict[str, Any]] = {}
    rows = [(task["id"], unit) for task in living_tasks(draft) for unit in task["units"]]
    rows += [(None, unit) for unit in draft["campaign"].get("blanket_units") or []]
    for task, unit in rows:
        full = unit.get("expanded") or unit["name"]
        entry = names.setdefault(
            name_key(full),
            {"name": full, "printed": unit["name"], "collective": False, "tasks": set(), "blanket": False},
        )
        entry["collective"] |= bool(unit.get("collective"))
        entry["blanket"] |= task is None
        if task is not None:
            entry["tasks"].add(task)
    return names


def certain_matches(region: Region, draft: Mapping[str, Any]) -> dict[str, Any]:
    """What the directory knows without a doubt: names and aliases that agree exactly."""
    directory = Directory(region)
    found: dict[str, Any] = {}
    for key, entry in printed_names(draft).items():
        certain = directory.match(entry["printed"], entry["name"]).certain
        if certain is not None:
            found[key] = {"unit": certain.unit} if certain.unit else {"group": certain.group}
    return found


@transaction.atomic
def match_names(
    *, by: User, plan_import: PlanImport, version: int, matches: Mapping[str, Mapping[str, Any] | None]
) -> PlanImport:
    """Say what printed names mean: {key: {"unit": pk} | {"group": pk} | {"skip": True} | None for not yet}.

    Raises Refused for a unit or group that is not in the directory, Conflict when names were matched meanwhile.
    """
    row = _in_review(by, plan_import)
    if row.matches.get("_v", 0) > version:
        raise Conflict("单位对应刚才已被别人修改。请刷新页面，看过新的内容后再改。")
    units = {m["unit"] for m in matches.values() if m and "unit" in m}
    groups = {m["group"] for m in matches.values() if m and "group" in m}
    # The keys come from a form: a unit of another county would be charged with a stranger's tasks.
    listed = in_directory(row.region)
    if Unit.objects.filter(listed, pk__in=units, is_active=True).count() < len(units):
        raise Refused("所选的单位已停用或不在目录里，请重新选择。")
    if UnitGroup.objects.filter(listed, pk__in=groups).count() < len(groups):
        raise Refused("所选的单位组不在目录里，请重新选择。")
    before = {key: row.matches.get(key) for key in matches}
    for key, match in matches.items():
        if match:
            row.matches[key] = dict(match)
        else:
            row.matches.pop(key, None)
    if any(row.matches.get(key) != old for key, old in before.items()):
        row.version += 1
        row.matches["_v"] = row.version
        row.save(update_fields=["matches", "version", "updated_at"])
        record("planimport.matched", row, by=by, before=before, after=dict(matches))
    return row


# -- confirming --------------------------------------------------------------------------------------------------


def count_assignments(plan_import: PlanImport) -> int:
    """How many assignments confirming would make, near enough to decide whether a page may wait for it."""
    groups = {m["group"] for m in plan_import.matches.values() if isinstance(m, dict) and m.get("group")}
    sizes = {group.pk: group.members().count() for group in UnitGroup.objects.with_rule().filter(pk__in=groups)}
    total = 0
    plan = plan_of(plan_import.draft)
    for task in plan["tasks"]:
        if task["children"]:
            continue
        for unit in task["units"]:
            match = plan_import.matches.get(name_key(unit.get("expanded") or unit["name"])) or {}
            total += 1 if match.get("unit") else sizes.get(match.get("group") or 0, 0)
    return total


@transaction.atomic
def confirm_import(*, by: User, plan_import: PlanImport, version: int, learn: bool = True) -> Campaign:
    """Write the whole draft as a campaign, or as the revision of one, in one transaction.

    `learn` remembers the chosen matches as aliases. A second confirmation answers the campaign of the first. Raises
    Conflict when the draft changed since `version`, Refused when it has no title or no task.
    """
    row = _locked(by, plan_import)
    if row.state == PlanImport.State.CONFIRMED and row.campaign:
        return row.campaign
    row = _in_review(by, row)
    if row.version != version:
        raise Conflict("草稿在您打开确认页之后又有改动。请看过最新的内容后再确认。")
    plan = plan_of(row.draft)
    matches = {key: match for key, match in row.matches.items() if not key.startswith("_")}
    batch = uuid.uuid4()
    if learn:
        _learn(by, row, matches)
    if row.revises is not None:
        campaign = revise_campaign(
            by=by, campaign=row.revises, plan=plan, matches=matches, note=f"依据“{row.name}”修订"
        )
    else:
        campaign = create_campaign(by=by, region=row.region, plan=plan, matches=matches, note=f"由“{row.name}”导入")
    row.campaign, row.state = campaign, PlanImport.State.CONFIRMED
    row.save(update_fields=["campaign", "state", "updated_at"])
    record(
        "planimport.confirmed",
        row,
        by=by,
        batch=batch,
        after={"campaign": campaign, "tasks": len(plan["tasks"]), "assignments": campaign.assignments.count()},
    )
    return campaign


def _learn(by: User, row: PlanImport, matches: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember what a person chose and the directory did not know by itself."""
    names = printed_names(row.draft)
    certain = certain_matches(row.region, row.draft)
    units = Unit.objects.in_bulk([m["unit"] for m in matches.values() if m.get("unit")])
    groups = UnitGroup.objects.in_bulk([m["group"] for m in matches.values() if m.get("group")])
    for key, match in matches.items():
        if key not in names or certain.get(key) == match or match.get("skip"):
            continue
        unit, group = units.get(match.get("unit")), groups.get(match.get("group"))
        if unit or group:
            learn_alias(
                by=by, region=row.region, name=names[key]["name"][:100], unit=unit, group=None if unit else group
            )


@transaction.atomic
def discard_import(*, by: User, plan_import: PlanImport, note: str = "") -> PlanImport:
    """Give an import up; it stays in the list and can be found again."""
    row = _locked(by, plan_import)
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
    row = _locked(by, plan_import)
    if row.state != PlanImport.State.DISCARDED:
        return row
    row.state = PlanImport.State.REVIEW if row.draft else PlanImport.State.FAILED
    row.save(update_fields=["state", "updated_at"])
    record("planimport.resumed", row, by=by, after={"state": row.state})
    return row
