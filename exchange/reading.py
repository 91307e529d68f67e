"""From a declared noun to what is answered: rows straight out of the driver, parts in one query for a whole page."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import NotFound

from common.api import Columns, Part, Resource
from common.models import Event, Evidence
from common.transitions import allowed_actions
from exchange.renderers import json_of
from units.models import Unit, User
from units.querysets import in_reach

Record = dict[str, Any]
ACTIONS = "allowed_actions"
NUL = "\x00"
WIDE = 6
"""A reach shorter than a county's six digits finds nearly every row its own."""


def names_of(resource: Resource) -> list[str]:
    """Every name that `fields` may ask for in a list."""
    return [*resource.columns, *resource.derived]


def visible_rows(resource: Resource, user: User) -> QuerySet[Any]:
    """The one way in: what this account may see of a noun, by key."""
    rows: QuerySet[Any] = resource.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    return rows.order_by("pk")


def rows_at(resource: Resource, user: User, key: str) -> QuerySet[Any]:
    """The visible row with a key as an address writes it. Raises NotFound for what can be no key of this noun."""
    try:
        pk = resource.model._meta.pk.to_python(key) if not resource.model._meta.pk.remote_field else int(key)
    except (ValidationError, ValueError) as error:
        raise NotFound from error
    if NUL in key or (isinstance(pk, int) and not 0 <= pk < 2**63):
        raise NotFound
    return visible_rows(resource, user).filter(pk=pk)


def visible_row(resource: Resource, user: User, key: str) -> Any:
    """One record as an object, to be acted on. Raises NotFound for what is not there or not this account's to see."""
    row = rows_at(resource, user, key).first()
    if row is None:
        raise NotFound
    return row


def locked_row(resource: Resource, user: User, key: str) -> Any:
    """The same under lock, as it is once the lock is there."""
    row = visible_row(resource, user, key)
    resource.model._base_manager.select_for_update().get(pk=row.pk)
    row.refresh_from_db()
    return row


def first_rows(resource: Resource, rows: QuerySet[Any], user: User, count: int) -> QuerySet[Any]:
    """The first of many visible rows, by key, at a cost that follows from the account's own rows and not from the table's.

    An account of a whole city finds nearly every row right, and walks the table in the order of its key. For one of a
    county or a mine that walk would pass everybody else's rows: its own are found by their unit and sorted instead. The
    sum takes the key's order away from the planner, which would rather walk.
    """
    reach = user.reach
    if not resource.owner or (reach.region is not None and len(reach.region) < WIDE):
        return rows[:count]
    units = Unit.objects.filter(in_reach(user)).order_by().values("pk")
    own = rows.filter(**{f"{resource.owner}__in": units}).order_by(F("pk") + 0)
    return resource.model._default_manager.filter(pk__in=own.values("pk")[:count]).order_by("pk")


def changed_since(resource: Resource, rows: QuerySet[Any], moment: Any) -> QuerySet[Any]:
    """Rows about which the history tells something after a moment."""
    field: Any = resource.model._meta.get_field(resource.history) if resource.history else None
    model = field.related_model if field is not None else resource.model
    keys: Any = Event.objects.filter(content_type=ContentType.objects.get_for_model(model), at__gt=moment).order_by()
    keys = keys.annotate(key=Cast("object_id", BigIntegerField())) if has_number(model) else keys
    return rows.filter(**{f"{resource.history or 'pk'}__in": keys.values("key" if has_number(model) else "object_id")})


def has_number(model: Any) -> bool:
    """Whether the key of a model is a number."""
    return model._meta.pk.get_internal_type() in ("BigAutoField", "OneToOneField")


