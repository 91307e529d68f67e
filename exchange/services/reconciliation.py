"""Counting together: what another system holds, against what this one would give it at the same moment."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from common.errors import Refused
from common.history import record
from exchange.models import Reconciliation, ServiceAccount
from exchange.reading import visible_rows
from exchange.resources import RESOURCES
from units.models import User


@transaction.atomic
def reconcile(*, by: User, account: ServiceAccount, counts: Mapping[str, int]) -> Reconciliation:
    """Keep what the other system counted of each noun beside what its account sees now.

    Raises Refused with the fault of each noun that the account may not read.
    """
    readable = {noun for noun, resource in RESOURCES.items() if resource.is_readable(account.scopes_of(by))}
    if wrong := sorted(set(counts) - readable):
        fault = [f"没有“{noun[:40]}”，或者账号无权读取。" for noun in wrong[:5]]
        raise Refused("请改正标出的内容后再发送。", code="invalid", fields={"counts": fault})
    user = account.as_user()
    both = {
        noun: {"ours": visible_rows(RESOURCES[noun], user).order_by().count(), "theirs": theirs}
        for noun, theirs in sorted(counts.items())
    }
    agrees = all(one["ours"] == one["theirs"] for one in both.values())
    row = Reconciliation.objects.create(account=account, counts=both, agrees=agrees)
    record("reconciliation.made", row, by=by, after={"agrees": agrees})
    return row
