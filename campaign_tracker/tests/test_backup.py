"""`./run backup` and `./run restore`, as commands, on the engine of this run: what comes back is what was there."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from campaign_tracker.environment import BASE_DIR
from campaign_tracker.runner.postgres import find_postgres

NAME = "campaign_tracker_backup_test"
FILL = """
from django.core.files.base import ContentFile
from common.evidence import store_evidence
from common.history import record
from common.seals import seal_history
from units.models import Region
region, _ = Region.objects.get_or_create(code="149921", name="青岚县")
for number in {numbers}:
    record("region.changed", region, by=None, note=f"第{{number}}次")
    store_evidence(file=ContentFile(b"%PDF-1.4\\n%" + str(number).encode() + b"\\n%%EOF", name="批复.pdf"), by=None, about=region)
seal_history()
"""


class Ledger:
    """A data folder with a database of its own, and the commands on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.var, self.url = folder / "var", url
        self.environment = {**os.environ, "CAMPAIGN_TRACKER_VAR": str(self.var), "DEMO": "0", "DATABASE_URL": url}
        # Where only the Python package brings a PostgreSQL, its client programs stand beside the server.
        folders = [str(folder) for folder in find_postgres()[:1]]
        self.environment["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])
        self.environment["DJANGO_SETTINGS_MODULE"] = "campaign_tracker.settings"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, check=False)

    def fill(self, *numbers: int) -> None:
        done = self.run("manage.py", "shell", "-c", FILL.format(numbers=numbers))
        assert done.returncode == 0, done.stderr

    def rows(self) -> dict[str, str]:
        """A hash over all rows of every table."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                return hashes(connection.cursor(), "SELECT name FROM sqlite_master WHERE type = 'table'")
        with closing(psycopg2.connect(self.url)) as connection:
            return hashes(connection.cursor(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")

    def files(self) -> dict[str, str]:
        folder = self.var / "evidence"
        found = [path for path in folder.rglob("*") if path.is_file() and "renditions" not in path.parts]
        return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def hashes(cursor, tables: str) -> dict[str, str]:
    cursor.execute(tables)
    found = {}
    for (name,) in sorted(cursor.fetchall()):
        cursor.execute(f'SELECT * FROM "{name}"')
        found[name] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Ledger]:
    tmp_path = tmp_path_factory.mktemp("ledger")
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        ledger = Ledger(tmp_path, f"sqlite:///{tmp_path}/var/ledger.sqlite3")
        ledger.var.mkdir()
        yield prepared(ledger)
        return
    server = os.environ["TEST_DATABASE_URL"]
    with closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
            cursor.execute(f"CREATE DATABASE {NAME}")
            try:
                yield prepared(Ledger(tmp_path, f"{server.rpartition('/')[0]}/{NAME}"))
            finally:
                cursor.execute(f"DROP DATABASE {NAME}")


def prepared(ledger: Ledger) -> Ledger:
    done = ledger.run("manage.py", "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    ledger.fill(1, 2, 3)
    return ledger


def test_a_damaged_backup_is_refused_before_anything_changes(ledger, tmp_path):
    backups = tmp_path / "backups"
    assert ledger.run("-m", "campaign_tracker.runner.backup", str(backups)).returncode == 0
    [made] = backups.iterdir()
    rows = ledger.rows()
    kept = next(path for path in (made / "evidence").rglob("*") if path.is_file())
    kept.write_bytes(b"something else")
    refused = ledger.run("-m", "campaign_tracker.runner.restore", str(made), "--replace")
    assert refused.returncode == 2 and "已损坏" in refused.stderr
    assert "Traceback" not in refused.stderr
    kept.unlink()
    refused = ledger.run("-m", "campaign_tracker.runner.restore", str(made), "--replace")
    assert refused.returncode == 2 and "缺少文件" in refused.stderr
    assert ledger.run("-m", "campaign_tracker.runner.restore", str(tmp_path)).returncode == 2
    assert ledger.rows() == rows


def test_what_was_backed_up_comes_back_and_nothing_differs(ledger, tmp_path):
    rows, files = ledger.rows(), ledger.files()
    assert len(files) == 3
    backups = tmp_path / "backups"
    done = ledger.run("-m", "campaign_tracker.runner.backup", str(backups))
    assert done.returncode == 0, done.stderr
    [made] = backups.iterdir()

    # Work goes on, and then a file is lost.
    ledger.fill(4, 5)
    lost = next(iter(files))
    (ledger.var / "evidence" / lost).unlink()
    after = ledger.rows()
    assert after != rows

    restore = ("-m", "campaign_tracker.runner.restore", str(made))
    refused = ledger.run(*restore)
    assert refused.returncode == 2 and "加上 --replace" in refused.stderr
    assert ledger.rows() == after

    done = ledger.run(*restore, "--replace")
    assert done.returncode == 0, done.stderr + done.stdout
    assert "历史记录完好" in done.stdout and "印证资料完好" in done.stdout
    assert ledger.rows() == rows
    assert files.items() <= ledger.files().items()
    # What was replaced is kept: beside the database, or as a backup of its own.
    assert list(ledger.var.glob("ledger.sqlite3.before-*")) or list((ledger.var / "backups").iterdir())
