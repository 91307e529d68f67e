"""How many requests a minute each account may send; every answer tells how many are left."""

from __future__ import annotations

import math
import time
from typing import Any

import structlog
from django.core.cache import BaseCache, caches
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60
log = structlog.get_logger("campaign_tracker.request")


class AccountThrottle(BaseThrottle):
    """A window of one minute for each account, counted where all web processes count (setting CACHES)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        account = getattr(request.user, "service_account", None)
        if account is None:
            return True
        window = int(time.time() // MINUTE)
        self.left_over = MINUTE - time.time() % MINUTE
        count = counted(f"api-{account.pk}-{window}")
        request._request.rate = {
            "X-RateLimit-Limit": str(account.per_minute),
            "X-RateLimit-Remaining": str(max(0, account.per_minute - count)),
            "X-RateLimit-Reset": str(math.ceil(self.left_over)),
        }
        return count <= account.per_minute

    def wait(self) -> float:
        return self.left_over


def counted(key: str) -> int:
    """One more under this key, and how many that makes; by this process alone while the shared cache is away."""
    try:
        return _one_more(caches["default"], key)
    except (RedisError, OSError) as error:
        log.warning("shared cache away", error=str(error))
        return _one_more(caches["own"], key)


def _one_more(cache: BaseCache, key: str) -> int:
    cache.add(key, 0, MINUTE * 2)
    try:
        return cache.incr(key)
    except ValueError:  # the cache threw the row out between the two calls
        return 1
