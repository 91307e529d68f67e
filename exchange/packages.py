"""The data of the interface as one file, for a system that cannot be reached: .json and .xlsx with their checksums.

A package is a .zip of two files for each noun, `manifest.json` that tells whose data it is and of when, and
`SHA256SUMS`, which `sha256sum --check` reads. Records are those that the account sees, in its own words (`mapping.py`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone

from common.api import Resource
from common.spreadsheets import Column, write_rows
from exchange.mapping import headings, mapped, name_for
from exchange.models import ServiceAccount
from exchange.reading import add_parts, changed_since, names_of, parts_of, records, visible_rows
from exchange.renderers import json_of
from exchange.resources import RESOURCES
from exchange.services.sight import gone_since
from units.models import User

FORMAT = "campaign-tracker-package/1"
AT_ONCE = 500
GONE_FILE = "gone.json"
"""Noun, id and time of what the account saw before and sees no longer."""
IN_MEMORY = 8 * 1024 * 1024


def write_package(target: IO[bytes], *, account: ServiceAccount, since: dt.date | None) -> dict[str, Any]:
    """Write what the account may read, changed since a day if one is given; answers the manifest.

    Any number of records: five hundred of them are in memory at a time.
    """
    user, moment = account.as_user(), timezone.now()
    start = timezone.make_aware(dt.datetime.combine(since, dt.time())) if since else None
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for resource in RESOURCES.values():
            if not resource.is_readable(account.scopes):
                continue
            rows = visible_rows(resource, user)
            if start is not None:
                rows = changed_since(resource, rows, start)
            name, mapping = name_for(resource, account.mapping), account.mapping
            for ending, write in ((".json", _write_json), (".xlsx", _write_xlsx)):
                with tempfile.SpooledTemporaryFile(IN_MEMORY) as made:
                    count = write(made, resource, rows, user, mapping)
                    files.append(_add(archive, f"{name}{ending}", made) | {"noun": resource.name, "records": count})
        if start is not None:
            gone = [
                one | {"noun": name_for(RESOURCES[one["noun"]], account.mapping)}
                for one in gone_since(account, start, account.scopes)
            ]
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as made:
                made.write(json_of(gone))
                files.append(_add(archive, GONE_FILE, made) | {"noun": "", "records": len(gone)})
        manifest = {
            "format": FORMAT, "made_at": moment, "account": account.user.name,
            "unit": account.user.unit.name if account.user.unit else "",
            "since": since, "is_mapped": bool(account.mapping), "files": files,
        }  # fmt: skip
        told = json_of(manifest)
        archive.writestr("manifest.json", told)
        sums = [f"{one['sha256']}  {one['name']}" for one in files]
        sums.append(f"{hashlib.sha256(told).hexdigest()}  manifest.json")
        archive.writestr("SHA256SUMS", "\n".join(sums) + "\n")
    return manifest


def _portions(
    resource: Resource, rows: QuerySet[Any], user: User, parts: list[str]
) -> Iterator[list[tuple[Any, dict[str, Any]]]]:
    last: Any = None
    while True:
        portion = rows if last is None else rows.filter(pk__gt=last)
        found = records(resource, portion[:AT_ONCE], set(names_of(resource)), user)
        if not found:
            return
        add_parts(resource, found, parts, user)
        yield found
        last = found[-1][0]


def _write_json(target: IO[bytes], resource: Resource, rows: QuerySet[Any], user: User, mapping: Any) -> int:
    count = 0
    target.write(b"[")
    for portion in _portions(resource, rows, user, parts_of(resource)):
        for _, record in portion:
            target.write((b",\n" if count else b"\n") + json_of(mapped(resource, record, mapping)))
            count += 1
    target.write(b"\n]\n")
    return count


def _write_xlsx(target: IO[bytes], resource: Resource, rows: QuerySet[Any], user: User, mapping: Any) -> int:
    columns = [Column(name, name, width=18) for name in headings(resource, mapping).values()]
    told = (
        {name: _cell(value) for name, value in mapped(resource, record, mapping).items()}
        for portion in _portions(resource, rows, user, [])
        for _, record in portion
    )
    return write_rows(target, columns, told, sheet=str(resource.label))


def _cell(value: Any) -> Any:
    """A list or an object stands in one cell as its JSON."""
    if isinstance(value, (list, dict)):
        return json_of(value).decode()
    return value


def _add(archive: zipfile.ZipFile, name: str, made: IO[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    made.seek(0)
    with archive.open(name, "w", force_zip64=True) as inside:
        while chunk := made.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            inside.write(chunk)
    return {"name": name, "sha256": digest.hexdigest(), "bytes": size}
