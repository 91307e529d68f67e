"""Who did what to which record, and when: written once, sealed every minute, never changed."""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from .bulk import insert_rows
from .county import county_of
from .encryption import EncryptedTextField, Hidden
from .models import Event
from .origin import present_address
from .verbs import VERBS, register_verbs, verb_label

__all__ = [
    "VERBS",
    "Change",
    "changes_of",
    "diff",
    "history_of",
    "is_named",
    "record",
    "record_many",
    "record_rows",
    "register_details",
    "register_verbs",
    "snapshot",
    "verb_label",
]

SYSTEM = "系统"


def record(
    verb: str,
    obj: models.Model,
    *,
    by: AbstractBaseUser | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
    batch: uuid.UUID | None = None,
) -> Event:
    """Write one line of history about a saved record, in the transaction of the change itself.

    `by` is None for what the system does by itself. `before` and `after` may hold whatever `snapshot` returns or plain
    values; where both are given only the fields that differ are kept. One `batch` joins the events of one act.
    """
    event = _event(verb, obj, by=by, before=before, after=after, note=note, batch=batch)
    event.save(force_insert=True)
    return event


def record_many(
    verb: str,
    objs: Iterable[models.Model],
    *,
    by: AbstractBaseUser | None,
    note: str = "",
    batch: uuid.UUID | None = None,
) -> int:
    """Write the same line about many saved records and return how many; for acts on hundreds of rows at once."""
    objs = list(objs)
    if not objs:
        return 0
    if any(obj.pk is None for obj in objs):
        raise ValueError(f"History is about saved records; some {objs[0]._meta.label} has no key yet.")
    rows = ((obj.pk, str(obj), None, None, county_of(obj, by=by)) for obj in objs)
    return record_rows(verb, type(objs[0]), rows, by=by, note=note, batch=batch or uuid.uuid4())


def record_rows(
    verb: str,
    model: type[models.Model],
    rows: Iterable[tuple[Any, str, Mapping[str, Any] | None, Mapping[str, Any] | None, str]],
    *,
    by: AbstractBaseUser | None,
    note: str = "",
    batch: uuid.UUID,
) -> int:
    """Write one line about each of many records of a model that are not at hand as objects, and return how many.

    Each row is a key, the words of the record, what it was before and after (see `record`), and its county.
    """
    content_type, at, note = ContentType.objects.get_for_model(model).pk, timezone.now(), clean_text(note)
    names = _shortened(_name_of(by), 150), _shortened(_unit_of(by), 200)
    actor = (None if by is None else by.pk, *names, present_address())
    return insert_rows(
        Event,
        ("object_id", "object_text", "before", "after", "county", "at", "actor_id", "actor_name", "actor_unit", "address", "verb",
         "content_type_id", "note", "batch"),
        (
            (str(key), _shortened(text, 300), *diff(before, after), county, at, *actor, verb, content_type, note, batch)
            for key, text, before, after, county in rows
        ),
    )  # fmt: skip


def history_of(obj: models.Model) -> models.QuerySet[Event]:
    """The events of one record, newest first."""
    return Event.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk))


