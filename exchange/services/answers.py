"""A request that carries an Idempotency-Key is done once; sent again it is given the answer of the first time."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict
from exchange.models import KeptAnswer, ServiceAccount
from units.models import RuleSetting
from units.rules import find_rule, rule

HOURS = "kept_answer_hours"
ABANDONED = dt.timedelta(minutes=5)
"""After so long a request without an answer was lost with its worker: longer than any request may take."""
RUNNING = Conflict("同一个请求正在办理，请稍后用同一个幂等键再发一次。", code="in_progress")


class OtherRequest(Exception):
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, body as sent, and the headers that belong to it."""

    status: int
    body: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the work of one request."""

    pk: int
    token: uuid.UUID


def claim_key(*, account: ServiceAccount, key: str, fingerprint: str) -> Claim | Answer:
    """Take the work of a request, or the answer that it was given before.

    Raises OtherRequest when the key stands for another request, Conflict while the same one is being worked on.
    """
    now, token = timezone.now(), uuid.uuid4()
    try:
        with transaction.atomic():
            made = KeptAnswer.objects.create(
                account=account, key=key, fingerprint=fingerprint, claim=token, claimed_at=now
            )
        return Claim(made.pk, token)
    except IntegrityError:
        pass
    row = KeptAnswer.objects.filter(account=account, key=key).first()
    if row is None:  # its refusal freed the key in this moment
        raise RUNNING
    forgotten = now - row.claimed_at > dt.timedelta(hours=_hours(account))
    if not forgotten and row.fingerprint != fingerprint:
        raise OtherRequest
    if not forgotten and row.status is not None:
        return Answer(row.status, row.body, row.headers)
    if not forgotten and now - row.claimed_at < ABANDONED:
        raise RUNNING
    fresh = {"fingerprint": fingerprint, "claim": token, "claimed_at": now, "status": None, "body": "", "headers": {}}
    if not KeptAnswer.objects.filter(pk=row.pk, claim=row.claim).update(**fresh):
        raise RUNNING
    return Claim(row.pk, token)


def keep_answer(*, claim: Claim, answer: Answer) -> None:
    """Write down the answer, in the transaction of the work itself; Conflict where the claim was taken over."""
    kept = KeptAnswer.objects.filter(pk=claim.pk, claim=claim.token).update(
        status=answer.status, body=answer.body, headers=answer.headers
    )
    if not kept:
        raise RUNNING


def release_key(*, claim: Claim) -> None:
    """Free the key of a request that was refused: nothing was done, and the same key may be sent with a better body."""
    KeptAnswer.objects.filter(pk=claim.pk, claim=claim.token, status=None).delete()


def forget_answers() -> int:
    """Delete what is older than the longest time that any region keeps, and answer how many rows."""
    own = RuleSetting.objects.filter(key=HOURS).aggregate(longest=Max("value"))["longest"] or 0
    before = timezone.now() - dt.timedelta(hours=max(find_rule(HOURS).value, own))
    return KeptAnswer.objects.filter(claimed_at__lt=before).delete()[0]


def _hours(account: ServiceAccount) -> int:
    unit = account.user.unit
    return find_rule(HOURS).value if unit is None else rule(HOURS, unit.region_id)
