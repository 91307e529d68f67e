"""Rows in bulk are the rows that saving them one by one would have made."""

import datetime as dt
import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.bulk import insert_rows, reserve_keys
from common.models import CalendarDay, Event

AWKWARD = 'tab\t "quoted", line\nfeed \\N \\ end; 一，二\r\n三'


@pytest.mark.django_db
def test_values_arrive_as_they_were():
    content_type, now, batch = ContentType.objects.get_for_model(CalendarDay), timezone.now(), uuid.uuid4()
    names = (
        "actor_name",
        "verb",
        "content_type_id",
        "object_id",
        "object_text",
        "before",
        "after",
        "note",
        "at",
        "batch",
    )
    after = {"words": AWKWARD, "number": 3, "nothing": None}
    rows = ((AWKWARD[:20], "v", content_type.pk, str(n), "", None, after, AWKWARD, now, batch) for n in range(6000))
    assert insert_rows(Event, names, rows) == 6000
    event = Event.objects.order_by("-pk")[0]
    assert (event.note, event.after, event.before, event.object_text) == (AWKWARD, after, None, "")
    assert (event.at, event.batch, event.actor_unit, event.actor_id) == (now, batch, "", None)
    assert Event.objects.filter(before__isnull=True).count() == 6000


@pytest.mark.django_db
def test_keys_are_nobody_elses():
    first = CalendarDay.objects.create(date=dt.date(2026, 1, 1), kind="holiday", name="元旦")
    keys = [*reserve_keys(CalendarDay, 2), *reserve_keys(CalendarDay, 1)]
    days = [(key, dt.date(2026, 2, n + 1), "holiday", "") for n, key in enumerate(keys)]
    insert_rows(CalendarDay, ("id", "date", "kind", "name"), days)
    after = CalendarDay.objects.create(date=dt.date(2026, 3, 1), kind="holiday", name="")
    assert len({first.pk, *keys, after.pk}) == 5


@pytest.mark.django_db(transaction=True)
def test_keys_are_reserved_inside_a_transaction_only():
    with pytest.raises(transaction.TransactionManagementError):
        reserve_keys(CalendarDay, 1)


@pytest.mark.django_db
def test_a_known_row_is_left_out_only_where_that_is_asked_for():
    new_year = dt.date(2031, 1, 1)
    names = ("date", "kind", "name")
    assert insert_rows(CalendarDay, names, [(new_year, "holiday", "元旦")], skip_known=True) == 1
    again = [(new_year, "holiday", "又一个"), (new_year + dt.timedelta(1), "holiday", "元旦")]
    insert_rows(CalendarDay, names, again, skip_known=True)
    assert list(CalendarDay.objects.filter(date__year=2031).values_list("name", flat=True)) == ["元旦", "元旦"]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(CalendarDay, names, again)
