"""Accounts of other systems, and what is remembered of their requests."""

from .accounts import ServiceAccount, ServiceUser
from .requests import ExternalId, KeptAnswer

__all__ = ["ExternalId", "KeptAnswer", "ServiceAccount", "ServiceUser"]
