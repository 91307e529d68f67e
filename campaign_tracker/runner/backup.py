"""`./run backup [FOLDER]`: a copy of database and evidence that can be proved whole, made while the program runs."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from pathlib import Path

from campaign_tracker.environment import BASE_DIR, Environment, WrongSetting, read_environment

from .copies import (
    EVIDENCE,
    POSTGRESQL_COPY,
    SQLITE_COPY,
    Manifest,
    copy_file,
    dump_postgresql,
    dump_sqlite,
    engine_of,
    evidence_files,
    hash_file,
)


def main(arguments: list[str]) -> int:
    try:
        env = read_environment()
        folder = Path(arguments[0]).resolve() if arguments else env.var_dir / "backups"
        made = back_up(env, folder)
    except WrongSetting as fault:
        print(fault, file=sys.stderr)
        return 2
    manifest = Manifest.read(made)
    print(f"备份完成：{made}（{sum(manifest.rows.values())} 行，{len(manifest.files) - 1} 个印证资料文件）")
    print(f"末尾封印（请抄录到系统之外）：{manifest.seal or '还没有'}")
    if not arguments:
        print("备份与数据在同一块磁盘上，请复制到别的机器；也可以写明目录：./run backup /目录")
    print(
        "电话、密钥等在备份里是加密的：请把 .env 中的 FIELD_KEYS（试用时为数据目录的 field_key）另存一处，丢失无法恢复。"
    )
    print(f"(Backed up to {made}. Keep .env, with FIELD_KEYS, in a safe place of its own.)")
    return 0


def back_up(env: Environment, folder: Path) -> Path:
    """Make one backup inside `folder`, named by the time, and answer its path.

    The database goes first: evidence is only ever added, so whatever the copy names is then still there. Files that an
    earlier backup beside it holds are linked, not written again. Unfinished work never has the name of a backup.
    Raises WrongSetting with one sentence.
    """
    now = datetime.datetime.now().astimezone()
    final = folder / f"{now:%Y%m%d-%H%M%S}"
    part = folder / f"{final.name}.part"
    try:
        part.mkdir(parents=True, mode=0o700)
        earlier = newest_backup(folder)
        if env.uses_sqlite:
            copy, contents = SQLITE_COPY, dump_sqlite(env, part / SQLITE_COPY)
        else:
            copy, contents = POSTGRESQL_COPY, dump_postgresql(env, part / POSTGRESQL_COPY)
        files = {copy: hash_file(part / copy)}
        source = env.var_dir / EVIDENCE
        for path in evidence_files(source):
            name = f"{EVIDENCE}/{path.relative_to(source)}"
            files[name] = keep_file(path, part / name, earlier / name if earlier else None)
        Manifest(now.isoformat(timespec="seconds"), engine_of(env), contents.rows, contents.seal, files).write(part)
        part.rename(final)
    except OSError as fault:
        shutil.rmtree(part, ignore_errors=True)
        raise WrongSetting(
            f"写不进备份目录 {folder}：{fault.strerror}。请检查权限和剩余空间。(The backup folder cannot be written.)"
        ) from fault
    except WrongSetting:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return final


def keep_file(source: Path, target: Path, earlier: Path | None) -> str:
    """Link the file of the earlier backup where it is still the same bytes, else copy; answers the SHA-256."""
    if earlier is not None and earlier.is_file() and hash_file(earlier) == source.name:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(earlier, target)
            return source.name
        except OSError:  # another disk, or a file system without links
            pass
    return copy_file(source, target)


def newest_backup(folder: Path) -> Path | None:
    found = sorted(path.parent for path in folder.glob("*/manifest.json") if path.parent.suffix != ".part")
    return found[-1] if found else None


if __name__ == "__main__":
    os.chdir(BASE_DIR)
    sys.exit(main(sys.argv[1:]))
