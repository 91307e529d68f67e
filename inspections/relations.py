"""What a user is to the work of one region's inspectors."""

from __future__ import annotations

from units.models import Role, User


def relations_in(region_id: str, user: User) -> set[str]:
    """Of the bureau (who decide), an inspector (who check; the bureau's people among them), an administrator."""
    of_region = user.unit is not None and user.reads_region and region_id.startswith(user.unit.region.prefix)
    if not of_region:
        return set()
    found = set()
    if user.reviews:
        found.add("bureau")
    if user.reviews or user.role == Role.INSPECTOR:
        found.add("inspector")
    if user.role == Role.BUREAU_ADMIN:
        found.add("admin")
    return found


def may_inspect(user: User) -> bool:
    """Whether the user visits mines at all."""
    return user.unit is not None and (user.reviews or user.role == Role.INSPECTOR)
