"""Long work that its owner can watch, and the clockwork of the ground floor.

An app registers a worker with `@job("tasks.read_plan")` in its own `jobs.py` and starts it with `start_job`. The row is
the truth: a message that the broker lost and a worker that was killed are both made good by `sweep_jobs`.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from . import seals
from .calendar_table import add_published_years
from .errors import Refused
from .history import clean_text, plain_value
from .models import Job

logger = logging.getLogger(__name__)

HISTORY_CHECK = "common.verify_history"
MAX_ATTEMPTS = 3
BEAT_SECONDS = 15.0
# A worker that has not said a word for eight beats is dead.
STALE_AFTER = timedelta(seconds=120)
RESEND_AFTER = timedelta(seconds=60)
_WRITE_EVERY_SECONDS = 0.5

Worker = Callable[["Work"], Mapping[str, Any] | None]
_workers: dict[str, Worker] = {}
_titles: dict[str, str] = {}


class JobLost(BaseException):
    """This run no longer holds its job: the sweep took it for dead and another run goes on with it.

    Not an Exception, so that a worker's own `except Exception` does not take it for a fault of the work.
    """


def job(kind: str, title: str = "") -> Callable[[Worker], Worker]:
    """Register the function that does one kind of job, and what its owner calls it (导入方案文件).

    It may be run again after it was killed half-way, so it must do no harm the second time. What it returns becomes
    `Job.result`; a "url" in it is where the page goes on. Refused becomes the sentence that the owner reads.
    """

    def register(worker: Worker) -> Worker:
        if _workers.setdefault(kind, worker) is not worker:
            raise ValueError(f"There is already a worker for {kind!r}.")
        _titles[kind] = title
        return worker

    return register


@transaction.atomic
def start_job(
    kind: str,
    *,
    by: AbstractBaseUser | None,
    about: models.Model | None = None,
    args: Mapping[str, Any] | None = None,
    once: bool = False,
) -> Job:
    """Queue a job; it is sent to the workers when the transaction commits.

    With `once`, a job of this kind about the same record that is still under way is returned instead of a second one.
    Never fails for a broker that is away: the row then says 排队中 until the sweep can send it.
    """
    _worker_of(kind)
    content_type = ContentType.objects.get_for_model(about) if about is not None else None
    object_id = str(about.pk) if about is not None else ""
    if once:
        if about is not None:
            # Two presses at once wait for each other at the record, so that the second sees the first one's job.
            type(about)._base_manager.select_for_update().filter(pk=about.pk).values("pk").first()
        running = Job.objects.unfinished().filter(kind=kind, content_type=content_type, object_id=object_id).first()
        if running is not None:
            return running
    row = Job.objects.create(
        kind=kind,
        by_id=None if by is None else by.pk,
        content_type=content_type,
        object_id=object_id,
        args=plain_value(dict(args or {})),
    )
    transaction.on_commit(lambda: _send(row.pk))
    return row


def job_title(kind: str) -> str:
    """What its owner calls a kind of job."""
    _discover(kind)
    return _titles.get(kind) or "处理进度"


class Work:
    """What a worker is given: the job's arguments, and how to tell how far it is.

    Call `progress` outside of `transaction.atomic`, or nobody sees it before the end.
    """

    def __init__(self, row: Job) -> None:
        self.job = row
        self.args: dict[str, Any] = row.args
        self.by: Any = row.by
        self.about: Any = row.about
        self._done, self._total, self._message = row.done, row.total, row.message
        self._written_at = 0.0

    def progress(self, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        """Say how much is done, of how much, and in one Chinese phrase what is going on.

        Writes at most twice a second, except for a new message. Raises JobLost when another run holds the job.
        """
        news = message is not None and message != self._message
        self._done = self._done if done is None else done
        self._total = self._total if total is None else total
        self._message = self._message if message is None else clean_text(message)[:200]
        if news or time.monotonic() - self._written_at >= _WRITE_EVERY_SECONDS:
            self._write(done=self._done, total=self._total, message=self._message)

    def finish(self, result: Mapping[str, Any]) -> None:
        """Close the job as done."""
        total = self._total or self._done
        self._write(
            state=Job.State.DONE,
            result=plain_value(dict(result)),
            done=total,
            total=total,
            message=self._message,
            ended_at=timezone.now(),
        )

    def fail(self, sentence: str) -> None:
        """Close the job as failed, with the sentence that its owner reads."""
        self._write(state=Job.State.FAILED, error=clean_text(sentence)[:500], ended_at=timezone.now())

    def _write(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, claim=self.job.claim, state=Job.State.RUNNING)
        if not mine.update(heartbeat_at=timezone.now(), **values):
            raise JobLost(str(self.job.public_id))
        self._written_at = time.monotonic()


@shared_task
def run_job(pk: int) -> None:
    """Do one queued job. A second message for the same job finds it taken and does nothing."""
    claim = uuid.uuid4()
    now = timezone.now()
    queued = Job.objects.filter(pk=pk, state=Job.State.QUEUED)
    if not queued.update(
        state=Job.State.RUNNING, claim=claim, attempts=F("attempts") + 1, started_at=now, heartbeat_at=now, message=""
    ):
        return
    row = Job.objects.select_related("by").get(pk=pk)
    work = Work(row)
    with _Heartbeat(row):
        try:
            _do(work)
        except JobLost:
            logger.warning("job %s (%s) was taken over by another run", row.public_id, row.kind)


@shared_task
def sweep_jobs() -> None:
    """Send again what the broker lost, and queue again what a dead worker held."""
    now = timezone.now()
    for row in Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)[:200]:
        held = Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, claim=row.claim)
        held = held.filter(heartbeat_at=row.heartbeat_at)
        if row.attempts >= MAX_ATTEMPTS:
            sentence = f"处理了 {row.attempts} 次都中途停止。请检查文件是否过大，或联系管理员（编号 {_short(row)}）。"
            held.update(state=Job.State.FAILED, error=sentence, claim=None, ended_at=now)
        else:
            long_ago = now - RESEND_AFTER * 2
            held.update(state=Job.State.QUEUED, claim=None, message="上次处理中断，已重新排队", heartbeat_at=long_ago)
    for row in Job.objects.filter(state=Job.State.QUEUED, heartbeat_at__lt=now - RESEND_AFTER).order_by("id")[:200]:
        waiting = Job.objects.filter(pk=row.pk, state=Job.State.QUEUED, heartbeat_at=row.heartbeat_at)
        if waiting.update(heartbeat_at=now) and not _send(row.pk):
            return


@shared_task
def seal_history() -> None:
    """Seal the events of the last minute, and write the digest to the log, where the database cannot change it."""
    seal = seals.seal_history()
    if seal is not None:
        logger.info("history sealed: number=%d to_event=%d digest=%s", seal.number, seal.to_event, seal.digest)


@shared_task
def extend_calendar() -> None:
    """Add the working-day table of a year that an upgrade of the program has brought."""
    for year, days in add_published_years().items():
        logger.info("working-day calendar: %d days added for %d", days, year)


@shared_task
def verify_history() -> None:
    """Compare the whole history with its seals once a day, as a job whose row tells auditors what came out."""
    run_job(Job.objects.create(kind=HISTORY_CHECK).pk)


@job(HISTORY_CHECK, "核对历史记录")
def check_history(work: Work) -> dict[str, Any]:
    """Compare the whole history with its seals; a fault is an ERROR in the log as well, for whoever watches it."""
    report = seals.verify_history()
    if report.fault is not None:
        logger.error("history broken: seal=%s event=%s %s", report.fault.seal, report.fault.event, report.fault.message)
        raise Refused(report.fault.message, code="history_broken")
    work.progress(report.seals, report.seals, f"历史记录完好，共 {report.events} 条")
    found = {"seals": report.seals, "events": report.events, "unsealed": report.unsealed, "digest": report.last_digest}
    return found | ({"url": work.args["url"]} if "url" in work.args else {})


def _do(work: Work) -> None:
    row = work.job
    try:
        result = _worker_of(row.kind)(work) or {}
    except Refused as refusal:
        work.fail(refusal.message)
    except Exception:
        logger.exception("job %s (%s) failed", row.public_id, row.kind)
        work.fail(f"处理时出了错，已记入日志（编号 {_short(row)}）。请稍后再试；仍不行请把编号告诉管理员。")
    else:
        work.finish(result)


def _send(pk: int) -> bool:
    """Put the job's message on the queue; False, with a line in the log, when the broker is away."""
    try:
        run_job.apply_async(args=(pk,), retry=False)
    except Exception as error:
        # The transports raise errors of many families; whichever it is, the row stays queued for the sweep.
        logger.warning("job %s could not be sent, the sweep will try again: %s", pk, error)
        return False
    return True


def _worker_of(kind: str) -> Worker:
    _discover(kind)
    if kind not in _workers:
        raise LookupError(f"No worker is registered for {kind!r}.")
    return _workers[kind]


def _discover(kind: str) -> None:
    """Read the other apps' jobs, which a web process has not done as a Celery worker has."""
    if kind not in _workers:
        autodiscover_modules("jobs")


def _short(row: Job) -> str:
    return str(row.public_id)[:8]


class _Heartbeat:
    """Tells from a thread of its own that the worker lives, while it is deep in one long step."""

    def __init__(self, row: Job) -> None:
        self._row = row
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{row.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=BEAT_SECONDS)

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            try:
                held = Job.objects.filter(pk=self._row.pk, claim=self._row.claim, state=Job.State.RUNNING)
                held.update(heartbeat_at=timezone.now())
            except DatabaseError:
                logger.debug("heartbeat of job %s had to wait", self._row.pk)
            finally:
                connection.close()
