"""Regions and units as other systems see them."""

from __future__ import annotations

from common.api import Resource, columns
from units.filters import RegionFilterSet, UnitFilterSet
from units.models import Region, Unit

REGIONS = Resource("regions", "行政区划", Region, columns("code", "name", "short_name"), filters=RegionFilterSet)
UNITS = Resource(
    "units",
    "单位",
    Unit,
    columns("id", "kind", "name", "short_name", "credit_code", "is_active", region="region_id", parent="parent_id"),
    filters=UnitFilterSet,
)
RESOURCES = (REGIONS, UNITS)
