"""History: what is written, that it stays, and that a seal finds whoever went round the triggers."""

import datetime
import decimal
import threading
import uuid
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.guards import install_guards, missing_guards
from common.history import changes_of, diff, history_of, record, record_many, register_verbs, snapshot, verb_label
from common.models import CalendarDay, Event, Seal
from common.seals import seal_history, verify_history
from common.tests.isolation import remove_triggers
from common.tests.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user("zhang", "张三")


@pytest.fixture
def mine():
    return Group.objects.create(name="向阳煤矿")


def test_an_event_copies_the_names_of_its_time(clerk, mine):
    record("hazard.closed", mine, by=clerk, note="现场复查合格")
    mine.name = "朝阳煤矿"
    mine.save()
    event = history_of(mine).get()
    assert (event.actor_name, event.object_text, event.note) == ("张三", "向阳煤矿", "现场复查合格")
    assert event.object == mine


def test_what_the_system_does_has_no_actor(mine):
    event = record("task.reminded", mine, by=None)
    assert (event.actor_id, event.actor_name) == (None, "系统")


def test_a_moment_is_told_in_the_time_of_the_place(clerk, mine):
    at = datetime.datetime(2026, 11, 22, 4, 36, 4, 155566, tzinfo=datetime.UTC)
    (change,) = changes_of(record("mine.changed", mine, by=clerk, after={"signed_at": at}))
    assert change.after == "2026-11-22 12:36"


def test_only_fields_that_differ_are_kept(clerk, mine):
    before = snapshot(mine, ["name", "id"])
    mine.name = "朝阳煤矿"
    event = record("mine.renamed", mine, by=clerk, before=before, after=snapshot(mine, ["name", "id"]))
    assert (event.before, event.after) == ({"name": "向阳煤矿"}, {"name": "朝阳煤矿"})


def test_values_come_back_from_the_database_as_they_were_written(clerk, mine):
    after = {
        "day": datetime.date(2024, 3, 5),
        "share": decimal.Decimal("1E+2"),
        "rate": 0.1,
        "whole": 1.0,
        "unit": mine,
        "tags": {"乙", "甲"},
        "text": "有\x00空字符\ud800",
        "nested": {"x": [1, None, True]},
    }
    event = record("mine.changed", mine, by=clerk, after=after)
    written = event.after
    assert written is not None
    event.refresh_from_db()
    assert event.after == written
    assert written["share"] == "100" and written["day"] == "2024-03-05" and written["text"] == "有空字符?"
    assert written["unit"] == {"id": mine.pk, "text": "向阳煤矿"}


def test_diff_leaves_a_missing_side_alone():
    assert diff(None, {"a": 1}) == (None, {"a": 1})
    assert diff({"a": 1, "b": 2}, {"a": 1, "c": 3}) == ({"b": 2}, {"c": 3})


def test_changes_read_in_the_words_of_the_model(clerk):
    day = CalendarDay.objects.create(date=datetime.date(2031, 1, 1), kind="holiday", name="元旦")
    event = record("day.changed", day, by=clerk, before={"kind": "holiday"}, after={"kind": "workday", "open": True})
    kind, other = changes_of(event)
    assert (kind.label, kind.before, kind.after) == ("性质", "放假", "调休上班")
    assert (other.label, other.before, other.after) == ("open", "", "是")


def test_a_record_without_a_key_has_no_history(clerk):
    with pytest.raises(ValueError, match="no key"):
        record("mine.created", Group(name="未存"), by=clerk)


def test_many_events_share_a_batch(clerk, mine):
    other = Group.objects.create(name="青石煤矿")
    batch = uuid.uuid4()
    assert record_many("mine.imported", [mine, other], by=clerk, batch=batch) == 2
    assert Event.objects.filter(batch=batch).count() == 2


def test_an_event_costs_one_query_and_its_words_none(clerk, mine, django_assert_num_queries):
    record("mine.changed", mine, by=clerk)
    with django_assert_num_queries(1):
        record("mine.changed", mine, by=clerk, before={"name": "甲"}, after={"name": "乙"})
    events = list(history_of(mine))
    with django_assert_num_queries(0):
        changes = [changes_of(event) for event in events]
    assert [[(change.field, change.before, change.after) for change in line] for line in changes] == [
        [("name", "甲", "乙")],
        [],
    ]


