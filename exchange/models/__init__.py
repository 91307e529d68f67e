"""Accounts of other systems, what is remembered of their requests, and what is sent to them."""

from .accounts import ServiceAccount, ServiceUser
from .hooks import HookDelivery, Subscription
from .requests import ExternalId, KeptAnswer

__all__ = ["ExternalId", "HookDelivery", "KeptAnswer", "ServiceAccount", "ServiceUser", "Subscription"]
