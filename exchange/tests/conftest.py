"""Other systems with a token each: the bureau's, a mine's, its sister's, and the neighbouring county's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from exchange.models import ServiceAccount
from exchange.scopes import SCOPES
from exchange.services.accounts import issue_token, open_service_account
from hazards.tests.conftest import *  # noqa: F403
from units.models import Role, Unit, User


class System:
    """A program with a token; `get` and `post` speak as it would."""

    def __init__(self, account: ServiceAccount, token: str) -> None:
        self.account, self.token = account, token
        self.client = Client()

    @property
    def user(self) -> User:
        return self.account.user

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}"} | (more or {})

    def get(self, path: str, data: Any = None, headers: dict[str, str] | None = None, **extra: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", data, headers=self.headers(headers), **extra)

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=self.headers(headers))

    def ids(self, path: str, name: str = "id") -> list[Any]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return [row[name] for row in answer.json()["results"]]


@pytest.fixture(autouse=True)
def no_requests_yet() -> None:
    cache.clear()


@pytest.fixture
def system(admin: User) -> Callable[..., System]:
    """Open an account and give it a token: `system(unit, role, scopes=…)`."""

    def make(unit: Unit, role: str = Role.BUREAU_STAFF, by: User = admin, days: int = 30, **limits: Any) -> System:
        account = open_service_account(
            by=by, name=f"{unit.name}的系统", unit=unit, role=role, purpose="测试", contact="张工 1380000",
            scopes=limits.pop("scopes", list(SCOPES)), **limits,
        )  # fmt: skip
        return System(account, issue_token(by=by, account=account, days=days).token)

    return make


@pytest.fixture
def bureau_system(system, county) -> System:
    return system(county.bureau)


@pytest.fixture
def mine_system(system, county) -> System:
    return system(county.mine, Role.MINE_CLERK)


@pytest.fixture
def sister_system(system, county) -> System:
    return system(county.sister_mine, Role.MINE_CLERK)


@pytest.fixture
def stranger_system(system, county) -> System:
    """Of the neighbouring county, whose administrator opened it."""
    neighbour = User.objects.create_user(
        "admin.hu", "Qinglan-2026-test", name="胡管理", role=Role.BUREAU_ADMIN, unit=county.other_bureau
    )
    return system(county.other_bureau, by=neighbour)
