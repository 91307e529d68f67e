"""`./run` as people live with it: parts are killed, the runner is killed, the machine is told to stop."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from campaign_tracker.celery import broker_client
from campaign_tracker.environment import BASE_DIR, valkey_socket

pytestmark = pytest.mark.runner

PATIENCE_SECONDS = 180.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def environment(var: Path, **changes: str) -> dict[str, str]:
    """An environment that owes nothing to the settings of the suite or to a .env beside manage.py."""
    names = ("PRODUCTION", "DEBUG", "SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "HTTPS", "BIND", "ALLOWED_HOSTS")
    plain = {**os.environ, **dict.fromkeys(names, ""), "DEMO": "0", "CAMPAIGN_TRACKER_VAR": str(var)}
    plain["DJANGO_SETTINGS_MODULE"] = "campaign_tracker.settings"
    return {**plain, **changes}


def eventually(condition, what: str):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE_SECONDS:.0f} s"
        time.sleep(0.05)
    return answer


class Run:
    """One run of the program on its own data folder and port."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self, **changes: str) -> str:
        """Start it and answer what it said until it served."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "campaign_tracker.runner"],
            cwd=BASE_DIR,
            env=environment(self.var, PORT=str(self.port), **changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        printed = ""
        for line in self.process.stdout:
            printed += line
            if "Ctrl-C" in line:
                return printed
        pytest.fail(f"the runner ended early:\n{printed}")

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read().decode()
        except OSError as fault:
            return 0, str(fault)

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def part(self, word: str) -> int | None:
        """The process of a part: the runner's own child whose command line holds the word."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if parent == self.process.pid and word in command:
                return int(folder.name)
        return None

    def nothing_left(self) -> bool:
        """Every process of a run inherits one lock: it can be taken when the last of them is gone."""
        with (self.var / "run" / "children.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                return False

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "var")
    yield run
    run.end()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_run_survives_the_death_of_its_parts_and_its_own(run):
    run.start()
    assert run.get("/healthz") == (200, "ok\n")
    eventually(run.ready, "ready")

    second = subprocess.run(
        [sys.executable, "-m", "campaign_tracker.runner"],
        cwd=BASE_DIR,
        env=environment(run.var, PORT=str(free_port())),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, second.stdout) == (2, "")
    assert "已在运行" in second.stderr

    # The broker keeps what it accepted, though it is shot in the same second.
    broker = f"redis+socket://{valkey_socket(run.var)}"
    broker_client(broker).rpush("kept", "a task")
    for word in ("valkey-server", "gunicorn", "worker", "beat"):
        killed = run.part(word)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda word=word, killed=killed: run.part(word) not in (None, killed), f"{word} started again")
    eventually(run.ready, "ready again")
    assert broker_client(broker).lrange("kept", 0, -1) == [b"a task"]

    run.process.kill()
    run.process.wait()
    # It waits for the last of the orphans, then serves on the same port and data; this time it keeps no files of logs.
    said_first = run.start(LOG_FILES="0")
    eventually(run.ready, "ready after the runner was killed")
    assert broker_client(broker).lrange("kept", 0, -1) == [b"a task"]
    assert run.get("/nowhere")[0] == 404

    run.process.send_signal(signal.SIGTERM)
    output, _ = run.process.communicate(timeout=PATIENCE_SECONDS)
    assert run.process.returncode == 0
    assert "Stopped" in output
    (answered,) = [line for line in (said_first + output).splitlines() if '"path": "/nowhere"' in line]
    assert json.loads(answered)["request_id"]
    assert run.nothing_left()


def said(command: list[str], env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip()


def test_a_port_in_use_is_told_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, words = said([sys.executable, "-m", "campaign_tracker.runner"], environment(tmp_path, PORT=port))
    assert code == 2
    assert port in words and "占用" in words and "\n" not in words


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"DATABASE_URL": "postgres://nobody:secret@127.0.0.1:1/ledger"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////proc/ledger.sqlite3"}, "数据库文件"),
        ({"CELERY_BROKER_URL": "redis://:secret@127.0.0.1:1/0"}, "CELERY_BROKER_URL"),
        ({"PORT": "http"}, "PORT"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_in_one_sentence(tmp_path, change, word):
    code, words = said([sys.executable, "manage.py", "prepare"], environment(tmp_path, **change))
    assert code == 2
    assert word in words and "secret" not in words and "\n" not in words


def test_the_script_asks_for_a_python_that_is_new_enough(tmp_path):
    """On a machine with an old Python only, one line says what to install."""
    for tool in ("sh", "dirname", "cat", "cksum"):
        (tmp_path / tool).symlink_to(
            next(path for path in (Path("/bin") / tool, Path("/usr/bin") / tool) if path.exists())
        )
    for name in ("run", "requirements.txt"):
        (tmp_path / name).write_bytes((BASE_DIR / name).read_bytes())
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    for path in (tmp_path / "run", old):
        path.chmod(0o755)
    done = subprocess.run(
        [tmp_path / "run", "manage", "check"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Python 3.11" in done.stderr and "apt-get install" in done.stderr
    assert not (tmp_path / ".venv").exists()
