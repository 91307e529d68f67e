"""Starts processes, writes their output to logs, restarts the ones that die, and stops all in reverse.

One thread and one loop: a child's parent-death signal is tied to the thread that started it, and forking beside
other threads can hang the child.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import IO, Any

LOG_BYTES = 10 * 1024 * 1024
LOG_FILES_KEPT = 5
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
# A service that ran this long was healthy: its next death starts the waiting from the beginning.
HEALTHY_AFTER_SECONDS = 60.0
PR_SET_PDEATHSIG = 1


class StopRequested(Exception):
    """SIGINT, SIGTERM or SIGHUP arrived."""


@dataclass
class Service:
    """A process to keep running. Times are in seconds."""

    name: str
    command: list[str]
    stop_within: float
    second_signal: str | None = None
    dies_with_runner_by: str = "SIGTERM"
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float | None = None
    wait: float = FIRST_WAIT_SECONDS
    partial: bytes = b""
    log: logging.Logger = field(default_factory=lambda: logging.Logger("unnamed"))


class Supervisor:
    """Holds the services of one run.

    `inherited` is a descriptor that every child gets and locks nothing itself. Without a `log_folder` the output of
    the services is passed on.
    """

    def __init__(self, *, log_folder: Path | None, inherited: int) -> None:
        self.log_folder = log_folder
        self.inherited = inherited
        self.services: list[Service] = []
        self.stop_signals = 0
        self.selector = selectors.DefaultSelector()
        if log_folder is not None:
            log_folder.mkdir(mode=0o750, exist_ok=True)
        # A signal wakes the loop through this pipe, so that a death is noticed at once.
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        self.selector.register(reader, selectors.EVENT_READ, None)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)

    def start(self, service: Service) -> None:
        """Start a service and keep it from now on."""
        service.log = _log_of(service.name, self.log_folder)
        self.services.append(service)
        self._launch(service)

    def place_of_log(self, name: str) -> str:
        return "上面的输出" if self.log_folder is None else str(self.log_folder / f"{name}.log")

    def run_once(self, command: list[str]) -> int:
        """Run a command to its end with its output on the terminal; its exit code."""
        process = self._popen(command, "SIGTERM", None)
        try:
            while process.poll() is None:
                self.turn(0.2)
        except StopRequested:
            process.terminate()
            process.wait()
            raise
        return process.returncode

    def keep_running(self) -> None:
        """Watch until a signal asks to stop (StopRequested)."""
        while True:
            self.turn(1.0)

    def turn(self, seconds: float) -> None:
        """Wait at most `seconds` for output or a signal, then restart what died; StopRequested when asked to stop."""
        now = time.monotonic()
        waiting = [service.restart_at - now for service in self.services if service.restart_at is not None]
        for key, _ in self.selector.select(max(0.0, min([seconds, *waiting]))):
            if key.data is None:
                os.read(key.fd, 4096)
            else:
                self._collect(key.data, key.fileobj)
        if self.stop_signals:
            raise StopRequested
        for service in self.services:
            if service.process is not None and service.process.poll() is not None:
                self._died(service)
            elif service.restart_at is not None and time.monotonic() >= service.restart_at:
                self._launch(service)

    def stop_all(self) -> None:
        """Stop the services, the last started first, each within its time; a second signal hurries."""
        for service in reversed(self.services):
            self._stop(service)
        self.services.clear()

    def _launch(self, service: Service) -> None:
        service.restart_at = None
        service.started = time.monotonic()
        service.process = self._popen(service.command, service.dies_with_runner_by, subprocess.PIPE)
        assert service.process.stdout is not None
        os.set_blocking(service.process.stdout.fileno(), False)
        self.selector.register(service.process.stdout, selectors.EVENT_READ, service)

    def _popen(self, command: list[str], death_signal: str, output: int | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            # A session of its own: Ctrl-C in the terminal reaches the runner only, which then keeps the order.
            start_new_session=True,
            pass_fds=(self.inherited,),
            preexec_fn=_dies_with(signal.Signals[death_signal]),
        )

    def _collect(self, service: Service, stream: Any) -> None:
        data = _read(stream)
        if data is None:
            return
        *lines, service.partial = (service.partial + data).split(b"\n")
        if not data:
            self.selector.unregister(stream)
            stream.close()
            lines, service.partial = ([service.partial] if service.partial else []), b""
        for line in lines:
            service.log.info(line.decode("utf-8", errors="replace"))

    def _died(self, service: Service) -> None:
        assert service.process is not None
        code = service.process.returncode
        self._end_group(service)
        if time.monotonic() - service.started > HEALTHY_AFTER_SECONDS:
            service.wait = FIRST_WAIT_SECONDS
        service.restart_at = time.monotonic() + service.wait
        message = f"{service.name} ended ({_reason(code)}); starting it again in {service.wait:g} s."
        service.log.info(f'{{"event": "{message}"}}')
        if self.log_folder is not None:
            print(f"{message} Log: {self.place_of_log(service.name)}", file=sys.stderr, flush=True)
        service.wait = min(service.wait * 2, LONGEST_WAIT_SECONDS)

    def _end_group(self, service: Service) -> None:
        """Take the rest of a dead service's processes away; they would hold its port and its tasks."""
        assert service.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process = None

    def _stop(self, service: Service) -> None:
        if service.process is None:
            return
        process = service.process
        process.terminate()
        ended = self._wait(process, service.stop_within)
        if not ended and service.second_signal is not None:
            process.send_signal(signal.Signals[service.second_signal])
            self._wait(process, 5.0)
        self._drain(service)
        self._end_group(service)
        process.wait()

    def _wait(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        """Whether the process ended in time; another signal from the user ends the waiting."""
        deadline = time.monotonic() + seconds
        signals_before = self.stop_signals
        while process.poll() is None:
            if time.monotonic() > deadline or self.stop_signals > signals_before:
                return False
            for key, _ in self.selector.select(0.1):
                if key.data is None:
                    os.read(key.fd, 4096)
                else:
                    self._collect(key.data, key.fileobj)
        return True

    def _drain(self, service: Service) -> None:
        for key in list(self.selector.get_map().values()):
            if key.data is service:
                self._collect(service, key.fileobj)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        # Only counted here: an exception out of a signal could strike between a fork and the note of its pid.
        self.stop_signals += 1


def _log_of(name: str, folder: Path | None) -> logging.Logger:
    logger = logging.Logger(name)
    handler: logging.Handler = logging.StreamHandler(sys.stdout)
    if folder is not None:
        handler = RotatingFileHandler(
            folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES_KEPT, encoding="utf-8"
        )
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    return logger


def _read(stream: IO[bytes]) -> bytes | None:
    """What is there now: None for nothing yet, empty at the end."""
    try:
        return os.read(stream.fileno(), 65536)
    except BlockingIOError:
        return None


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _dies_with(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it runs: ask the kernel for `number` when the runner dies, be it by kill -9."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask
