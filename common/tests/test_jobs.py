"""Jobs: what their owner sees, and that neither the broker nor a killed worker can lose one."""

import datetime
import os
import subprocess
import sys
import threading
import time

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from common import jobs
from common.errors import Refused
from common.history import record
from common.jobs import Work, job, run_job, start_job, sweep_jobs
from common.models import Job
from common.tests.isolation import remove_triggers
from common.tests.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user("zhang", "张三")


@pytest.fixture
def stranger():
    return make_user("wang", "王五")


@pytest.fixture(autouse=True)
def workers(monkeypatch):
    """The kinds of job of these tests, gone again afterwards; those of the apps stay."""
    autodiscover_modules("jobs")
    monkeypatch.setattr(jobs, "_workers", dict(jobs._workers))
    monkeypatch.setattr(jobs, "_titles", dict(jobs._titles))


@pytest.fixture
def sent(monkeypatch):
    """Messages that go to the broker, kept instead of done."""
    messages: list[int] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: messages.append(args[0]))
    return messages


def read_three_pages(work: Work):
    for page in range(3):
        work.progress(page + 1, 3, f"第{page + 1}页")
    return {"url": "/tasks/1/", "by": work.by.username, "about": str(work.about), "read": work.args["file"]}


def test_a_job_runs_after_commit_and_its_row_tells_how_it_went(clerk, django_capture_on_commit_callbacks):
    job("sample.read")(read_three_pages)
    mine = Group.objects.create(name="向阳煤矿")
    with django_capture_on_commit_callbacks() as callbacks:
        row = start_job("sample.read", by=clerk, about=mine, args={"file": "a.docx"})
    assert row.state == Job.State.QUEUED and row.get_state_display() == "排队中"
    callbacks[0]()
    row.refresh_from_db()
    assert (row.state, row.done, row.total, row.message, row.attempts) == ("done", 3, 3, "第3页", 1)
    assert row.result == {"url": "/tasks/1/", "by": "zhang", "about": "向阳煤矿", "read": "a.docx"}
    assert row.started_at and row.ended_at and row.percent == 100


def test_a_rolled_back_request_starts_nothing(clerk, sent, django_capture_on_commit_callbacks):
    job("sample.read")(read_three_pages)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        start_job("sample.read", by=clerk)
        raise RuntimeError
    assert sent == [] and not Job.objects.exists()


def test_an_unknown_kind_is_a_mistake_of_the_program(clerk):
    with pytest.raises(LookupError):
        start_job("sample.unknown", by=clerk)
    assert not Job.objects.exists()


def test_one_kind_has_one_worker():
    job("sample.read")(read_three_pages)
    job("sample.read")(read_three_pages)
    with pytest.raises(ValueError, match="already"):
        job("sample.read")(lambda work: None)


def test_a_second_press_of_the_button_finds_the_first_job(clerk, sent):
    job("sample.read")(read_three_pages)
    mine = Group.objects.create(name="向阳煤矿")
    first = start_job("sample.read", by=clerk, about=mine, once=True)
    assert start_job("sample.read", by=clerk, about=mine, once=True) == first
    assert start_job("sample.read", by=clerk, about=Group.objects.create(name="他矿"), once=True) != first
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert start_job("sample.read", by=clerk, about=mine, once=True) != first


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_start_one_job(clerk, sent):
    job("sample.read")(read_three_pages)
    mine = Group.objects.create(name="向阳煤矿")
    together = threading.Barrier(4)
    started: list[int] = []

    def press() -> None:
        try:
            together.wait(10)
            started.append(start_job("sample.read", by=clerk, about=mine, once=True).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 4 and len(set(started)) == 1
    assert sent == started[:1]


def test_a_refusal_is_what_the_owner_reads(clerk, sent):
    @job("sample.read")
    def refuse(work: Work):
        raise Refused("文件里没有任务。请换一个文件。")

    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "文件里没有任务。请换一个文件。")


def test_a_fault_of_the_program_keeps_its_secrets(clerk, sent, caplog):
    @job("sample.read")
    def break_down(work: Work):
        raise RuntimeError("password=secret")

    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and "secret" not in row.error and str(row.public_id)[:8] in row.error
    assert "secret" in caplog.text


def test_a_message_that_comes_twice_does_the_work_once(clerk, sent):
    runs = []

    @job("sample.read")
    def count(work: Work):
        runs.append(work.job.pk)
        run_job(work.job.pk)

    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    run_job(row.pk)
    assert runs == [row.pk]


def test_a_broker_that_is_away_leaves_the_job_in_the_queue(
    clerk, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    job("sample.read")(read_three_pages)

    def refuse(*args, **options):
        raise ConnectionRefusedError("broker away")

    with monkeypatch.context() as away:
        away.setattr(run_job, "apply_async", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            row = start_job("sample.read", by=clerk, args={"file": "a.docx"})
        sweep_jobs()
        assert "broker away" in caplog.text
        row.refresh_from_db()
        assert row.state == "queued"
    Job.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=2))
    sweep_jobs()
    row.refresh_from_db()
    assert row.state == "done"


def test_the_sweep_leaves_fresh_jobs_alone(clerk, sent):
    job("sample.read")(read_three_pages)
    start_job("sample.read", by=clerk)
    sweep_jobs()
    assert sent == []


def test_the_sweep_sends_a_waiting_job_once_a_minute(clerk, sent):
    job("sample.read")(read_three_pages)
    row = start_job("sample.read", by=clerk)
    Job.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=2))
    sweep_jobs()
    sweep_jobs()
    assert sent == [row.pk]


def killed(row: Job, attempts: int) -> None:
    """The row as a worker leaves it that is killed in the middle."""
    long_ago = timezone.now() - datetime.timedelta(minutes=10)
    values = {"state": "running", "attempts": attempts, "heartbeat_at": long_ago, "claim": row.public_id}
    Job.objects.filter(pk=row.pk).update(**values)


def test_what_a_killed_worker_held_is_done_by_the_next(clerk, sent):
    job("sample.read")(read_three_pages)
    row = start_job("sample.read", by=clerk, about=clerk, args={"file": "a"})
    killed(row, attempts=1)
    sweep_jobs()
    row.refresh_from_db()
    assert (row.state, sent) == ("queued", [row.pk]) and "中断" in row.message
    run_job(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 2)


def test_a_job_that_kills_every_worker_is_given_up(clerk, sent):
    job("sample.read")(read_three_pages)
    row = start_job("sample.read", by=clerk)
    killed(row, attempts=3)
    sweep_jobs()
    row.refresh_from_db()
    assert row.state == "failed" and "3 次" in row.error and sent == []


def test_a_run_that_was_taken_for_dead_stops(clerk, sent):
    seen = []

    @job("sample.read")
    def slow(work: Work):
        work.progress(1, 3, "第1页")
        killed(work.job, attempts=1)
        sweep_jobs()
        try:
            work.progress(2, 3, "第2页")
        except Exception:
            seen.append("taken for a fault of the work")
            raise
        finally:
            seen.append("stopped")

    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert seen == ["stopped"] and row.state == "queued"


def test_progress_does_not_write_for_every_row(clerk, sent, django_assert_max_num_queries):
    @job("sample.read")
    def count(work: Work):
        with django_assert_max_num_queries(3):
            for number in range(2000):
                work.progress(number, 2000)

    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == "done" and row.done == 2000


@pytest.mark.django_db(transaction=True)
def test_a_worker_deep_in_one_step_still_beats(clerk, sent, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.01)
    long_ago = timezone.now() - datetime.timedelta(minutes=10)

    @job("sample.read")
    def think(work: Work):
        Job.objects.filter(pk=work.job.pk).update(heartbeat_at=long_ago)
        deadline = timezone.now() + datetime.timedelta(seconds=10)
        while Job.objects.get(pk=work.job.pk).heartbeat_at == long_ago:
            assert timezone.now() < deadline, "no heartbeat within ten seconds"

    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == "done"


def test_the_history_can_be_checked_as_a_job(clerk, sent, monkeypatch):
    record("mine.changed", clerk, by=clerk)
    jobs.seal_history()
    row = start_job("common.verify_history", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == "done" and row.result["events"] == 1 and "完好" in row.message

    remove_triggers(connection)
    row = start_job("common.verify_history", by=clerk)
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and "触发器" in row.error


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_does_it_and_a_broker_that_was_away_is_made_good(celery_worker_process, clerk, monkeypatch):

    def refuse(*args, **options):
        raise ConnectionRefusedError("broker away")

    with monkeypatch.context() as away:
        away.setattr(run_job, "apply_async", refuse)
        row = start_job("common.verify_history", by=clerk)
    assert row.state == "queued"
    Job.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=2))
    sweep_jobs()
    wait_until(lambda: Job.objects.get(pk=row.pk).is_finished)
    assert Job.objects.get(pk=row.pk).state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_done_by_another(clerk, tmp_path):
    """A process of its own takes the job and is killed with -9 in the middle of it."""
    row = Job.objects.create(kind="common.verify_history", by=clerk)
    program = (
        "import django, time; django.setup()\n"
        "from common import jobs\n"
        "jobs._workers['common.verify_history'] = lambda work: (work.progress(1, 2, '一半'), time.sleep(60))\n"
        f"jobs.run_job({row.pk})\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "campaign_tracker.settings_test_worker",
        "CAMPAIGN_TRACKER_WORKER_DATABASE": str(settings.DATABASES["default"]["NAME"]),
        "TEST_BROKER_URL": "",
    }
    worker = subprocess.Popen([sys.executable, "-c", program], env=environment)
    try:
        wait_until(lambda: Job.objects.get(pk=row.pk).message == "一半")
    finally:
        worker.kill()
        worker.wait()
    sweep_jobs()
    assert Job.objects.get(pk=row.pk).state == "running", "it may still be alive"
    with time_machine.travel(timezone.now() + jobs.STALE_AFTER * 2):
        sweep_jobs()  # jobs run where they are sent in the tests
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 2)


def wait_until(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_only_its_owner_sees_a_job(client, clerk, stranger, sent):
    job("sample.read")(read_three_pages)
    row = start_job("sample.read", by=clerk)
    url = row.get_absolute_url()
    assert client.get(url).status_code in (302, 404)
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.force_login(clerk)
    assert client.get(url, headers={"Accept": "application/json"}).json()["state_label"] == "排队中"


def test_the_owner_watches_it_to_the_end(client, clerk, sent):
    job("sample.read", "读取样本")(read_three_pages)
    row = start_job("sample.read", by=clerk, about=clerk, args={"file": "a"})
    client.force_login(clerk)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "读取样本" in page and "http-equiv" in page, "without JavaScript the page reloads itself"
    waiting = client.get(row.get_absolute_url(), headers={"HX-Request": "true"})
    assert "hx-get" in waiting.content.decode() and "排队中" in waiting.content.decode()
    run_job(row.pk)
    done = client.get(row.get_absolute_url(), headers={"HX-Request": "true"})
    assert "hx-get" not in done.content.decode()
    assert done["HX-Redirect"] == "/tasks/1/"
    data = client.get(row.get_absolute_url(), headers={"Accept": "application/json"}).json()
    assert (data["state"], data["percent"], data["url"]) == ("done", 100, "/tasks/1/")


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_job_leads_nowhere_else(client, clerk, sent, url):
    job("sample.read")(lambda work: {"url": url})
    row = start_job("sample.read", by=clerk)
    run_job(row.pk)
    client.force_login(clerk)
    response = client.get(row.get_absolute_url(), headers={"HX-Request": "true"})
    assert "HX-Redirect" not in response and "evil" not in response.content.decode()


def test_an_address_that_was_guessed_is_not_found(client, clerk):
    client.force_login(clerk)
    assert client.get(reverse("common:job", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_page_follows_the_job_and_goes_on_by_itself(live_server, page, client, clerk):
    row = Job.objects.create(kind="common.verify_history", by=clerk)
    client.force_login(clerk)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + row.get_absolute_url())
    page.get_by_text("排队中").wait_for()
    Job.objects.update(state=Job.State.RUNNING, done=3, total=4, message="正在读第3页")
    page.get_by_text("正在读第3页").wait_for()
    page.get_by_text("75%").wait_for()
    Job.objects.update(state=Job.State.DONE, result={"url": "/healthz"})
    page.wait_for_url("**/healthz")
