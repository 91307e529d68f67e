"""Risks in four colours: the areas of a mine, what may happen in each, and the drawing that shows both."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.models import Evidence
from hazards import transitions
from hazards.querysets import AreaQuerySet, RiskQuerySet
from units.models import Region, Unit, User

GRID_WIDTH, GRID_HEIGHT = 24, 16
"""The drawing of a mine, in squares: every plan fits this sheet, whatever its scale."""
SMALLEST = 2
"""The least width and height of an area, in squares, so that its number can be read on a phone."""


class RiskMap(models.Model):
    """The drawing of one mine, with the plan that may lie behind its areas."""

    mine = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="risk_map", verbose_name="矿山")
    county = CountyField("mine__region")
    background = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="底图"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "风险分布图"

    def __str__(self) -> str:
        return f"{self.mine.name}风险分布图"

    def get_absolute_url(self) -> str:
        return reverse("hazards:mine_risks", args=[self.mine_id])


class MineArea(models.Model):
    """A part of a mine by its name, and where it lies on the drawing: in squares from the upper left corner.

    An area without a place (all four empty) is in the list and not on the drawing.
    """

    mine = models.ForeignKey(Unit, models.PROTECT, related_name="areas", verbose_name="矿山")
    county = CountyField("mine__region")
    name = models.CharField("区域", max_length=60)
    x = models.PositiveSmallIntegerField("左边", null=True, blank=True)
    y = models.PositiveSmallIntegerField("上边", null=True, blank=True)
    width = models.PositiveSmallIntegerField(
        "宽", null=True, blank=True, validators=[MinValueValidator(SMALLEST), MaxValueValidator(GRID_WIDTH)]
    )
    height = models.PositiveSmallIntegerField(
        "高", null=True, blank=True, validators=[MinValueValidator(SMALLEST), MaxValueValidator(GRID_HEIGHT)]
    )

    objects: ClassVar[Any] = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["mine", "pk"]
        verbose_name = verbose_name_plural = "区域"
        constraints = [
            models.UniqueConstraint(fields=["mine", "name"], name="area_name_once_in_a_mine"),
            models.CheckConstraint(
                condition=Q(x=None, y=None, width=None, height=None)
                | Q(
                    x__lte=GRID_WIDTH - F("width"),
                    y__lte=GRID_HEIGHT - F("height"),
                    width__gte=SMALLEST,
                    height__gte=SMALLEST,
                ),
                name="area_lies_on_the_drawing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """Left, top, width and height in squares; None off the drawing."""
        if self.x is None or self.y is None or self.width is None or self.height is None:
            return None
        return self.x, self.y, self.width, self.height

    @property
    def is_placed(self) -> bool:
        return self.box is not None


class AccidentType(models.TextChoices):
    """The kinds of accidents of GB 6441-1986, table 1."""

    STRUCK = "01", "物体打击"
    VEHICLE = "02", "车辆伤害"
    MACHINE = "03", "机械伤害"
    LIFTING = "04", "起重伤害"
    ELECTRICITY = "05", "触电"
    DROWNING = "06", "淹溺"
    BURNS = "07", "灼烫"
    FIRE = "08", "火灾"
    FALL = "09", "高处坠落"
    COLLAPSE = "10", "坍塌"
    ROOF = "11", "冒顶片帮"
    WATER = "12", "透水"
    BLASTING = "13", "放炮"
    EXPLOSIVES = "14", "火药爆炸"
    GAS = "15", "瓦斯爆炸"
    BOILER = "16", "锅炉爆炸"
    VESSEL = "17", "容器爆炸"
    OTHER_EXPLOSION = "18", "其他爆炸"
    POISONING = "19", "中毒和窒息"
    OTHER = "20", "其他伤害"


class Risk(models.Model):
    """Something that may happen in an area of a mine, how grave it is, and what holds it down.

    The four levels and their colours are those of the double prevention mechanism (安委办〔2016〕11号).
    """

    class Level(models.TextChoices):
        MAJOR = "major", "重大风险"
        LARGER = "larger", "较大风险"
        GENERAL = "general", "一般风险"
        LOW = "low", "低风险"

    COLOURS: ClassVar = {"major": "红", "larger": "橙", "general": "黄", "low": "蓝"}
    """Level → the word of its colour; the order is from the gravest."""

    class State(models.TextChoices):
        IN_FORCE = "in_force", "管控中"
        LIFTED = "lifted", "已解除"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    area = models.ForeignKey(MineArea, models.PROTECT, related_name="risks", verbose_name="区域")
    name = models.CharField("风险点", max_length=100)
    description = models.TextField("风险描述")
    level = models.CharField("风险等级", max_length=8, choices=Level.choices)
    accident_types = models.JSONField("可能的事故", default=list, blank=True)
    measures = models.TextField("管控措施")
    responsible_unit = models.CharField("责任部门", max_length=100, blank=True)
    responsible_person = models.CharField("责任人", max_length=40)
    review_on = models.DateField("应复评日期")
    reviewed_on = models.DateField("上次评估", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.IN_FORCE)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    moves: ClassVar = transitions.RISK_MOVES
    objects: ClassVar[Any] = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "安全风险"
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="risk_name_once_in_an_area")]
        indexes = [models.Index(fields=["state", "review_on"]), models.Index(fields=["level", "state"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hazards:risk", args=[self.pk])

    @property
    def colour(self) -> str:
        """红, 橙, 黄 or 蓝."""
        return self.COLOURS[self.level]

    @property
    def accidents(self) -> str:
        """The kinds of accidents in words, as a table prints them."""
        labels = dict(AccidentType.choices)
        return "、".join(str(labels[code]) for code in self.accident_types if code in labels)

    @property
    def is_overdue(self) -> bool:
        """Whether the review is past its day; `RiskQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state == Risk.State.IN_FORCE and self.review_on < day

    def relations_of(self, user: User) -> frozenset[str]:
        return relations_to_mine(user, self.area.mine)


def relations_to_mine(user: User, mine: Unit) -> frozenset[str]:
    """Who keeps a mine's risks: the people of the mine itself (`mine`) and of its bureau (`bureau`)."""
    found = set()
    if user.reports and user.unit_id == mine.pk:
        found.add("mine")
    if user.reviews and user.unit is not None and mine.region_id.startswith(user.unit.region.prefix):
        found.add("bureau")
    return frozenset(found)
