"""Whether a page may offer what a service would refuse."""

from __future__ import annotations

from collections.abc import Callable

from common.errors import NotAllowed
from units.models import User


def allowed(check: Callable[[User], None], user: User) -> bool:
    """Whether a service's own check lets the user pass."""
    try:
        check(user)
    except NotAllowed:
        return False
    return True
