"""Everything that writes regions, units, aliases and groups."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from common.errors import Conflict, NotAllowed, Refused
from common.history import record, snapshot
from common.pinyin import spelling
from units.models import Region, Unit, UnitAlias, UnitGroup, UnitTag, User
from units.names import clean_credit_code, name_key, tidy_name

UNIT_FIELDS = ("name", "short_name", "kind", "region", "parent", "credit_code", "tags")
GROUP_FIELDS = ("name", "kinds", "tags", "extra_members")


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
    tags: Iterable[Any] = (),
    batch: uuid.UUID | None = None,
) -> Unit:
    """Enter a new unit; `tags` are tags or their codes. Raises Refused with the faults of each field."""
    check_keeps_directory(by)
    check_region(by, region)
    check_parent(by, parent)
    unit = Unit(
        name=tidy_name(name),
        kind=kind,
        region=region,
        short_name=short_name.strip(),
        parent=parent,
        credit_code=clean_credit_code(credit_code),
    )
    check_fields(unit)
    unit.save()
    unit.tags.set(tags)
    record("unit.created", unit, by=by, after=snapshot(unit, UNIT_FIELDS), batch=batch)
    return unit


@transaction.atomic
def change_unit(*, by: User, unit: Unit, batch: uuid.UUID | None = None, **changes: Any) -> Unit:
    """Change fields of a unit, or its `tags`; nothing is recorded where nothing changed.

    Raises NotAllowed for a unit or a region that is not the user's, Refused with the faults of each field.
    """
    check_keeps_directory(by)
    if unknown := set(changes) - set(UNIT_FIELDS):
        raise ValueError(f"Not fields of a unit: {sorted(unknown)}")
    if not Unit.objects.visible_to(by).filter(pk=unit.pk).exists():
        raise NotAllowed("只能修改本地区内的单位。")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = snapshot(unit, UNIT_FIELDS)
    tags = changes.pop("tags", None)
    for field, value in changes.items():
        setattr(unit, field, value.strip() if isinstance(value, str) else value)
    unit.name = tidy_name(unit.name)
    unit.credit_code = clean_credit_code(unit.credit_code)
    if "region" in changes:
        check_region(by, unit.region)
    if "parent" in changes:
        check_parent(by, unit.parent)
    check_fields(unit)
    unit.save()
    if tags is not None:
        unit.tags.set(tags)
    after = snapshot(unit, UNIT_FIELDS)
    if before != after:
        record("unit.changed", unit, by=by, before=before, after=after, batch=batch)
    return unit


@transaction.atomic
def deactivate_unit(*, by: User, unit: Unit, note: str = "") -> Unit:
    """Take a unit out of use: it keeps its history, but no plan, group or new account reaches it.

    Raises Refused while units below it are in use, or while somebody can still log in for it.
    """
    unit = own_unit(by, unit)
    if not unit.is_active:
        raise Conflict("这个单位已经停用，无需再次停用。")
    below = list(Unit.objects.filter(parent=unit, is_active=True).values_list("name", flat=True)[:4])
    if below:
        raise Refused(f"还有下级单位在用：{_named(below)}。请先停用它们，或给它们改换上级单位。", code="units_below")
    people = list(User.objects.filter(unit=unit, is_active=True).values_list("name", flat=True)[:4])
    if people:
        raise Refused(f"还有账号在用：{_named(people)}。请先停用这些账号，或把它们转到别的单位。", code="accounts_open")
    unit.is_active = False
    unit.save()
    record("unit.deactivated", unit, by=by, before={"is_active": True}, after={"is_active": False}, note=note)
    return unit


@transaction.atomic
def reactivate_unit(*, by: User, unit: Unit) -> Unit:
    """Put a unit back in use."""
    unit = own_unit(by, unit)
    if unit.is_active:
        raise Conflict("这个单位正在使用，无需启用。")
    if unit.parent is not None and not unit.parent.is_active:
        raise Refused(f"上级单位“{unit.parent.name}”已停用；请先启用它，或改换上级单位。", code="parent_inactive")
    unit.is_active = True
    unit.save()
    record("unit.reactivated", unit, by=by, before={"is_active": False}, after={"is_active": True})
    return unit


@transaction.atomic
def create_alias(*, by: User, name: str, unit: Unit | None = None, group: UnitGroup | None = None) -> UnitAlias:
    """Give a unit or a group another name. Raises Refused when papers already mean something else by it."""
    check_keeps_directory(by)
    owner = unit or group
    if owner is None or (unit is not None and group is not None):
        raise Refused("一个别名只能指向一个单位或一个单位组，请选定其中一个。")
    _check_visible(by, owner)
    key = name_key(name)
    if not key:
        raise Refused("请填写别名。", fields={"name": ["请填写别名。"]})
    region = owner.region
    taken = UnitAlias.objects.filter(region=region, key=key).select_related("unit", "group").first()
    same_name = Unit.objects.visible_to(by).filter(name=name.strip()).exclude(pk=unit.pk if unit else 0).first()
    other = (taken.unit or taken.group) if taken else same_name
    if other is not None:
        already = "已经是它的别名" if other == owner else f"已经指“{other.name}”"
        sentence = f"“{name.strip()}”{already}，请换一个名称或先删去原来的别名。"
        raise Refused(sentence, code="alias_taken", fields={"name": [sentence]})
    alias = UnitAlias(region=region, name=name.strip(), unit=unit, group=group)
    check_fields(alias)
    alias.save()
    record(_verb(owner, "alias_added"), owner, by=by, after={"alias": alias.name})
    return alias


@transaction.atomic
def delete_alias(*, by: User, alias: UnitAlias) -> None:
    """Forget another name, so that papers which print it are asked about again."""
    check_keeps_directory(by)
    owner = alias.unit or alias.group
    assert owner is not None
    _check_visible(by, owner)
    alias.delete()
    record(_verb(owner, "alias_removed"), owner, by=by, before={"alias": alias.name})


@transaction.atomic
def create_group(
    *,
    by: User,
    name: str,
    region: Region,
    kinds: Iterable[str] = (),
    tags: Iterable[Any] = (),
    extra_members: Iterable[Unit] = (),
) -> UnitGroup:
    """Name a class of units, by rule (kinds and tags) or by list. Raises Refused with the faults of each field."""
    check_keeps_directory(by)
    check_region(by, region)
    group = UnitGroup(name=name.strip(), region=region, kinds=list(kinds))
    _check_group(by, group, list(tags), extra := list(extra_members))
    group.save()
    group.tags.set(tags)
    group.extra_members.set(extra)
    record("unitgroup.created", group, by=by, after=snapshot(group, GROUP_FIELDS))
    return group


@transaction.atomic
def change_group(
    *,
    by: User,
    group: UnitGroup,
    name: str,
    kinds: Iterable[str] = (),
    tags: Iterable[Any] = (),
    extra_members: Iterable[Unit] = (),
) -> UnitGroup:
    """Change the name, the rule or the list of a group; tasks already handed out keep their units."""
    check_keeps_directory(by)
    _check_visible(by, group)
    group = UnitGroup.objects.select_for_update().get(pk=group.pk)
    before = snapshot(group, GROUP_FIELDS)
    group.name, group.kinds = name.strip(), list(kinds)
    _check_group(by, group, list(tags), extra := list(extra_members))
    group.save()
    group.tags.set(tags)
    group.extra_members.set(extra)
    after = snapshot(group, GROUP_FIELDS)
    if before != after:
        record("unitgroup.changed", group, by=by, before=before, after=after)
    return group


@transaction.atomic
def create_region(*, by: User, code: str, name: str, short_name: str = "") -> Region:
    """Add a town or village inside the user's region. Raises Refused for a code that is taken or lies outside."""
    check_keeps_directory(by)
    region = Region(code=code.strip(), name=name.strip(), short_name=short_name.strip())
    check_fields(region)
    own = by.unit.region.prefix if by.unit else ""
    if not region.code.startswith(own):
        sentence = f"代码须以本地区的“{own}”开头，请核对。"
        raise Refused(sentence, code="outside_region", fields={"code": [sentence]})
    region.save(force_insert=True)
    record("region.created", region, by=by, after=snapshot(region, ("code", "name", "short_name")))
    return region


