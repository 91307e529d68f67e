"""From the names that a plan prints to the units of the directory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz, process

from units.models import Region, Unit, UnitAlias, UnitGroup
from units.names import name_key

LEVEL_WORDS = {"province": "省", "city": "市", "county": "县"}
_SUFFIX = re.compile(r"(管理)?(部门|委员会|办公室|局|厅|委|办|队)$")
_LEVEL = re.compile(r"^(全?省|全?市|全?县|全?区|州|旗)(?!.?政府)")
PROPOSALS = 5
CUT_OFF = 55
SAME_STEM = 95.0
"""The score of a name that is the same but for its level and its kind of office."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit or a group that a printed name may mean; `score` from 0 to 100, `reason` in words for a person."""

    unit: int | None
    group: int | None
    label: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """What the directory knows of one printed name: `certain` when a name or an alias agrees exactly."""

    name: str
    certain: Candidate | None
    proposals: tuple[Candidate, ...]


def stem(name: str) -> str:
    """Cut the level word in front and the kind of office behind: 县应急管理局 and 应急部门 both become 应急."""
    key = _LEVEL.sub("", name_key(name))
    return _SUFFIX.sub("", key) or key


def own_names(unit: Unit) -> Iterator[str]:
    """Yield the names that a unit has by itself: full, short, and as papers of its region print it.

    A county's paper prints 县应急管理局 for the body whose full name begins with the county's own name, and before the
    short name 县应急局 the county's.
    """
    yield unit.name
    if unit.short_name:
        yield unit.short_name
    region = unit.region
    level = LEVEL_WORDS.get(region.level)
    for prefix in filter(None, (region.name, region.short_name)):
        if level and unit.name.startswith(prefix) and len(unit.name) > len(prefix) + 1:
            yield (region.name[-1] if region.name[-1] in "省市县区州旗" else level) + unit.name.removeprefix(prefix)
    if level and unit.short_name.startswith(region.name[-1]):
        yield region.name + unit.short_name[1:]


def in_directory(region: Region) -> Q:
    """Build the condition that a row belongs to what papers of a region may name: the region itself, those above it."""
    codes = (region.code[:2] + "0000", region.code[:4] + "00", region.code[:6])
    return Q(region__code__startswith=region.prefix) | Q(region_id__in=[code for code in codes if code != region.code])


class Directory:
    """The names of a region's units and groups, and of the regions above it, read once (4 queries)."""

    def __init__(self, region: Region) -> None:
        here = in_directory(region)
        self.exact: dict[str, Candidate] = {}
        units = Unit.objects.filter(here, is_active=True).select_related("region").order_by("-region_id", "pk")
        for group in UnitGroup.objects.filter(here):
            self._add(group.name, Candidate(None, group.pk, group.name, 100, "与单位组名称一致"))
        labels: dict[int, str] = {}
        for unit in units:
            labels[unit.pk] = unit.name
            for name in own_names(unit):
                self._add(name, Candidate(unit.pk, None, unit.name, 100, "与单位名称一致"))
        for alias in UnitAlias.objects.filter(here).select_related("group").order_by("-region_id"):
            label = labels.get(alias.unit_id) if alias.unit_id else alias.group.name if alias.group else None
            if label:
                self._add(alias.name, Candidate(alias.unit_id, alias.group_id, label, 100, f"与别名“{alias.name}”一致"))
        self.keys = list(self.exact)
        self.stems: dict[str, list[str]] = {}
        for key in self.keys:
            self.stems.setdefault(stem(key), []).append(key)

    def _add(self, name: str, candidate: Candidate) -> None:
        self.exact.setdefault(name_key(name), candidate)

    def match(self, name: str, *others: str) -> Match:
        """Match a printed name, or its completed forms in `others`, and propose what is near when none agrees."""
        for form in (*others, name):
            if certain := self.exact.get(name_key(form)):
                return Match(name, certain, ())
        return Match(name, None, tuple(self._proposals(others[0] if others else name)))

    def _proposals(self, name: str) -> Iterator[Candidate]:
        key = name_key(name)
        seen: set[tuple[int | None, int | None]] = set()
        ranked: list[tuple[str, float, str]] = [
            (same, SAME_STEM, "去掉级别和机构后缀后相同") for same in self.stems.get(stem(name), ())
        ]
        ranked += [
            (near, score, f"字面相似{score:.0f}%")
            for near, score, _ in process.extract(
                key, self.keys, scorer=fuzz.WRatio, limit=PROPOSALS * 3, score_cutoff=CUT_OFF
            )
        ]
        for near, score, reason in ranked:
            found = self.exact[near]
            if (found.unit, found.group) not in seen and len(seen) < PROPOSALS:
                seen.add((found.unit, found.group))
                yield Candidate(found.unit, found.group, found.label, round(score, 1), reason)


def match_names(names: Iterable[tuple[str, ...]], *, region: Region) -> list[Match]:
    """Match printed names, each given with its completed forms after it, against a region's directory."""
    directory = Directory(region)
    return [directory.match(*forms) for forms in names]
