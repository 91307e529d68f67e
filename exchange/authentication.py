"""Who asks through the interface, and what that account may do."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from exchange.models import ServiceAccount, ServiceUser

BAD_TOKEN = AuthenticationFailed("令牌不正确、已过期或已吊销，请向应急管理局的局管理员重新申请。", code="bad_token")


class TokenAuthentication(KnoxAuthentication):
    """A knox token of an open service account, used from an address that the account allows.

    One query finds token, account, unit and region. An expired token is refused and stays to be seen by the
    administrator; reading never deletes.
    """

    def authenticate(self, request: Request) -> tuple[ServiceUser, AuthToken] | None:
        self.address = str(request.META.get("REMOTE_ADDR", ""))
        scheme, _, token = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        try:
            if scheme.lower() == "bearer":  # as RFC 6750 writes what was fetched at oauth/token/
                return self.authenticate_credentials(token.strip().encode())
            found: tuple[ServiceUser, AuthToken] | None = super().authenticate(request)
        except UnicodeError as error:
            raise BAD_TOKEN from error
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[ServiceUser, AuthToken]:
        text = token.decode("ascii")
        digest = hash_token(text)
        rows = AuthToken.objects.filter(token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH]).select_related(
            "user__unit__region", "user__service_account__region", "narrow"
        )
        row = next((row for row in rows if compare_digest(row.digest, digest)), None)
        if row is None or (row.expiry is not None and row.expiry <= timezone.now()):
            raise BAD_TOKEN
        account = getattr(row.user, "service_account", None)
        if account is None or not account.is_open or not row.user.unit.is_active:
            raise BAD_TOKEN
        if not account.allows_address(self.address):
            raise PermissionDenied(
                "不允许从这个网络地址使用本账号，请联系应急管理局的局管理员。", code="network_not_allowed"
            )
        note_use(account, self.address)
        return account.as_user(row), row


def note_use(account: ServiceAccount, address: str) -> None:
    """Remember when and from where the account was used, once a minute at most."""
    now = timezone.now()
    if not account.used_recently(now):
        ServiceAccount.objects.filter(pk=account.pk).update(last_used_at=now, last_address=address or None)


class HasScope(BasePermission):
    """Whether the account, and the token in its hand, holds the scope that the view asks for (`noun`)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, ServiceUser):
            return False
        noun: str = getattr(view, "noun", "")
        if not noun or request.method not in view.allowed_methods:
            return True  # nothing to guard; what the address does not do is answered 405
        scope = f"{noun}:{'read' if request.method in SAFE_METHODS else 'write'}"
        if scope not in request.user.scopes:
            raise PermissionDenied(
                f"本账号或这个令牌没有“{scope}”权限；账号的权限请联系应急管理局的局管理员。", code="scope_missing"
            )
        return True
