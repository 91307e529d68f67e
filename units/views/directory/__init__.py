"""Pages of the directory: units, groups, regions and tags."""

from units.views.directory.access import ForKeepers, ForReaders
from units.views.directory.groups import GroupAct, GroupChange, GroupCreate, GroupList, GroupPage
from units.views.directory.regions import RegionCreate, RegionList, TagCreate, TagList
from units.views.directory.units import AliasDelete, UnitAct, UnitChange, UnitCreate, UnitList, UnitMerge, UnitPage

__all__ = [
    "AliasDelete",
    "ForKeepers",
    "ForReaders",
    "GroupAct",
    "GroupChange",
    "GroupCreate",
    "GroupList",
    "GroupPage",
    "RegionCreate",
    "RegionList",
    "TagCreate",
    "TagList",
    "UnitAct",
    "UnitChange",
    "UnitCreate",
    "UnitList",
    "UnitMerge",
    "UnitPage",
]
