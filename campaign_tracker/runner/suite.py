"""`./run test`: style, types and migrations, and the whole suite on SQLite and on a real PostgreSQL, side by side.

Arguments go to pytest (`./run test -k deadline tasks`); with arguments only pytest runs. What SQLite says is shown as
it comes, what PostgreSQL says when it is through. A test that cannot tell the engines apart (mark `once`: most of them
touch no database) runs on SQLite only, and the summary says how many those were.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from campaign_tracker.environment import BASE_DIR

from .postgres import NoPostgres, throw_away_postgres

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOTHING_COLLECTED = 5
ENGINE_MATTERS = "not once"
CHECKS = {
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "mypy": ["-m", "mypy", "--no-error-summary", "."],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
}


@dataclass
class Result:
    """One line of the summary."""

    name: str
    good: bool
    words: str


def main(arguments: list[str]) -> int:
    results: list[Result] = []
    # A watchdog's SIGTERM must still take the throw-away PostgreSQL down, as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="ct-suite-") as name, ExitStack() as stack:
        folder = Path(name)
        checks = {} if arguments else start_checks(folder)
        second: Run | None = None
        try:
            if url := os.environ.get("TEST_DATABASE_URL"):
                version = "TEST_DATABASE_URL"
            else:
                url, version = stack.enter_context(throw_away_postgres())
            second = start_pytest(f"PostgreSQL: {version}", url, ["-m", ENGINE_MATTERS, *arguments], folder, quiet=True)
            stack.callback(second.process.terminate)
        except NoPostgres as fault:
            results.append(Result("PostgreSQL", False, f"DID NOT RUN: {fault}"))
        first = start_pytest("SQLite", None, [*arguments], folder)
        results.append(finish_pytest(first))
        results += [finish_check(check, process, folder) for check, process in checks.items()]
        if second is not None:
            results.append(finish_pytest(second))
            once = counts(first.report)["tests"] - counts(second.report)["tests"]
            results[-1].words += f"; {once} that cannot tell the engines apart ran on SQLite only" if once > 0 else ""
    return summarise(results)


def start_checks(folder: Path) -> dict[str, subprocess.Popen[bytes]]:
    """Start what needs no database beside the first run of the suite; the output waits in `folder`."""
    environment = test_environment(folder / "checks", None)
    processes = {}
    for name, command in CHECKS.items():
        with (folder / f"{name}.txt").open("wb") as output:
            processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=BASE_DIR, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
    return processes


def finish_check(name: str, process: subprocess.Popen[bytes], folder: Path) -> Result:
    code = process.wait()
    output = (folder / f"{name}.txt").read_text(errors="replace").strip()
    if code != 0:
        print(f"\n=== {name} ===\n{output}", flush=True)
    return Result(name, code == 0, "clean" if code == 0 else "see above")


@dataclass
class Run:
    """The suite under way on one engine; what a quiet one says waits in `output`."""

    name: str
    process: subprocess.Popen[bytes]
    report: Path
    started: float
    output: Path | None


def start_pytest(name: str, url: str | None, arguments: list[str], folder: Path, *, quiet: bool = False) -> Run:
    """Start the suite on one engine, with a data folder of its own."""
    if not quiet:
        print(f"\n=== {name} ===", flush=True)
    report = folder / f"report-{'postgresql' if url else 'sqlite'}.xml"
    work = folder / report.stem
    environment = test_environment(work, url)
    output = work / "output.txt" if quiet else None
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]
    with output.open("wb") if output else ExitStack() as stream:
        process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env=environment,
            stdout=None if isinstance(stream, ExitStack) else stream,
            stderr=None if isinstance(stream, ExitStack) else subprocess.STDOUT,
        )
    return Run(name, process, report, time.monotonic(), output)


def finish_pytest(run: Run) -> Result:
    """Wait for a run, show what it kept to itself, and read the counts from its report."""
    try:
        code = run.process.wait()
    except BaseException:
        run.process.terminate()
        raise
    seconds = time.monotonic() - run.started
    if run.output is not None:
        print(f"\n=== {run.name} ===\n{run.output.read_text(errors='replace')}", flush=True)
    total = counts(run.report)
    passed = total["tests"] - total["failures"] - total["errors"] - total["skipped"]
    words = f"{passed} passed, {total['failures']} failed, {total['errors']} errors, {total['skipped']} skipped"
    return Result(run.name, code in (0, NOTHING_COLLECTED), f"{words} in {seconds:.0f} s")


def test_environment(folder: Path, url: str | None) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "CAMPAIGN_TRACKER_TEST_DIR": str(folder)}
    environment["DJANGO_SETTINGS_MODULE"] = "campaign_tracker.settings_test"
    environment.pop("TEST_DATABASE_URL", None)
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        # The suite starts Python many times over: it may keep what it compiled, where it leaves nothing behind.
        environment["PYTHONPYCACHEPREFIX"] = str(folder.parent / "bytecode")
    if url is not None:
        environment["TEST_DATABASE_URL"] = url
    return environment


def counts(report: Path) -> dict[str, int]:
    """How many tests a run had, and how many of them failed, broke or were skipped; noughts where it left no report."""
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    if report.is_file():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            for key in total:
                total[key] += int(suite.get(key, 0))
    return total


def summarise(results: list[Result]) -> int:
    print("\n=== Summary ===")
    for result in results:
        print(f"{'ok    ' if result.good else 'FAILED'} {result.name}: {result.words}")
    if not any(shutil.which(name) for name in CHROMIUM_NAMES):
        print("!!!!!! BROWSER TESTS DID NOT RUN: no Chromium on PATH. Install chromium, or use .ci/run.")
    return 0 if all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
