"""What is noted of each log-in: in the session itself, in the list of open log-ins, and in the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from common.history import history_of, record
from units.models import AccountSession, User
from units.second_factor import has_second_factor, must_have_second_factor

STARTED_AT = "started_at"
SEEN_AT = "seen_at"
SECOND_STEP = "second_step"
DUE, PASSED = "due", "passed"
NOBODY = User(pk=0, name="没有这个登录名")
"""Of whom the history tells failed log-ins that mean no account."""


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The log-in name as accounts store it, so that failures are counted once for Admin.Li and admin.li."""
    given = (credentials or {}).get("username")
    if given is None and request is not None:
        given = getattr(request, "data", request.POST).get("username", "")
    return str(given or "").strip().lower()


def note_login(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    session = request.session
    if session.session_key is None:
        session.save()
    now = timezone.now()
    session[STARTED_AT] = session[SEEN_AT] = now.timestamp()
    session[SECOND_STEP] = second_step_of(user)
    address = request.META.get("REMOTE_ADDR") or None
    AccountSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "started_at": now,
            "seen_at": now,
            "address": address,
            "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        },
    )
    record("user.logged_in", user, by=user, note=address_note(address))


def second_step_of(user: User) -> str:
    """Whether a log-in by password still lacks its second step, for the session to remember."""
    return DUE if must_have_second_factor(user) or has_second_factor(user) else PASSED


def note_logout(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is None:
        return
    AccountSession.objects.filter(session_key=request.session.session_key).delete()
    record("user.logged_out", user, by=user)


def note_failure(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    # axes counted this attempt before (importing its signals connected them first). The one that reaches the limit is
    # recorded as the lock; a locked-out stranger may then go on trying for ever without a thousand lines of history.
    if request is None or getattr(request, "axes_locked_out", False):
        return
    user = User.objects.filter(username=login_name(request, credentials)).first()
    note = address_note(request.META.get("REMOTE_ADDR"))
    if user is not None:
        record("user.login_failed", user, by=None, note=note)
    elif not happened_lately(NOBODY, "user.login_failed", note):
        # Nobody's line: of what was typed nothing is kept, because it may be a password in the wrong field.
        record("user.login_failed", NOBODY, by=None, note=note)


def happened_lately(about: User, verb: str, note: str) -> bool:
    """Whether the same was written about the same account within a minute: a machine that insists fills no history."""
    since = timezone.now() - timedelta(minutes=1)
    return history_of(about).filter(verb=verb, note=note, at__gte=since).exists()


def note_lock(sender: Any, request: HttpRequest, username: str, ip_address: str | None = None, **kwargs: Any) -> None:
    # Only the attempt that reaches the limit is counted; later ones are refused before they are.
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    user = User.objects.filter(username=username).first()
    if user is not None:
        record("user.locked_out", user, by=None, note=address_note(ip_address))


def connect() -> None:
    """Listen to log-ins; called once from the app's `ready`."""
    user_logged_in.connect(note_login, dispatch_uid="units.note_login")
    user_logged_out.connect(note_logout, dispatch_uid="units.note_logout")
    user_login_failed.connect(note_failure, dispatch_uid="units.note_failure")
    user_locked_out.connect(note_lock, dispatch_uid="units.note_lock")


def address_note(address: str | None) -> str:
    return f"网络地址 {address}" if address else ""
