"""The open log-ins of an account."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import transaction

from units.models import AccountSession, User


@transaction.atomic
def end_sessions_of(user: User, *, except_key: str | None = None) -> int:
    """End every log-in of an account but the one with `except_key`, and return how many were open."""
    keys = [
        key
        for key in AccountSession.objects.filter(user=user).values_list("session_key", flat=True)
        if key != except_key
    ]
    Session.objects.filter(session_key__in=keys).delete()
    AccountSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