@transaction.atomic
def create_tag(*, by: User, name: str) -> UnitTag:
    """Add a trait by which groups pick units. Raises Refused when there is one of that name."""
    check_keeps_directory(by)
    name = tidy_name(name)
    if UnitTag.objects.filter(name=name).exists():
        sentence = f"已有“{name}”这个标记，直接使用即可。"
        raise Refused(sentence, code="tag_taken", fields={"name": [sentence]})
    code = spelling(name, "_")
    code = re.sub(r"[^a-z0-9_]+", "", code)[:36] or "tag"
    while UnitTag.objects.filter(code=code).exists():
        code = f"{code[:32]}_{secrets.token_hex(1)}"
    tag = UnitTag(code=code, name=name)
    check_fields(tag)
    tag.save(force_insert=True)
    record("unittag.created", tag, by=by, after={"name": name})
    return tag


def check_region(by: User, region: Region) -> None:
    """Refuse a region outside the user's own."""
    if not Region.objects.visible_to(by).filter(pk=region.pk).exists():
        raise NotAllowed("只能在本地区内维护单位。")


def check_parent(by: User, parent: Unit | None) -> None:
    """Refuse a superior unit that the user cannot see."""
    if parent is not None and not Unit.objects.visible_to(by).filter(pk=parent.pk).exists():
        raise Refused("请在本地区内选择上级单位。", fields={"parent": ["请在本地区内选择上级单位。"]})


def own_unit(by: User, unit: Unit) -> Unit:
    """The unit under lock. Raises NotAllowed for who does not keep the directory, or not this part of it."""
    check_keeps_directory(by)
    _check_visible(by, unit)
    found: Unit = Unit.objects.select_for_update().get(pk=unit.pk)
    return found


def _check_visible(by: User, row: Unit | UnitGroup) -> None:
    if not type(row).objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed("只能维护本地区内的单位和单位组。")


def _check_group(by: User, group: UnitGroup, tags: list[Any], extra: list[Unit]) -> None:
    check_fields(group)
    if tags and not group.kinds:
        sentence = "选了标记，还须选至少一种单位类别。"
        raise Refused(sentence, fields={"kinds": [sentence]})
    if not group.kinds and not extra:
        sentence = "请选单位类别，或至少另加一个单位；否则这个组没有成员。"
        raise Refused(sentence, fields={"kinds": [sentence]})
    seen = Unit.objects.visible_to(by).filter(pk__in=[unit.pk for unit in extra]).count()
    if seen != len(extra):
        raise Refused("另加的单位须在本地区内。", fields={"extra_members": ["另加的单位须在本地区内。"]})


def _verb(owner: Unit | UnitGroup, what: str) -> str:
    return f"{'unit' if isinstance(owner, Unit) else 'unitgroup'}.{what}"


def _named(names: list[str]) -> str:
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")


def check_fields(row: models.Model) -> None:
    """Validate a row whole, and answer every fault at once as Refused with its field names."""
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: list(messages) for name, messages in error.message_dict.items()}
        raise Refused(
            "；".join(sentence for sentences in fields.values() for sentence in sentences), fields=fields
        ) from error