def test_verbs_have_one_label_and_one_shape():
    register_verbs({"sample.made": "制样"})
    assert verb_label("sample.made") == "制样"
    assert verb_label("sample.unknown") == "sample.unknown"
    with pytest.raises(ValueError, match="already called"):
        register_verbs({"sample.made": "采样"})
    with pytest.raises(ValueError, match="A verb reads"):
        register_verbs({"made": "制样"})


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        assert "只能追加" in str(error)
        return True
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE common_event SET note = 'x'",
        "DELETE FROM common_event",
        "UPDATE common_seal SET digest = 'x'",
        "DELETE FROM common_seal",
    ],
)
def test_the_database_refuses_to_change_history(clerk, mine, statement):
    record("mine.created", mine, by=clerk)
    seal_history()
    assert refused(statement)


@pytest.mark.django_db(transaction=True)
def test_truncate_and_replace_are_refused_too(clerk, mine):
    event = record("mine.created", mine, by=clerk)
    seal = seal_history()
    if connection.vendor == "postgresql":
        assert refused("TRUNCATE common_event CASCADE")
        assert refused("TRUNCATE common_seal CASCADE")
    else:
        columns = ", ".join(str(field.column) for field in Event._meta.concrete_fields)
        assert refused(f"INSERT OR REPLACE INTO common_event ({columns}) SELECT {columns} FROM common_event")
        others = [str(field.column) for field in Seal._meta.concrete_fields if field.column != "id"]
        names = ", ".join(others)
        assert refused(f"INSERT OR REPLACE INTO common_seal ({names}) SELECT {names} FROM common_seal")
    assert Event.objects.get() == event and Seal.objects.get() == seal


def test_an_account_with_history_cannot_be_deleted(clerk, mine):
    record("mine.created", mine, by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        clerk.delete()


@pytest.mark.django_db(transaction=True)
def test_every_migrate_puts_the_triggers_back(clerk, mine):
    record("mine.created", mine, by=clerk)
    remove_triggers(connection)
    assert not refused("UPDATE common_event SET note = 'x'")
    assert missing_guards(connection) != []
    call_command("migrate", verbosity=0)
    assert missing_guards(connection) == []
    assert refused("DELETE FROM common_event")


def test_a_guard_that_was_switched_off_or_weakened_is_named_and_put_back(clerk, mine):
    record("mine.created", mine, by=clerk)
    name = "common_event_no_update"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE common_event DISABLE TRIGGER {name}")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON common_event WHEN FALSE BEGIN SELECT 1; END")
    assert not refused("UPDATE common_event SET note = 'x'")
    assert missing_guards(connection) == [name]
    assert install_guards(connection) == [name]
    assert missing_guards(connection) == [] == install_guards(connection)
    assert refused("UPDATE common_event SET note = 'y'")


def sealed_history(clerk, mine, count=6):
    events = [record("mine.changed", mine, by=clerk, note=str(number)) for number in range(count)]
    first = seal_history()
    events += [record("mine.changed", mine, by=clerk, note="后来")]
    second = seal_history()
    assert first and second and second.previous == first.digest
    return events


def behind_the_back(statement: str, *parameters: str | int) -> None:
    """Do what a person with the database's password could do."""
    remove_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    install_guards(connection)


def test_a_sealed_history_is_found_sound(clerk, mine):
    sealed_history(clerk, mine)
    report = verify_history()
    assert report.fault is None
    assert (report.seals, report.events, report.unsealed) == (2, 7, 0)


def test_nothing_new_makes_no_seal(clerk, mine):
    assert seal_history() is None
    sealed_history(clerk, mine)
    assert seal_history() is None


def test_a_long_backlog_is_sealed_in_pieces(clerk, mine, monkeypatch):
    monkeypatch.setattr("common.seals.EVENTS_PER_SEAL", 3)
    record_many("mine.changed", [mine] * 8, by=clerk)
    seal_history()
    assert [seal.count for seal in Seal.objects.all()] == [3, 3, 2]
    assert verify_history().fault is None


def test_a_changed_event_is_named(clerk, mine):
    events = sealed_history(clerk, mine)
    behind_the_back("UPDATE common_event SET note = %s WHERE id = %s", "改过", events[3].pk)
    fault = verify_history().fault
    assert fault and (fault.seal, fault.event) == (1, events[3].pk)
    assert "被改动" in fault.message


def test_a_deleted_event_is_named(clerk, mine):
    events = sealed_history(clerk, mine)
    behind_the_back("DELETE FROM common_event WHERE id = %s", events[2].pk)
    fault = verify_history().fault
    assert fault and (fault.seal, fault.event) == (1, events[2].pk)
    assert "被删除" in fault.message


def test_a_changed_seal_is_named(clerk, mine):
    sealed_history(clerk, mine)
    behind_the_back("UPDATE common_seal SET to_event = to_event - 1 WHERE number = 1")
    fault = verify_history().fault
    assert fault and fault.seal == 1


