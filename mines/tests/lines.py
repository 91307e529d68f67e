"""Invented lines for every section of a file, by what its model declares: for tests and benchmarks of long histories."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from mines.ledgers import Ledger, all_ledgers
from mines.models import FileLine, Mine
from units.models import Unit


def example_of(ledger: Ledger, mine: Mine, day: dt.date, at: int) -> FileLine:
    """The line number `at` of a section, of that day; whatever ends has ended, but for the first."""
    line = ledger.model(mine=mine)
    for field in ledger.model._meta.concrete_fields:
        if field.name not in ("id", "mine", "created_by", "created_at") and not field.has_default():
            setattr(line, field.attname, _value(field, mine, day, at))
    return line


def five_years(mine: Mine, today: dt.date, months: int = 60) -> int:
    """A line a month in every section of a file; answers how many in each."""
    first = today.replace(day=1)
    days = []
    for _ in range(months):
        days.append(first)
        first = (first - dt.timedelta(days=1)).replace(day=1)
    for ledger in all_ledgers():
        ledger.model.objects.bulk_create(example_of(ledger, mine, day, at) for at, day in enumerate(days))
    return months


def _value(field: Any, mine: Mine, day: dt.date, at: int) -> Any:
    if isinstance(field, models.DateField):
        return None if field.null and not at else day
    if isinstance(field, models.ForeignKey):
        if field.remote_field.model is Unit:
            return mine.pk
        return (
            field.remote_field.model.objects.filter(mine=mine).values_list("pk", flat=True).first()
            if not field.null
            else None
        )
    if field.choices:
        return field.choices[at % len(field.choices)][0]
    if isinstance(field, models.BooleanField):
        return at % 2 == 0
    if isinstance(field, models.IntegerField | models.DecimalField):
        return at % 9
    return f"{field.verbose_name}{at}"[: field.max_length]
