"""What came into the sight of an account, or left it, without being changed itself.

A mine that moves to another county takes its records out of one account's sight and into another's; a narrower region, a
record taken back, a rule that lets nobody see it any more do the same, and nothing of it stands in the history of the
records. So what each account sees is looked at every hour and compared with the time before. The difference is written
into the history, to be told in the feed of changes in its turn, to this account alone: the key of a record that it did
see, and nothing of its content.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.api import Resource
from common.county import county_of
from common.history import record_rows
from common.models import Event
from exchange.changes import CAME, GONE
from exchange.models import ServiceAccount, Sight
from exchange.reading import visible_rows
from exchange.resources import OWN, RESOURCES
from units.models import User

AT_ONCE = 500


def look_at_all(*, now: dt.datetime | None = None) -> int:
    """Look what each open account sees now; answers how many records came or went."""
    rows = ServiceAccount.objects.filter(is_open=True, user__unit__is_active=True).for_list().order_by("pk")
    return sum(look_again(account=account, now=now) for account in rows)


def look_again(*, account: ServiceAccount, now: dt.datetime | None = None) -> int:
    """Write down what an account sees now, and into the history what that is more or less than the time before.

    A noun that it may not read, or reads for the first time, tells nothing. Answers how many records came or went.
    """
    row: ServiceAccount = ServiceAccount.objects.for_list().get(pk=account.pk)
    readable = [one for name, one in RESOURCES.items() if name not in OWN and one.is_readable(row.scopes)]
    row.sights.exclude(noun__in=[one.name for one in readable]).delete()
    return sum(_look(row, resource, now or timezone.now()) for resource in readable)


@transaction.atomic
def _look(account: ServiceAccount, resource: Resource, now: dt.datetime) -> int:
    """Compare one noun. What is locked is the former sight alone, so that the account's own requests do not wait."""
    user = account.as_user()
    sight = account.sights.select_for_update(of=("self",)).filter(noun=resource.name).first()
    seen = set(visible_rows(resource, user).order_by().values_list("pk", flat=True))
    count = 0
    if sight is None:
        sight = Sight(account=account, noun=resource.name)
    else:
        before = sight.keys
        came = _unchanged_since(sight.looked_at, resource, user, seen - before)
        count = _note(GONE, account, resource.name, sorted(before - seen)) + _note(CAME, account, resource.name, came)
    sight.keys, sight.looked_at = seen, now
    sight.save()
    return count


def gone_since(account: ServiceAccount, moment: dt.datetime, scopes: Collection[str]) -> list[dict[str, Any]]:
    """Noun, key and time of what left the account's sight after a moment and has not come back."""
    kind = ContentType.objects.get_for_model(ServiceAccount)
    found = Event.objects.filter(content_type=kind, object_id=str(account.pk), verb__in=(GONE, CAME), at__gt=moment)
    last = {(event.after["noun"], event.after["id"]): event for event in found.order_by("pk") if event.after}
    return [
        {"noun": noun, "id": key, "at": event.at}
        for (noun, key), event in last.items()
        if event.verb == GONE and RESOURCES[noun].is_readable(scopes)
    ]


def _unchanged_since(moment: dt.datetime, resource: Resource, user: User, keys: Collection[Any]) -> list[Any]:
    """Those of these records that the history knows, but tells nothing of since: they were there, and elsewhere."""
    field: Any = resource.model._meta.get_field(resource.history) if resource.history else None
    kind = ContentType.objects.get_for_model(field.related_model if field else resource.model)
    found = []
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        rows = visible_rows(resource, user).filter(pk__in=ordered[start : start + AT_ONCE])
        heads = dict(rows.values_list("pk", f"{resource.history}_id" if field else "pk"))
        events = Event.objects.filter(content_type=kind, object_id__in={str(head) for head in heads.values()})
        last = dict(events.order_by().values_list("object_id").annotate(last=Max("at")))
        found += [key for key, head in heads.items() if str(head) in last and last[str(head)] < moment]
    return found


def _note(verb: str, account: ServiceAccount, noun: str, keys: Iterable[Any]) -> int:
    county = county_of(account, by=account.user)
    lines = [(account.pk, str(account), None, {"noun": noun, "id": str(key)}, county) for key in keys]
    return record_rows(verb, ServiceAccount, lines, by=None, batch=uuid.uuid4()) if lines else 0
