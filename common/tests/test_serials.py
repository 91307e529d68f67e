"""Running numbers: no gap, no double, each series for itself."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from common.models import Serial
from common.serials import next_number


@pytest.mark.django_db
def test_every_series_counts_for_itself():
    assert [next_number("letter", "130800", 2024) for _ in range(3)] == [1, 2, 3]
    assert next_number("letter", "130800", 2025) == 1
    assert next_number("letter", "130900", 2024) == 1
    assert next_number("hazard", "130800", 2024) == 1


@pytest.mark.django_db
def test_a_number_that_was_not_used_is_given_out_again():
    assert next_number("letter", "", 2024) == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_number("letter", "", 2024) == 2
        raise RuntimeError
    assert next_number("letter", "", 2024) == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_belongs_to_a_transaction():
    with pytest.raises(TransactionManagementError):
        next_number("letter", "", 2024)


@pytest.mark.django_db(transaction=True)
def test_four_clerks_at_once_get_forty_different_numbers():
    numbers: list[int] = []
    errors: list[Exception] = []

    def take_ten() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    numbers.append(next_number("letter", "", 2024))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    clerks = [threading.Thread(target=take_ten) for _ in range(4)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    assert errors == []
    assert sorted(numbers) == list(range(1, 41))
    assert Serial.objects.get().last == 40