def snapshot(obj: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields of a record as values that JSON can hold; a reference becomes {"id": …, "text": …}.

    What is encrypted in the database becomes `Hidden`, which history shows by its outer digits.
    """
    return {name: _plain_field(obj, name) for name in fields}


def _plain_field(obj: models.Model, name: str) -> Any:
    value = getattr(obj, name)
    field = next((field for field in obj._meta.concrete_fields if field.name == name), None)
    return Hidden(value or "") if isinstance(field, EncryptedTextField) else plain_value(value)


def diff(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The two sides reduced to the fields that differ; a side that is None stays None."""
    old = None if before is None else {name: plain_value(value) for name, value in before.items()}
    new = None if after is None else {name: plain_value(value) for name, value in after.items()}
    if old is None or new is None:
        return old, new
    # Two telephone numbers may look alike once their middle is hidden.
    differs = {name for name in {*old, *new} if _bare(before, name) != _bare(after, name)}
    names = [name for name in [*old, *(n for n in new if n not in old)] if name in differs]
    return {n: old[n] for n in names if n in old}, {n: new[n] for n in names if n in new}


def _bare(side: Mapping[str, Any] | None, name: str) -> Any:
    value = (side or {}).get(name)
    return value if isinstance(value, Hidden) else plain_value(value)


@dataclass(frozen=True)
class Change:
    """One field of an event in the words of the page."""

    field: str
    label: str
    before: str
    after: str


def changes_of(event: Event) -> list[Change]:
    """What an event changed, field by field, with the model's labels and the names of its choices."""
    before, after = event.before or {}, event.after or {}
    # The manager keeps what it has read; the reference would ask the database for every event.
    model = ContentType.objects.get_for_id(event.content_type_id).model_class()
    changes = []
    for name in [*before, *(n for n in after if n not in before)]:
        label, choices = _field_words(model, name)
        changes.append(Change(name, label, _words(before.get(name), choices), _words(after.get(name), choices)))
    return changes


def plain_value(value: Any) -> Any:
    """A value as JSON can hold it and as both databases give it back unchanged."""
    if isinstance(value, models.Model):
        return {"id": plain_value(value.pk), "text": clean_text(str(value))}
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return clean_text(value)
    # PostgreSQL's jsonb rewrites floats, so that a number with a fraction is kept as the text a person would write.
    if isinstance(value, (float, decimal.Decimal)):
        return format(decimal.Decimal(str(value)), "f")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {clean_text(str(key)): plain_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        items = [plain_value(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    if isinstance(value, models.Manager):
        return [plain_value(item) for item in value.all()]
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """Text without what PostgreSQL cannot store: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _event(
    verb: str,
    obj: models.Model,
    *,
    by: AbstractBaseUser | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    note: str,
    batch: uuid.UUID | None,
) -> Event:
    if obj.pk is None:
        raise ValueError(f"History is about saved records; this {obj._meta.label} has no key yet.")
    old, new = diff(before, after)
    return Event(
        actor_id=None if by is None else by.pk,
        actor_name=_shortened(_name_of(by), 150),
        actor_unit=_shortened(_unit_of(by), 200),
        address=present_address(),
        verb=verb,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=str(obj.pk),
        object_text=_shortened(str(obj), 300),
        before=old,
        after=new,
        note=clean_text(note),
        batch=batch,
        county=county_of(obj, by=by),
    )


def _name_of(user: AbstractBaseUser | None) -> str:
    if user is None:
        return SYSTEM
    full_name = getattr(user, "get_full_name", None)
    return (full_name() if full_name else "") or user.get_username()


def _unit_of(user: AbstractBaseUser | None) -> str:
    unit = getattr(user, "unit", None)
    return "" if unit is None else str(unit)


def _shortened(text: str, length: int) -> str:
    text = clean_text(text)
    return text if len(text) <= length else text[: length - 1] + "…"


# A moment as `plain_value` writes it, which people read in their own time.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")

_details: dict[str, tuple[str, dict[Any, str]]] = {}


def register_details(details: Mapping[str, tuple[str, Mapping[Any, str]]]) -> None:
    """Name what events tell beyond the fields of their record: a label, and words for stored values.

    Called from `AppConfig.ready`, such as `{"files": ("资料份数", {})}`; a field of the record itself goes before it,
    when somebody has named it.
    """
    _details.update({name: (label, dict(words)) for name, (label, words) in details.items()})


def _field_words(model: type[models.Model] | None, name: str) -> tuple[str, dict[Any, str]]:
    if model is None:
        return _details.get(name, (name, {}))
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _details.get(name, (name, {}))
    if not isinstance(field, models.Field):
        return _details.get(name, (name, {}))
    words = {value: str(label) for value, label in field.flatchoices}
    return (str(field.verbose_name), words) if is_named(field) else _details.get(name, (name, words))


def is_named(field: models.Field[Any, Any]) -> bool:
    """Whether somebody gave this field words for the screen; Django makes English ones of its identifier otherwise."""
    return str(field.verbose_name) != field.name.replace("_", " ")


def _words(value: Any, choices: dict[Any, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return str(value.get("text", "；".join(f"{key}：{_words(item, {})}" for key, item in value.items())))
    if isinstance(value, list):
        return "、".join(_words(item, choices) for item in value)
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{timezone.localtime(datetime.datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return choices.get(value, str(value))
