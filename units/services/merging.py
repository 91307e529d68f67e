"""Two entries of one body become one: everything moves to the entry that stays, and nothing is removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from common.errors import Refused
from common.history import record
from units.models import Unit, UnitAlias, User
from units.names import name_key
from units.services.directory import check_keeps_directory, own_unit

Step = Callable[..., None]

_steps: list[Step] = []


def register_merge_step(step: Step) -> None:
    """Let an app upstairs settle what both units have before rows move: `step(by=, keep=, gone=)`, or raise Refused."""
    if step not in _steps:
        _steps.append(step)


@transaction.atomic
def merge_units(*, by: User, keep: Unit, gone: Unit) -> dict[str, int]:
    """Give `keep` all that `gone` has, its names as aliases included, and take `gone` out of use; answer rows moved.

    Where both have what a unit has only once (a mine's file, a tag), that of `gone` stays with it and can be read
    there. Raises Refused for units of different kind or region, or when one stands below the other.
    """
    check_keeps_directory(by)
    if keep.pk == gone.pk:
        raise Refused("请选择另一个单位。")
    keep, gone = own_unit(by, keep), own_unit(by, gone)
    if not (keep.is_active and gone.is_active):
        raise Refused("两个单位都在用时才能合并；请先启用它。")
    if (keep.kind, keep.region_id) != (gone.kind, gone.region_id):
        raise Refused("类别和所在区划都相同的单位才能合并。请先核对，把其中一个改对。")
    if keep.path.startswith(gone.path) or gone.path.startswith(keep.path):
        raise Refused("这两个单位是上下级，不能合并。请先改换上级单位。")
    for step in _steps:
        step(by=by, keep=keep, gone=gone)
    moved: dict[str, int] = {}
    for field in fields_to(Unit):
        if field.model is Unit:
            continue
        if count := movable(field, keep, gone).update(**{field.name: keep}):
            moved[str(field.model._meta.verbose_name)] = moved.get(str(field.model._meta.verbose_name), 0) + count
    for child in gone.children.all():
        child.parent = keep
        child.save()
    _leave(keep, gone)
    names = {"name": gone.name, "short_name": gone.short_name}
    record("unit.merged", keep, by=by, before=names, after=moved, note=f"并入：{gone.name}")
    record("unit.merged_away", gone, by=by, note=f"并入：{keep.name}")
    return moved


def fields_to(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    """Every foreign key of the program that points at `model`, those without a way back and of many-to-many included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and isinstance(relation.field, models.ForeignKey):
            yield relation.field


def movable(field: models.ForeignKey[Any, Any], keep: Unit, gone: Unit) -> models.QuerySet[Any]:
    """The rows of `gone` that `keep` can have: all but those of which it has its own by a rule of uniqueness."""
    manager = field.model._base_manager
    rows = manager.filter(**{field.name: gone})
    for names in unique_sets(field.model):
        if field.name in names:
            others = {name: OuterRef(name) for name in names if name != field.name}
            rows = rows.filter(~Exists(manager.filter(**{field.name: keep}, **others)))
    return rows


def unique_sets(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The sets of fields of which a table holds each value once."""
    yield from ((field.name,) for field in model._meta.concrete_fields if field.unique)
    yield from (tuple(names) for names in model._meta.unique_together)
    yield from (tuple(rule.fields) for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint))


def _leave(keep: Unit, gone: Unit) -> None:
    """What only one unit may bear goes over, papers that print the old names mean the new, and the old entry rests."""
    for name in filter(None, (gone.name, gone.short_name)):
        if name_key(name) != name_key(keep.name):
            UnitAlias.objects.get_or_create(
                region=keep.region, key=name_key(name), defaults={"name": name, "unit": keep, "learned": True}
            )
    code, gone.credit_code, gone.is_active = gone.credit_code, None, False
    if code and keep.credit_code:
        gone.credit_code = code
    gone.save()
    if code and not keep.credit_code:
        keep.credit_code = code
        keep.save()
