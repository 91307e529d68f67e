"""Running numbers without gaps, as official letters need them."""

from django.db import connection, transaction

from .models import Serial


def next_number(kind: str, scope: str, year: int) -> int:
    """The next number of a series, from 1, inside the transaction that uses it (see `next_numbers`)."""
    return next_numbers(kind, scope, year, 1)[0]


def next_numbers(kind: str, scope: str, year: int, count: int) -> range:
    """The next `count` numbers of a series, from 1, taken in one step inside the transaction that uses them all.

    The series stays locked until that transaction ends; if it is rolled back, its number is given out again, so that
    no gap arises. Raises TransactionManagementError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A running number is taken inside the transaction that uses it.")
    Serial.objects.get_or_create(kind=kind, scope=scope, year=year)
    series = Serial.objects.select_for_update().get(kind=kind, scope=scope, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return range(first, first + count)