def records(resource: Resource, rows: QuerySet[Any], wanted: Collection[str], user: User) -> list[tuple[Any, Record]]:
    """Key and record of each row, with the wanted names only. One query, no model instances."""
    chosen = {name: path for name, path in resource.columns.items() if name in wanted}
    derived = {name: fact for name, fact in resource.derived.items() if name in wanted}
    needs = list(dict.fromkeys(field for fact in derived.values() for field in fact.needs))
    names, width, today = list(chosen), len(chosen), timezone.localdate()
    hidden = () if user.reads_region else [name for name in resource.inside if name in chosen]
    found = []
    for key, *values in rows.values_list("pk", *chosen.values(), *needs):
        record = dict(zip(names, values))
        if derived:
            row = SimpleNamespace(**dict(zip(needs, values[width:])))
            record |= {name: fact.holds(row, today) for name, fact in derived.items()}
        if hidden:
            record |= dict.fromkeys(hidden)
        found.append((key, record))
    return found


def add_parts(resource: Resource, found: Sequence[tuple[Any, Record]], names: Iterable[str], user: User) -> None:
    """Add the named parts to the records of a page: a query for each part, and one for the files of each."""
    by_key = dict(found)
    for name in names:
        if name in resource.inside and not user.reads_region:
            for record in by_key.values():
                record[name] = []
            continue
        if name == "evidence":
            files = evidence_of(resource.model, list(by_key))
            for key, record in found:
                record["evidence"] = files.get(str(key), [])
            continue
        part = resource.parts[name]
        inside = part_records(part, list(by_key), user)
        for key, record in found:
            record[name] = inside.get(key, [])


def part_records(part: Part, owners: Sequence[Any], user: User) -> dict[Any, list[Record]]:
    """The records of a part by the key of their owner; where the part has rights of its own, within them."""
    manager: Any = part.model._default_manager
    rows = manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()
    rows = rows.filter(**{f"{part.owner}__in": owners}, **part.only).order_by(part.owner, *part.order)
    columns: Columns = part.columns
    names = list(columns)
    inside: dict[Any, list[Record]] = defaultdict(list)
    keyed = []
    for owner, key, *values in rows.values_list(part.owner, "pk", *columns.values()):
        record = dict(zip(names, values))
        inside[owner].append(record)
        keyed.append((key, record))
    if part.has_evidence:
        files = evidence_of(part.model, [key for key, _ in keyed])
        for key, record in keyed:
            record["evidence"] = files.get(str(key), [])
    return inside


def evidence_of(model: Any, keys: Sequence[Any]) -> dict[str, list[Record]]:
    """The files about many records of a model, by the record's key as text."""
    found: dict[str, list[Record]] = defaultdict(list)
    if not keys:
        return found
    rows = Evidence.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(key) for key in keys]
    ).order_by("id")
    for row in rows:
        found[row.object_id].append(evidence_record(row))
    return found


def evidence_record(row: Evidence) -> Record:
    return {
        "id": str(row.public_id),
        "name": row.name,
        "caption": row.caption,
        "media_type": row.media_type,
        "kind": row.kind,
        "size": row.size,
        "sha256": row.sha256,
        "uploaded_at": row.uploaded_at,
        "url": reverse("exchange:evidence", args=[row.public_id]),
    }


def parts_of(resource: Resource) -> list[str]:
    """What `expand` may ask for, and what a single record always has."""
    return [*resource.parts, *(["evidence"] if resource.has_evidence else [])]


def etag_of(record: Record) -> str:
    """The version of a whole record, parts included: it changes with whatever is answered, and with nothing else.

    What may be done now (`allowed_actions`) depends on who asks and so is no part of the version.
    """
    text = json_of({name: value for name, value in record.items() if name != ACTIONS})
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def read_one(resource: Resource, user: Any, key: str) -> Record:
    """One whole record. Raises NotFound for what is not there or not this account's to see."""
    rows = rows_at(resource, user, key)
    found = records(resource, rows, set(names_of(resource)), user)
    if not found:
        raise NotFound
    add_parts(resource, found, parts_of(resource), user)
    record = found[0][1]
    if resource.told or resource.holds_moves:
        row = rows.get()
        record |= {name: fact.tell(row) for name, fact in resource.told.items()}
    if resource.holds_moves:
        record[ACTIONS] = [
            {"action": move.action, "label": move.label, "needs_note": move.needs_note, "missing": list(move.missing)}
            for move in allowed_actions(row, user)
        ]
    return record
