"""The drawing of a mine's areas in the colours of their risks, as geometry that a template prints as SVG."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count
from django.urls import reverse

from hazards.models import Hazard, MineArea, Risk, RiskMap
from hazards.models.risks import GRID_HEIGHT, GRID_WIDTH
from units.models import Unit, User

SQUARE = 40
"""Pixels of a square of the grid."""
LINE, LETTER, EDGE = 21, 17, 10
"""Height of a line, width of a Chinese letter and the margin inside an area, in pixels."""


@dataclass(frozen=True)
class Line:
    """One line of text at its base line."""

    y: int
    text: str


@dataclass(frozen=True)
class DrawnArea:
    """One area with its numbers; `level` is that of its gravest risk, empty without any. `x` is None off the drawing."""

    number: int
    name: str
    url: str
    level: str
    colour: str
    counts: dict[str, int]
    late: int
    hazards: int
    x: int | None = None
    y: int = 0
    width: int = 0
    height: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def middle(self) -> tuple[int, int]:
        """Where the number stands on a phone, which has no room for words."""
        return (self.x or 0) + self.width // 2, self.y + self.height // 2

    @property
    def in_words(self) -> str:
        """What a reader gets on pointing at the area."""
        told = "、".join(f"{Risk.Level(level).label}{count}项" for level, count in self.counts.items() if count)
        hazards = f"；未销号隐患{self.hazards}条" if self.hazards else ""
        return f"{self.number} {self.name}：{told or '没有登记风险'}{hazards}"


@dataclass(frozen=True)
class DrawnMap:
    """A mine's drawing, and the same numbers as a table."""

    mine: Unit
    areas: list[DrawnArea]
    background: str = ""
    width: int = GRID_WIDTH * SQUARE
    height: int = GRID_HEIGHT * SQUARE

    @property
    def placed(self) -> list[DrawnArea]:
        return [area for area in self.areas if area.x is not None]

    @property
    def totals(self) -> dict[str, int]:
        return {level: sum(area.counts[level] for area in self.areas) for level in Risk.COLOURS}

    @property
    def late(self) -> int:
        return sum(area.late for area in self.areas)

    @property
    def hazards(self) -> int:
        return sum(area.hazards for area in self.areas)


def draw_maps(mines: Sequence[Unit], user: User) -> list[DrawnMap]:
    """The drawings of several mines, in five queries however many they are."""
    areas = MineArea.objects.visible_to(user).filter(mine__in=mines).order_by("pk")
    in_sight = Risk.objects.visible_to(user).filter(area__mine__in=mines)
    levels: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for area, level, count in in_sight.in_force().order_by().values_list("area", "level").annotate(count=Count("pk")):
        levels[area][level] = count
    late = dict(in_sight.overdue().order_by().values_list("area").annotate(count=Count("pk")))
    hazards = dict(
        Hazard.objects.visible_to(user)
        .filter(area__mine__in=mines)
        .exclude(state__in=("closed", "void"))
        .order_by()
        .values_list("area")
        .annotate(count=Count("pk"))
    )
    backgrounds = {
        drawing.mine_id: drawing.background.get_absolute_url()
        for drawing in RiskMap.objects.filter(mine__in=mines).select_related("background")
        if drawing.background is not None
    }
    of_mine: defaultdict[int, list[MineArea]] = defaultdict(list)
    for area_row in areas:
        of_mine[area_row.mine_id].append(area_row)
    return [
        DrawnMap(
            mine,
            [
                draw_area(number, area, levels[area.pk], late.get(area.pk, 0), hazards.get(area.pk, 0))
                for number, area in enumerate(of_mine[mine.pk], start=1)
            ],
            backgrounds.get(mine.pk, ""),
        )
        for mine in mines
    ]


def draw_area(number: int, area: MineArea, levels: Counter[str], late: int, hazards: int) -> DrawnArea:
    """One area in pixels, its name broken into lines that fit inside."""
    gravest = next((level for level in Risk.COLOURS if levels[level]), "")
    drawn = DrawnArea(
        number=number,
        name=area.name,
        url=reverse("hazards:area", args=[area.pk]),
        level=gravest,
        colour=Risk.COLOURS.get(gravest, ""),
        counts={level: levels[level] for level in Risk.COLOURS},
        late=late,
        hazards=hazards,
    )
    if area.box is None:
        return drawn
    x, y, width, height = (side * SQUARE for side in area.box)
    told = [f"{drawn.colour}　风险{sum(levels.values())}" if gravest else "没有登记风险"]
    if hazards:
        told.append(f"隐患{hazards}")
    texts = fit(f"{number} {area.name}", told, width - 2 * EDGE, (height - 2 * EDGE) // LINE)
    lines = [Line(y + EDGE + LINE * place - 5, text) for place, text in enumerate(texts, start=1)]
    return replace(drawn, x=x, y=y, width=width, height=height, lines=lines)


def fit(name: str, told: Iterable[str], width: int, rows: int) -> list[str]:
    """The name over as many lines as there are, then what is told of the area where room is left."""
    room = max(1, width // LETTER)
    pieces = [name[start : start + room] for start in range(0, len(name), room)]
    rest = [text for text in told if len(text) <= room]
    keep = max(1, rows - len(rest)) if len(pieces) + len(rest) > rows else len(pieces)
    if keep < len(pieces):
        pieces = [*pieces[: keep - 1], pieces[keep - 1][: room - 1] + "…"]
    return [*pieces, *rest][: max(1, rows)]
