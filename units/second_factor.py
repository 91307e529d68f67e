"""Of whom a second step is asked after the password."""

from __future__ import annotations

from django.conf import settings

from units.models import Role, SecondFactor, User


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def must_have_second_factor(user: User) -> bool:
    """Whether the settings ask this account for one: who opens and resets the accounts of others."""
    return bool(settings.SECOND_FACTOR and (user.role == Role.BUREAU_ADMIN or user.is_superuser))
