"""How many requests a minute each account may send; every answer tells how many are left."""

from __future__ import annotations

import math
import time
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60


class AccountThrottle(BaseThrottle):
    """A window of one minute for each account, counted in the cache (each web process has its own, unless it is shared)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        account = getattr(request.user, "service_account", None)
        if account is None:
            return True
        window = int(time.time() // MINUTE)
        self.left_over = MINUTE - time.time() % MINUTE
        key = f"api-{account.pk}-{window}"
        cache.add(key, 0, MINUTE * 2)
        try:
            count = cache.incr(key)
        except ValueError:  # the cache threw the row out between the two calls
            count = 1
        request._request.rate = {
            "X-RateLimit-Limit": str(account.per_minute),
            "X-RateLimit-Remaining": str(max(0, account.per_minute - count)),
            "X-RateLimit-Reset": str(math.ceil(self.left_over)),
        }
        return bool(count <= account.per_minute)

    def wait(self) -> float:
        return self.left_over
