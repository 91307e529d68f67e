"""The slower limit on guessing: one name, tried from many machines.

django-axes closes a name on the machine that failed (settings AXES_…). Whoever spreads the guesses over many addresses
never meets that limit; here the failures of a name count together.
"""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from common.history import history_of
from units.models import User
from units.sessions import address_note, login_name


class NameLimitBackend:
    """Knows nobody; refuses a name that failed too often anywhere, before a password is looked at."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Raises PermissionDenied, which ends the log-in, and lets axes show its page."""
        name = login_name(request, credentials)
        if request is None or not name or not is_tried_everywhere(name):
            return
        if not has_logged_in_from(name, request.META.get("REMOTE_ADDR") or ""):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            request.axes_credentials = credentials  # type: ignore[attr-defined]
            raise PermissionDenied("this name was tried too often")


def is_tried_everywhere(name: str) -> bool:
    """Whether the failures of a log-in name within the cool-off reach NAME_FAILURE_LIMIT, from all addresses together."""
    recent = AccessAttempt.objects.filter(username=name, attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME)
    failures = recent.aggregate(total=Sum("failures_since_start"))["total"] or 0
    return bool(failures >= settings.NAME_FAILURE_LIMIT)


def has_logged_in_from(name: str, address: str) -> bool:
    """Whether the history knows a log-in of this account from this address."""
    user = User.objects.filter(username=name).first()
    if user is None:
        return False
    return history_of(user).filter(verb="user.logged_in", note=address_note(address)).exists()
