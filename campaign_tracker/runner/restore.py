"""`./run restore FOLDER [--replace]`: put a backup back and prove that nothing differs. The program must be stopped."""

from __future__ import annotations

import datetime
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import CommandError, call_command

from campaign_tracker.environment import BASE_DIR, Environment, WrongSetting, read_environment

from .backup import back_up
from .copies import (
    EVIDENCE,
    POSTGRESQL_COPY,
    SQLITE_COPY,
    Manifest,
    connected,
    contents_of_postgresql,
    copy_file,
    engine_of,
    hash_file,
    load_postgresql,
    load_sqlite,
)

USAGE = "用法：./run restore 备份目录 [--replace]　(usage: ./run restore FOLDER [--replace])"


def main(arguments: list[str]) -> int:
    replace = "--replace" in arguments
    folders = [word for word in arguments if word != "--replace"]
    if len(folders) != 1 or folders[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        env = read_environment()
        with stopped(env):
            manifest = restore(env, Path(folders[0]).resolve(), replace=replace)
            print(
                f"已恢复 {manifest.made_at} 的备份：{sum(manifest.rows.values())} 行，各表行数与备份一致。", flush=True
            )
            return prove(manifest)
    except WrongSetting as fault:
        print(fault, file=sys.stderr)
        return 2


def restore(env: Environment, folder: Path, *, replace: bool) -> Manifest:
    """Check every file of the backup, then put evidence and database back, and compare the rows of every table.

    A database that holds something is only replaced when asked to, and is kept: SQLite's beside the new one under
    another name, PostgreSQL's as a backup in the data folder. Raises WrongSetting with one sentence.
    """
    manifest = Manifest.read(folder)
    if manifest.engine != engine_of(env):
        raise WrongSetting(
            f"备份来自 {manifest.engine}，而现在的数据库是 {engine_of(env)}，请改用同一种数据库。"
            "(The backup is of another kind of database.)"
        )
    check_files(folder, manifest)
    make_room(env, replace=replace)
    for name, sha256 in manifest.files.items():
        if name.startswith(f"{EVIDENCE}/"):
            target = env.var_dir / name
            if not (target.is_file() and hash_file(target) == sha256):
                copy_file(folder / name, target)
    if env.uses_sqlite:
        contents = load_sqlite(env, folder / SQLITE_COPY)
    else:
        contents = load_postgresql(env, folder / POSTGRESQL_COPY, replace=replace)
    if (contents.rows, contents.seal) != (manifest.rows, manifest.seal):
        tables = {name for name, _ in contents.rows.items() ^ manifest.rows.items()}
        raise WrongSetting(f"恢复后的数据与备份不一致：{'、'.join(sorted(tables))}。(The restored rows differ.)")
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file is there and has the bytes of the day of the backup."""
    for name, sha256 in manifest.files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder):
            raise WrongSetting(f"备份清单里有不属于备份的路径 {name}，请换一个备份。(A path leads out of the backup.)")
        if not path.is_file():
            raise WrongSetting(f"备份缺少文件 {name}，请换一个备份。({name} is missing from the backup.)")
        if hash_file(path) != sha256:
            raise WrongSetting(f"备份里的 {name} 已损坏，请换一个备份。({name} is not what was backed up.)")


def make_room(env: Environment, *, replace: bool) -> None:
    """Refuse to write over data that nobody said may go."""
    full = WrongSetting(
        "现在的数据库里已有数据。确定要用备份代替它，请加上 --replace。"
        "(The database is not empty; add --replace to put the backup in its place.)"
    )
    if env.uses_sqlite:
        database = Path(env.database["NAME"])
        if database.is_file():
            if not replace:
                raise full
            stamp = f"{datetime.datetime.now():%Y%m%d-%H%M%S}"
            for ending in ("", "-wal", "-shm"):
                old = database.with_name(database.name + ending)
                if old.is_file():
                    old.rename(database.with_name(f"{database.name}.before-{stamp}{ending}"))
        return
    with connected(env) as connection, connection.cursor() as cursor:
        filled = bool(contents_of_postgresql(cursor).rows)
    if filled and not replace:
        raise full
    if filled:
        print(f"原有数据先备份到 {back_up(env, env.var_dir / 'backups')}", flush=True)


def prove(manifest: Manifest) -> int:
    """Read the whole history and every piece of evidence again, in the tables of this version; the exit code of what fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_tracker.settings")
    django.setup()
    from campaign_tracker.management.commands.prepare import refuse_foreign_field_keys

    try:
        call_command("migrate", verbosity=0)
        call_command("verify_history", digest=manifest.seal)
        call_command("check_evidence")
        refuse_foreign_field_keys()
    except CommandError as fault:
        print(fault, file=sys.stderr)
        return fault.returncode
    return 0


@contextmanager
def stopped(env: Environment) -> Iterator[None]:
    """Hold the lock of the runner, so that nothing starts while data are put back."""
    folder = env.var_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "runner.lock").open("a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongSetting(
                "系统正在运行，请先停止（Ctrl-C 或 systemctl stop）再恢复。(Stop the program before restoring.)"
            ) from None
        yield


if __name__ == "__main__":
    os.chdir(BASE_DIR)
    sys.exit(main(sys.argv[1:]))
