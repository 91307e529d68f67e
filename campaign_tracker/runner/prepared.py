"""Whether anything changed since the last start that went well.

`manage.py prepare` finds that out by itself, but has to load the whole program for it. Only for the SQLite database of
a trial or a small office: in production, and with servers elsewhere, every start asks them.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from campaign_tracker.environment import BASE_DIR, Environment

MARK = "prepared"
ENDINGS = {".py", ".json", ".txt", ".css", ".js", ".svg"}
PASSED_OVER = {"var", ".venv", ".git", "tests", "__pycache__"}


def is_prepared(env: Environment) -> bool:
    """Answer whether the program, its static files and the database stand as `mark_prepared` saw them."""
    mark, found = env.var_dir / MARK, fingerprint(env)
    return bool(found) and mark.is_file() and mark.read_text() == found


def mark_prepared(env: Environment) -> None:
    (env.var_dir / MARK).write_text(fingerprint(env))


def fingerprint(env: Environment) -> str:
    """Change with every file of the program and every migration and guard of the database; empty where that cannot be told."""
    at_home = env.uses_sqlite and env.own_broker and not env.production
    collected = env.debug or (env.var_dir / "static" / ".fingerprint").is_file()
    built = _built(Path(env.database["NAME"])) if at_home else []
    if not (built and collected) or (env.var_dir / "demo-wanted").exists():
        return ""
    digest = hashlib.sha256(f"{sys.version} {env.debug} {built}".encode())
    for path in sorted(_files(BASE_DIR)):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for path in folder.iterdir():
        if path.is_dir() and path.name not in PASSED_OVER:
            found += _files(path)
        elif path.suffix in ENDINGS:
            found.append(path)
    return found


def _built(database: Path) -> list[tuple[object, ...]]:
    """The migrations that ran, and the guards that stand."""
    if not database.is_file():
        return []
    try:
        with closing(sqlite3.connect(database, timeout=5)) as connection:
            migrations = connection.execute("SELECT id, app, name FROM django_migrations ORDER BY id").fetchall()
            return (
                migrations + connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            )
    except sqlite3.Error:
        return []
