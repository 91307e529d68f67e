"""The count of requests: one for all processes, and never a reason to be away."""

import pytest
from django.core.cache.backends.redis import RedisCache

from exchange import throttling
from exchange.throttling import counted


def redis_cache(url):
    return RedisCache(url.replace("redis+socket://", "unix://", 1), {"OPTIONS": {"socket_connect_timeout": 1}})


def test_processes_count_together_in_the_server_of_the_broker(valkey_url, monkeypatch):
    """Each process has a client of its own; what one counted the other goes on from."""
    seen = []
    for _ in range(3):
        monkeypatch.setattr(throttling, "caches", {"default": redis_cache(valkey_url), "own": None})
        seen.append(counted("account-1"))
    assert seen == [1, 2, 3]


@pytest.mark.django_db
def test_while_the_server_is_away_requests_are_answered_and_counted_alone(bureau_system, monkeypatch, tmp_path):
    away = redis_cache(f"unix://{tmp_path}/none.sock")
    monkeypatch.setattr(throttling, "caches", {"default": away, "own": throttling.caches["own"]})
    answers = [bureau_system.get("") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert left[1] < left[0] or left[1] == 119
