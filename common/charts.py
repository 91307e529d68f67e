"""Geometry of the drawings that templates print as SVG: lines, bars and the time line of a campaign's stages.

Everything here is arithmetic on numbers and dates; words and colours belong to the templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, log10
from typing import Literal

WIDTH, HEIGHT = 440, 210
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 14, 26


@dataclass(frozen=True)
class Series:
    """A named row of readings, one for each label of the chart; `None` where nothing was read."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis at `at` (pixels) with its text."""

    at: float
    text: str


@dataclass(frozen=True)
class Bar:
    """One bar, with the words that a reader gets on pointing at it."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class DrawnSeries:
    """A series in pixels: `lines` holds one polyline for each stretch without a gap."""

    name: str
    number: int
    lines: list[str]
    dots: list[Dot]
    bars: list[Bar]
    values: list[str]


@dataclass(frozen=True)
class Chart:
    """A chart ready to print. `rows` is the same numbers as a table: label first, then one cell per series."""

    title: str
    unit: str
    kind: Literal["line", "bar"]
    labels: list[str]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    series: list[DrawnSeries]
    target: Tick | None
    rows: list[list[str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def number_in_words(value: float | None) -> str:
    """A number as tables print it: thousands parted, no needless decimals; a dash for nothing."""
    if value is None:
        return "—"
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _scale(values: list[float]) -> tuple[float, float, float]:
    """Lowest, highest and step of an axis with four to six round marks that holds zero and every value."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        high = low + 1.0
    rough = (high - low) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    return floor(low / step) * step, ceil(high / step) * step, step


def draw_chart(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    kind: Literal["line", "bar"] = "line",
    unit: str = "",
    target: float | None = None,
) -> Chart:
    """Lay out a line or bar chart; every series must be as long as `labels` (else ValueError)."""
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(labels)} labels")
    known = [float(value) for one in series for value in one.values if value is not None]
    low, high, step = _scale(known + ([float(target)] if target is not None else []))
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    slot = inner_width / max(len(labels), 1)

    def y_of(value: float) -> float:
        return round(TOP + inner_height * (high - value) / (high - low), 1)

    def x_of(index: int) -> float:
        return round(LEFT + slot * (index + 0.5), 1)

    drawn = []
    bar_width = min(slot * 0.7 / max(len(series), 1), 36)
    for number, one in enumerate(series):
        lines: list[list[str]] = [[]]
        dots, bars = [], []
        for index, value in enumerate(one.values):
            if value is None:
                lines.append([])
                continue
            words = f"{labels[index]} {one.name} {number_in_words(value)}{unit}"
            x, y = x_of(index), y_of(float(value))
            if kind == "line":
                lines[-1].append(f"{x},{y}")
                dots.append(Dot(x, y, words))
            else:
                left = x + (number - len(series) / 2) * bar_width
                zero = y_of(0)
                bars.append(Bar(round(left, 1), min(y, zero), round(bar_width - 1, 1), round(abs(zero - y), 1), words))
        drawn.append(
            DrawnSeries(
                name=one.name,
                number=number % 4,
                lines=[" ".join(points) for points in lines if len(points) > 1],
                dots=dots,
                bars=bars,
                values=[number_in_words(value) for value in one.values],
            )
        )
    longest = max((len(label) for label in labels), default=1)
    every = max(1, ceil(longest * 12 / slot)) if labels else 1
    marks = round((high - low) / step)
    return Chart(
        title=title,
        unit=unit,
        kind=kind,
        labels=list(labels),
        x_ticks=[Tick(x_of(index), label) for index, label in enumerate(labels) if index % every == 0],
        y_ticks=[Tick(y_of(low + step * n), number_in_words(round(low + step * n, 6))) for n in range(marks + 1)],
        series=drawn,
        target=None if target is None else Tick(y_of(float(target)), number_in_words(target)),
        rows=[[label, *[one.values[index] for one in drawn]] for index, label in enumerate(labels)],
    )


@dataclass(frozen=True)
class Stretch:
    """A named span of days, both ends included."""

    name: str
    starts: date
    ends: date
    note: str = ""


@dataclass(frozen=True)
class DrawnStretch:
    name: str
    starts: date
    ends: date
    note: str
    x: float
    width: float
    when: Literal["past", "now", "future"]


@dataclass(frozen=True)
class Timeline:
    """Stages on one line, in hundredths of its length; `today` is None outside it."""

    stretches: list[DrawnStretch] = field(default_factory=list)
    starts: date | None = None
    ends: date | None = None
    today: float | None = None
    on: date | None = None

    @property
    def anchor(self) -> str:
        """On which side of today's mark its words stand, so that they stay inside the line."""
        at = self.today or 0
        return "start" if at < 15 else "end" if at > 85 else "middle"


def draw_timeline(stretches: Sequence[Stretch], today: date) -> Timeline:
    """Lay stages out between the first start and the last end; overlapping stages are drawn over each other."""
    if not stretches:
        return Timeline()
    first, last = min(one.starts for one in stretches), max(one.ends for one in stretches)
    days = (last - first).days + 1

    def hundredths(day_count: int) -> float:
        return round(100 * day_count / days, 2)

    def when(one: Stretch) -> Literal["past", "now", "future"]:
        return "past" if one.ends < today else "future" if one.starts > today else "now"

    return Timeline(
        stretches=[
            DrawnStretch(
                name=one.name,
                starts=one.starts,
                ends=one.ends,
                note=one.note,
                x=hundredths((one.starts - first).days),
                width=round(max(hundredths((one.ends - one.starts).days + 1) - 0.3, 0.3), 2),
                when=when(one),
            )
            for one in stretches
        ],
        starts=first,
        ends=last,
        today=hundredths((today - first).days) if first <= today <= last else None,
        on=today,
    )
