"""What a backup holds, and how each database is copied out and put back.

A backup is a folder: the database as one file, `evidence/` as it lies in the data folder, and `manifest.json` with the
SHA-256 of every file, the rows of every table, and the last seal of the history, so that a copy can be proved whole
without the machine that it came from.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from campaign_tracker.environment import Environment, WrongSetting

MANIFEST = "manifest.json"
EVIDENCE = "evidence"
SQLITE_COPY = "database.sqlite3"
POSTGRESQL_COPY = "database.dump"
SEAL_TABLE = "common_seal"
# Made again from the originals, or not yet whole.
NOT_KEPT = {"renditions", "incoming"}
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Contents:
    """What one database held at the moment of the copy."""

    rows: dict[str, int]
    seal: str


@dataclass(frozen=True)
class Manifest:
    """The label of a backup. `files` maps a path inside the folder to its SHA-256."""

    made_at: str
    engine: str
    rows: dict[str, int]
    seal: str
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises WrongSetting where the folder is no backup."""
        try:
            return cls(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as fault:
            raise WrongSetting(
                f"{folder} 不是完整的备份（缺少或读不懂 {MANIFEST}），请换一个备份目录。"
                f"({folder} is no complete backup.)"
            ) from fault


def engine_of(env: Environment) -> str:
    return "sqlite" if env.uses_sqlite else "postgresql"


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def evidence_files(folder: Path) -> Iterator[Path]:
    """The originals below an evidence folder, without what is made again or still coming in."""
    if folder.is_dir():
        for part in sorted(folder.iterdir()):
            if part.is_dir() and part.name not in NOT_KEPT:
                yield from sorted(path for path in part.rglob("*") if path.is_file())


def copy_file(source: Path, target: Path) -> str:
    """Copy the bytes, hash what was written and force it to the disk; answers the SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while part := reader.read(CHUNK):
            digest.update(part)
            writer.write(part)
        writer.flush()
        os.fsync(writer.fileno())
    shutil.copystat(source, target)
    return digest.hexdigest()


# ---- SQLite


def dump_sqlite(env: Environment, target: Path) -> Contents:
    """Copy the database while others write to it; SQLite answers one moment of it."""
    source = Path(env.database["NAME"])
    if not source.is_file():
        raise WrongSetting(f"还没有数据库 {source}，没有可备份的内容。(There is no database yet.)")
    with closing(sqlite3.connect(source, timeout=20)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        # One file by itself: no journal of the copy may lie beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        return contents_of_sqlite(copy)


def contents_of_sqlite(connection: sqlite3.Connection) -> Contents:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [name for (name,) in connection.execute(query)]
    rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    seal = None
    if SEAL_TABLE in rows:
        seal = connection.execute(f"SELECT digest FROM {SEAL_TABLE} ORDER BY number DESC LIMIT 1").fetchone()
    return Contents(rows, seal[0] if seal else "")


def load_sqlite(env: Environment, source: Path) -> Contents:
    target = Path(env.database["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    copy_file(source, part)
    for journal in ("-wal", "-shm"):
        target.with_name(target.name + journal).unlink(missing_ok=True)
    part.replace(target)
    with closing(sqlite3.connect(target)) as connection:
        return contents_of_sqlite(connection)


# ---- PostgreSQL


@contextmanager
def connected(env: Environment) -> Iterator[Any]:
    database = env.database
    try:
        connection = psycopg2.connect(
            dbname=database["NAME"],
            user=database.get("USER") or None,
            password=database.get("PASSWORD") or None,
            host=database.get("HOST") or None,
            port=database.get("PORT") or None,
            connect_timeout=5,
        )
    except psycopg2.OperationalError as fault:
        raise WrongSetting(
            f"连不上数据库，请检查 DATABASE_URL：{fault}(The database of DATABASE_URL does not answer.)"
        ) from fault
    with closing(connection):
        yield connection


def dump_postgresql(env: Environment, target: Path) -> Contents:
    """Let pg_dump copy the moment that this connection counts, while others write."""
    with connected(env) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            run_client(env, "pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
            return contents_of_postgresql(cursor)


def contents_of_postgresql(cursor: Any) -> Contents:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    rows = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        rows[name] = cursor.fetchone()[0]
    seal = None
    if SEAL_TABLE in rows:
        cursor.execute(f"SELECT digest FROM {SEAL_TABLE} ORDER BY number DESC LIMIT 1")
        seal = cursor.fetchone()
    return Contents(rows, seal[0] if seal else "")


def load_postgresql(env: Environment, source: Path, *, replace: bool) -> Contents:
    """All or nothing, in one transaction; what stood there before goes in the same one."""
    with tempfile.TemporaryDirectory(prefix="ct-restore-") as name:
        script = Path(name) / "restore.sql"
        run_client(env, "pg_restore", "--no-owner", f"--file={script}", str(source))
        away = ("--command", "DROP SCHEMA public CASCADE; CREATE SCHEMA public") if replace else ()
        options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        run_client(env, "psql", *options, *away, f"--file={script}")
    with connected(env) as connection, connection.cursor() as cursor:
        return contents_of_postgresql(cursor)


def run_client(env: Environment, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; they refuse a server that is newer than they are, so the newest is taken."""
    debian = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    installed = sorted(debian, key=lambda path: -int("0" + "".join(filter(str.isdigit, path.parts[-3]))))
    path = str(installed[0]) if installed else shutil.which(program)
    if path is None:
        raise WrongSetting(
            f"缺少 {program}，请先安装 PostgreSQL 客户端：sudo apt-get install postgresql-client"
            f"({program} is needed; install the PostgreSQL client.)"
        )
    database = env.database
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: str(database[key]) for name, key in names.items() if database.get(key)}
    done = subprocess.run([path, *arguments], env={**os.environ, **given}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise WrongSetting(f"{program} 没有成功：{done.stderr.strip()[-800:]}({program} failed.)")
