"""Accounts of other systems, what is remembered of their requests, and what is sent to them."""

from .accounts import ServiceAccount, ServiceUser
from .hooks import HookDelivery, Subscription
from .lines import ExchangeLine, Receipt
from .reconciliations import Reconciliation
from .requests import ExternalId, KeptAnswer

__all__ = [
    "ExchangeLine",
    "ExternalId",
    "HookDelivery",
    "KeptAnswer",
    "Receipt",
    "Reconciliation",
    "ServiceAccount",
    "ServiceUser",
    "Subscription",
]
