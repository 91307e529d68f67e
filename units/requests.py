"""Who asks."""

from __future__ import annotations

from django.http import HttpRequest

from units.models import User


def user_of(request: HttpRequest) -> User:
    """The account behind a request; every page but the few marked @login_not_required has one."""
    user = request.user
    assert isinstance(user, User)
    return user
