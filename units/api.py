"""Regions, units, their groups and the calendar as other systems see them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.api import Part, Resource, Told, columns
from common.models import CalendarDay
from units.filters import GroupFilterSet, RegionFilterSet, UnitFilterSet
from units.models import Region, Unit, UnitAlias, UnitGroup

REGIONS = Resource("regions", "行政区划", Region, columns("code", "name", "short_name"), filters=RegionFilterSet)
UNITS = Resource(
    "units",
    "单位",
    Unit,
    columns("id", "kind", "name", "short_name", "credit_code", "is_active", region="region_id", parent="parent_id"),
    parts={
        "aliases": Part("别名", UnitAlias, "unit_id", columns("id", "name")),
        "tags": Part("标记", Unit.tags.through, "unit_id", columns(tag="unittag__name")),
    },
    filters=UnitFilterSet,
)


class MemberTold(serializers.Serializer[Any]):
    """一个成员单位。"""

    unit = serializers.IntegerField(help_text="单位（编号）")
    name = serializers.CharField(help_text="单位名称")


GROUPS = Resource(
    "unit-groups",
    "单位组",
    UnitGroup,
    columns("id", "name", "kinds", region="region_id"),
    parts={
        "tags": Part("须有的标记", UnitGroup.tags.through, "unitgroup_id", columns(tag="unittag__name")),
        "extra_members": Part("另加单位", UnitGroup.extra_members.through, "unitgroup_id", columns(unit="unit_id")),
    },
    told={
        "members": Told(
            "今天的成员",
            MemberTold,
            lambda group: [{"unit": pk, "name": name} for pk, name in group.members().values_list("pk", "name")],
            many=True,
        )
    },
    filters=GroupFilterSet,
    under="units",
)
CALENDAR = Resource("calendar", "工作日历", CalendarDay, columns("id", "date", "kind", "name", "source"))
RESOURCES = (REGIONS, UNITS, GROUPS, CALENDAR)
