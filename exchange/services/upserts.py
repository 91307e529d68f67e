"""Records that another system calls by a number of its own: the same number again means the same record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from common.api import Act
from common.errors import Conflict
from exchange.models import ExternalId, ServiceAccount
from exchange.reading import locked_row
from exchange.resources import RESOURCES
from units.models import User

NAME = re.compile(r"[^\x00-\x1f\x7f/]{1,120}")
"""What may be a number of another system; it stands in addresses."""


@dataclass(frozen=True, slots=True)
class Written:
    """The key of a record that was written, and whether it was made by that."""

    pk: Any
    is_new: bool


@transaction.atomic
def upsert_record(
    *,
    by: User,
    account: ServiceAccount,
    act: Act,
    external_id: str,
    given: Mapping[str, Any],
    fingerprint: str = "",
    check: Callable[[Any], None] = lambda row: None,
) -> Written:
    """Make the record that an account's system calls `external_id`, or bring it up to date where it came before.

    `check` is told the record under lock before anything is written. Raises whatever the noun's services raise, and
    Conflict where the same number is just being written.
    """
    assert act.renews is not None
    links = ExternalId.objects.select_for_update().filter(account=account, noun=act.noun, external_id=external_id)
    link = links.first()
    if link is None:
        made = act.do(by=by, row=None, given=dict(given))
        try:
            with transaction.atomic():
                ExternalId.objects.create(
                    account=account, noun=act.noun, external_id=external_id, object_id=str(made.pk),
                    fingerprint=fingerprint,
                )  # fmt: skip
        except IntegrityError as error:  # its twin was quicker; the whole transaction is taken back
            raise Conflict("同一个编号正在推送，请稍后再发一次。", code="in_progress") from error
        return Written(made.pk, is_new=True)
    row = locked_row(RESOURCES[act.noun], by, link.object_id)
    check(row)
    done = act.renews(by=by, row=row, given=dict(given))
    link.object_id, link.fingerprint = str(done.pk), fingerprint
    link.save(update_fields=["object_id", "fingerprint"])
    return Written(done.pk, is_new=False)
