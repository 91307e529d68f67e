"""Accounts of other systems, what is remembered of their requests, and what is sent to them."""

from .accounts import NarrowToken, ServiceAccount, ServiceUser
from .hooks import HookDelivery, Subscription
from .lines import ExchangeLine, Receipt
from .reconciliations import Reconciliation
from .requests import ExternalId, KeptAnswer
from .sight import Sight

__all__ = [
    "ExchangeLine",
    "ExternalId",
    "HookDelivery",
    "KeptAnswer",
    "NarrowToken",
    "Receipt",
    "Reconciliation",
    "ServiceAccount",
    "ServiceUser",
    "Sight",
    "Subscription",
]