def test_every_figure_of_a_seal_is_sealed(clerk, mine):
    sealed_history(clerk, mine)
    behind_the_back("UPDATE common_seal SET count = 5 WHERE number = 2")
    fault = verify_history().fault
    assert fault and fault.seal == 2


def test_a_missing_seal_is_named(clerk, mine):
    sealed_history(clerk, mine)
    behind_the_back("DELETE FROM common_seal WHERE number = 1")
    fault = verify_history().fault
    assert fault and fault.seal == 1 and "不见了" in fault.message


def copy_event(event: Event, pk: int) -> None:
    event.refresh_from_db()
    values = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    Event(**{**values, "id": pk}).save(force_insert=True)


def test_an_event_that_commits_late_is_sealed_with_the_next(clerk, mine):
    first = record("mine.changed", mine, by=clerk)
    copy_event(first, first.pk + 10)
    one = seal_history()
    assert one and one.missing[-1] == [first.pk + 1, first.pk + 9]
    copy_event(first, first.pk + 4)
    two = seal_history()
    assert two and (two.late, two.count) == ([first.pk + 4], 1)
    assert seal_history() is None
    assert verify_history().fault is None
    behind_the_back("DELETE FROM common_event WHERE id = %s", first.pk + 4)
    fault = verify_history().fault
    assert fault and fault.event == first.pk + 4


@pytest.mark.django_db(transaction=True)
def test_a_transaction_longer_than_a_sealing_loses_nothing(clerk, mine):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time, so none can commit late")
    recorded, sealed = threading.Event(), threading.Event()
    slow: list[int] = []

    def long_import() -> None:
        try:
            with transaction.atomic():
                slow.append(record("mine.imported", mine, by=clerk).pk)
                recorded.set()
                assert sealed.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=long_import)
    thread.start()
    assert recorded.wait(20)
    quick = record("mine.changed", mine, by=clerk)
    one = seal_history()
    sealed.set()
    thread.join()
    two = seal_history()
    assert slow[0] < quick.pk
    assert one and (one.to_event, one.count) == (quick.pk, 1)
    assert two and (two.late, two.count) == (slow, 1)
    assert verify_history().fault is None


def test_an_event_put_into_an_old_gap_is_named(clerk, mine):
    first = record("mine.changed", mine, by=clerk)
    copy_event(first, first.pk + 10)
    seal_history()
    tomorrow = timezone.now() + datetime.timedelta(hours=25)
    copy_event(first, first.pk + 5)
    assert seal_history(now=tomorrow) is None
    fault = verify_history(now=tomorrow).fault
    assert fault and fault.event == first.pk + 5 and "插入" in fault.message


def test_a_history_sealed_anew_misses_the_digest_that_was_written_down(clerk, mine):
    events = sealed_history(clerk, mine)
    known = verify_history().last_digest
    assert verify_history(digest=known).fault is None
    behind_the_back("DELETE FROM common_seal")
    behind_the_back("UPDATE common_event SET note = %s WHERE id = %s", "改过", events[0].pk)
    seal_history()
    assert verify_history().fault is None
    fault = verify_history(digest=known).fault
    assert fault and known in fault.message


def test_missing_triggers_are_a_fault(clerk, mine):
    sealed_history(clerk, mine)
    remove_triggers(connection)
    fault = verify_history().fault
    assert fault and "触发器" in fault.message


def test_the_command_says_what_it_found_and_fails_on_a_fault(clerk, mine):
    events = sealed_history(clerk, mine)
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert "完好" in out.getvalue() and verify_history().last_digest in out.getvalue()
    behind_the_back("UPDATE common_event SET note = %s WHERE id = %s", "改过", events[3].pk)
    with pytest.raises(CommandError, match=f"记录 {events[3].pk} 被改动"):
        call_command("verify_history", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_the_loser_of_two_sealings_at_once_leaves_it_to_the_winner(clerk, mine, monkeypatch):
    record("mine.changed", mine, by=clerk)
    original = Seal.save

    def save_second(seal, **kwargs):
        monkeypatch.setattr(Seal, "save", original)
        rival = Seal(**{f.attname: getattr(seal, f.attname) for f in Seal._meta.concrete_fields})
        rival.save(force_insert=True)
        original(seal, **kwargs)

    monkeypatch.setattr(Seal, "save", save_second)
    assert seal_history() is None
    seal_history()
    assert Seal.objects.count() == 1 and verify_history().fault is None


def test_the_job_seals(clerk, mine):
    from common import jobs

    record("mine.changed", mine, by=clerk)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1)):
        jobs.seal_history()
    assert verify_history().unsealed == 0
