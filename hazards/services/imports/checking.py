"""Checking every row of a register that was handed in."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.core.files.base import File

from common.errors import Refused
from common.evidence import evidence_path, store_evidence
from common.spreadsheets import Column, ImportRow, Outcome, StreamedRow, iter_rows, rows_in_words, write_rows
from common.spreadsheets.results import ERROR_TITLE
from hazards.imports.columns import BY_KEY
from hazards.imports.given import HIDDEN, SEVERAL, completed, items_of
from hazards.imports.register import RegisterChecker
from hazards.models import Hazard, Level, RegisterImport
from hazards.services.imports.kept import KeptRows
from units.models import User

MOST_SHOWN = 200
MOST_NAMES = 60
MOST_NAMED = 10
MOST_MARKED = 20_000
"""Wrong rows given back in the marked workbook; whoever has more has the wrong file."""
_line = json.JSONEncoder(ensure_ascii=False, default=str).encode


def check_rows(by: User, run: RegisterImport, progress: Any) -> Counter[str]:
    """Check every row: the right ones into the kept file, counts and what the page shows into `run.preview`."""
    titles = {key: run.headings[int(position)] or BY_KEY[key].title for position, key in run.mapping.items()}
    header = {int(p): replace(BY_KEY[key], title=titles[key], aliases=()) for p, key in run.mapping.items()}
    skipped: list[tuple[str, str]] = []
    rows = iter_rows(evidence_path(run.sha256).read_bytes(), header, sheets=run.tables, skipped=skipped)
    remarkable: dict[str, dict[str, set[int]]] = {HIDDEN: {}, SEVERAL: {}}
    checker = RegisterChecker(by, titles=titles, closed_rows=run.closed_rows, names=run.names)
    counts: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
    shown: dict[str, list[Any]] = {"new": [], "changed": [], "errors": []}
    errors = 0
    # Rows are answered in the order in which they are read, a chunk later.
    waiting: deque[tuple[int | str, tuple[str, ...]]] = deque()

    def read() -> Iterator[StreamedRow]:
        for row in completed(marked_rows(), titles, run.given):
            waiting.append((row.number if row.place == f"第 {row.number} 行" else row.place, row.cells))
            yield row

    def marked_rows() -> Iterator[StreamedRow]:
        for row in rows:
            for choice, there in ((HIDDEN, row.hidden), (SEVERAL, items_of(row.values.get("description") or ""))):
                if there:
                    remarkable[choice].setdefault(row.sheet, set()).add(row.number)
            yield row

    def wrong_rows() -> Iterator[dict[str, Any]]:
        nonlocal errors
        for row in checker.check(read()):
            counts[row.outcome] += 1
            place, there = waiting.popleft()
            if progress is not None:
                progress(sum(counts.values()))
            if row.outcome == Outcome.WRONG:
                errors += len(row.errors)
                room = MOST_SHOWN - len(shown["errors"])
                shown["errors"] += [[place, one.column, one.value[:100], one.message] for one in row.errors[:room]]
                if counts[Outcome.WRONG] <= MOST_MARKED:
                    yield _marked(row, place, there)
            elif row.outcome != Outcome.UNCHANGED:
                if len(shown[row.outcome]) < MOST_SHOWN:
                    shown[row.outcome].append(_shown(row, place))
                kept.write(f"{_line([row.outcome, row.values, row.before])}\n")

    with KeptRows(run).written(by) as kept, tempfile.TemporaryFile() as marked:
        columns = [
            Column(str(place), title or f"第{place + 1}列", width=18) for place, title in enumerate(run.headings)
        ]
        number, words = Column("row", "原行号", width=8), Column("errors", ERROR_TITLE, width=60)
        write_rows(marked, [*columns, number, words], wrong_rows(), sheet="有误的行")
        if run.marked_sha256 and counts[Outcome.WRONG] == run.preview.get("counts", {}).get(Outcome.WRONG):
            pass  # as many as at the last check: the workbook that was given out then still says what is wrong
        elif counts[Outcome.WRONG]:
            marked.seek(0)
            stem = run.file_name.rpartition(".")[0] or run.file_name
            stored = store_evidence(
                file=File(marked, name=f"{stem}-有误的行.xlsx"), by=by, about=run, caption="有误的行"
            )
            run.marked_sha256 = stored.sha256
        else:
            run.marked_sha256 = ""
    if not sum(counts.values()):
        raise Refused("表头下面没有数据行。请填好内容再上传。", code="table_no_rows")
    run.preview = {"counts": dict(counts), "errors_count": errors, "names": _unknown(checker), **shown}
    run.preview |= {choice: _places(found) for choice, found in remarkable.items() if found}
    run.preview |= {"skipped": skipped[:MOST_NAMED], "skipped_count": len(skipped)}
    return counts


def _places(found: dict[str, set[int]]) -> dict[str, Any]:
    """How many rows, and which."""
    words = [
        f"“{sheet}”{rows_in_words(rows)}" if len(found) > 1 else rows_in_words(rows) for sheet, rows in found.items()
    ]
    return {"count": sum(map(len, found.values())), "rows": "、".join(words)}


def _unknown(checker: RegisterChecker) -> list[dict[str, Any]]:
    """The names of mines that nobody knows, each with how many rows have it and the keys of mines that are near."""
    found = checker.unknown.most_common(MOST_NAMES)
    return [{"name": name, "count": count, "near": checker.near[name]} for name, count in found]


def _marked(row: ImportRow, place: int | str, cells: Sequence[str]) -> dict[str, Any]:
    words = "\n".join(str(error) for error in row.errors)
    return {str(place): text for place, text in enumerate(cells)} | {"row": place, "errors": words}


def _shown(row: ImportRow, place: int | str) -> dict[str, Any]:
    """What the preview prints of a row: its words, and what changes from what to what."""
    return {
        "row": place,
        "number": row.values.get("number", ""),
        "values": {key: _words(key, value) for key, value in row.values.items() if key in BY_KEY},
        "changes": [
            [BY_KEY[key].title, _words(key, old), _words(key, row.values.get(key))]
            for key, old in row.before.items()
            if key in BY_KEY
        ],
    }


def _words(key: str, value: Any) -> str:
    if key == "level" and value:
        return str(Level(value).label)
    if key == "source" and value:
        return str(dict(Hazard._meta.get_field("source").flatchoices).get(value, value))
    return "" if value is None else str(value)[:200]
