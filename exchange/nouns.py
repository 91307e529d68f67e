"""The nouns of the interface itself: subscriptions to changes, and counting together."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.api import Act, Resource, columns
from common.inputs import Given
from exchange.models import Reconciliation, Subscription
from units.models import User


class Subscribing(Given):
    """登记一个接收变更的地址；从登记时起的变更会推送到那里。"""

    example = {
        "address": "https://platform.example/hooks", "nouns": ["hazards"], "verbs": ["hazard.close"],
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }  # fmt: skip

    address = serializers.URLField(max_length=500, help_text="接收消息的网址，不能在内部网络")
    nouns = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=40, help_text="要哪些内容的变更，例如 hazards"
    )
    verbs = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=100, required=False,
        help_text="只要这些变动，代码与 changes 中的 verb 相同，例如 hazard.close；不给出就是全部",
    )  # fmt: skip
    secret = serializers.CharField(
        max_length=100, help_text="签名密钥，whsec_ 加24到64个字节的base64；由登记的一方生成，以后不再给出"
    )


class Nothing(Given):
    """没有内容。"""


class Counting(Given):
    """对账：对方系统现在各有多少条。"""

    example = {"counts": {"hazards": 812, "mines": 20}}

    counts = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=10**12),
        allow_empty=False,
        help_text='内容 → 对方的条数，例如 {"hazards": 812}',
    )


# The services are imported when they are called: they read the list of all nouns, of which this is one.


def make(*, by: User, row: None, given: dict[str, Any]) -> Subscription:
    from exchange.services import hooks

    return hooks.subscribe(by=by, account=by.service_account, **given)


def close(*, by: User, row: Subscription, given: dict[str, Any]) -> Subscription:
    from exchange.services import hooks

    return hooks.open_or_close(by=by, subscription=row, is_open=False)


def reopen(*, by: User, row: Subscription, given: dict[str, Any]) -> Subscription:
    from exchange.services import hooks

    return hooks.open_or_close(by=by, subscription=row, is_open=True)


def count(*, by: User, row: None, given: dict[str, Any]) -> Reconciliation:
    from exchange.services import reconciliation

    return reconciliation.reconcile(by=by, account=by.service_account, counts=given["counts"])


RESOURCES = (
    Resource(
        name="hooks",
        label="变更推送",
        model=Subscription,
        columns=columns("id", "address", "nouns", "verbs", "is_open", "worked_at", "failed_at", "error", "created_at"),
    ),
    Resource(
        name="reconciliations",
        label="对账",
        model=Reconciliation,
        columns=columns("id", "at", "counts", "agrees"),
    ),
)
ACTS = (
    Act("hooks", "登记推送", Subscribing, make, makes=True),
    Act("hooks", "停用推送", Nothing, close, "close"),
    Act("hooks", "启用推送", Nothing, reopen, "reopen"),
    Act("reconciliations", "对账", Counting, count, makes=True),
)
