"""The right rows of a checked file, kept from the preview to the confirmation, so that the file is read once.

A file and no record: where it is missing, or no longer says what a check would find now, the import checks again.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from hazards.models import Hazard, RegisterImport
from units.models import User

KEPT_SECONDS = 3600
"""Longer ago names, mines and catalogues may have changed: the file is checked anew."""
DAYS = ("found_on", "due_on")


class Stale(Exception):
    """The register has changed since the check in a way that these rows meet."""


class KeptRows:
    """The rows of one import that would be written: [outcome, values, before], one JSON object a line.

    `newest` is the newest hazard when the check began: a row may mean one that was registered since.
    """

    def __init__(self, run: RegisterImport) -> None:
        self.path = Path(settings.VAR_DIR) / "imports" / f"{run.public_id}.jsonl"
        self.checked = {"mapping": run.mapping, "closed_rows": run.closed_rows, "sha256": run.sha256}
        self.checked |= {"given": run.given, "names": run.names}
        self.newest = 0

    @contextmanager
    def written(self, by: User) -> Iterator[IO[str]]:
        """Open the file to write the rows; it is there whole, or the former one stays."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._sweep()
        newest = Hazard.objects.order_by("-pk").values_list("pk", flat=True).first()
        unfinished = self.path.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(f"{json.dumps(self._heading(by) | {'newest': newest or 0}, sort_keys=True)}\n")
            yield file
        unfinished.replace(self.path)

    def rows(self, by: User) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Read the rows that the last check by this person kept. Raises Stale where there are none to go by."""
        try:
            file = self.path.open(encoding="utf-8")
        except FileNotFoundError as error:
            raise Stale from error
        with file:
            heading = json.loads(file.readline())
            self.newest = heading.pop("newest")
            if heading != json.loads(json.dumps(self._heading(by))) or self._is_old(self.path):
                raise Stale
            for line in file:
                outcome, values, before = json.loads(line)
                for key in DAYS:
                    if values.get(key):
                        values[key] = dt.date.fromisoformat(values[key])
                yield outcome, values, before

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)

    def _heading(self, by: User) -> dict[str, Any]:
        # What is right depends on who hands it in: an inspector does not grade.
        return self.checked | {"by": by.pk, "role": by.role, "unit": by.unit_id}

    def _sweep(self) -> None:
        for path in self.path.parent.glob("*.*"):
            if self._is_old(path, 24 * KEPT_SECONDS):
                path.unlink(missing_ok=True)

    @staticmethod
    def _is_old(path: Path, seconds: int = KEPT_SECONDS) -> bool:
        return time.time() - path.stat().st_mtime > seconds
