"""Everything that writes units, aliases and groups."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record
from units.models import Region, Unit, UnitAlias, UnitGroup, UnitTag, User
from units.names import name_key


def check_keeps_directory(by: User) -> None:
    if not by.reviews:
        raise NotAllowed("单位目录由局工作人员维护，请联系他们办理。")


@transaction.atomic
def learn_alias(
    *, by: User, region: Region, name: str, unit: Unit | None = None, group: UnitGroup | None = None
) -> UnitAlias:
    """Remember that papers of `region` mean this unit, or group, by `name`; a later choice replaces an earlier one.

    Raises Refused when not exactly one of `unit` and `group` is given, NotAllowed when the directory is not the user's.
    """
    check_keeps_directory(by)
    if (unit is None) == (group is None):
        raise Refused("一个别名只能指向一个单位或一个单位组，请选定其中一个。")
    alias, created = UnitAlias.objects.update_or_create(
        region=region, key=name_key(name), defaults={"name": name, "unit": unit, "group": group, "learned": True}
    )
    record(
        "unitalias.learned" if created else "unitalias.changed",
        alias,
        by=by,
        after={"name": name, "means": str(unit or group)},
    )
    return alias


@transaction.atomic
def create_unit(
    *,
    by: User,
    name: str,
    kind: str,
    region: Region,
    short_name: str = "",
    parent: Unit | None = None,
    credit_code: str | None = None,
    tags: tuple[str, ...] = (),
) -> Unit:
    """Enter a new unit in the directory. Raises Refused with the faults of each field."""
    check_keeps_directory(by)
    if not Region.objects.visible_to(by).filter(pk=region.pk).exists():
        raise NotAllowed("只能在本地区内新建单位。")
    unit = Unit(
        name=name.strip(),
        kind=kind,
        region=region,
        short_name=short_name.strip(),
        parent=parent,
        credit_code=credit_code or None,
    )
    check_fields(unit)
    unit.save()
    unit.tags.set(UnitTag.objects.filter(pk__in=tags))
    record("unit.created", unit, by=by, after={"name": unit.name, "kind": kind, "region": region.code})
    return unit


def check_fields(row: Unit | UnitGroup | User) -> None:
    """Validate a row whole, and answer every fault at once as Refused with its field names."""
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: list(messages) for name, messages in error.message_dict.items()}
        raise Refused(
            "；".join(sentence for sentences in fields.values() for sentence in sentences), fields=fields
        ) from error
