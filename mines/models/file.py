"""What a mine is: its kind, what nature made dangerous in it, whether it produces, and whether the file is right."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mines import transitions
from mines.querysets import ConfirmationQuerySet, MineQuerySet, ProposalQuerySet
from units.models import Role, Unit, User


class MineType(models.TextChoices):
    """The kinds that the catalogues of major hazards tell apart."""

    COAL_UNDERGROUND = "coal_underground", "井工煤矿"
    COAL_OPEN_PIT = "coal_open_pit", "露天煤矿"
    NONCOAL_UNDERGROUND = "noncoal_underground", "金属非金属地下矿山"
    NONCOAL_OPEN_PIT = "noncoal_open_pit", "金属非金属露天矿山"
    TAILINGS_POND = "tailings_pond", "尾矿库"


class GasGrade(models.TextChoices):
    """The grades of coal mines by gas (《煤矿瓦斯等级鉴定办法》)."""

    LOW = "low", "低瓦斯"
    HIGH = "high", "高瓦斯"
    OUTBURST = "outburst", "煤与瓦斯突出"


class WaterGrade(models.TextChoices):
    """The hydrogeological types (《煤矿防治水细则》)."""

    SIMPLE = "simple", "简单"
    MEDIUM = "medium", "中等"
    COMPLEX = "complex", "复杂"
    EXTREME = "extreme", "极复杂"


class SelfIgnition(models.TextChoices):
    """How readily the seam takes fire by itself (《煤矿防灭火细则》)."""

    EASY = "easy", "容易自燃"
    PRONE = "prone", "自燃"
    HARD = "hard", "不易自燃"


class RockBurst(models.TextChoices):
    NONE = "none", "无冲击地压"
    WEAK = "weak", "弱冲击"
    STRONG = "strong", "强冲击"


class Mine(models.Model):
    """What a unit of the kind mine is as a mine. Its state is changed by `mines/transitions.py` and nothing else."""

    class State(models.TextChoices):
        PRODUCING = "producing", "正常生产"
        BUILDING = "building", "建设"
        SUSPENDED = "suspended", "停产停建"
        CLOSING = "closing", "关闭（闭库）中"
        CLOSED = "closed", "已关闭"

    GRADES: ClassVar = [("1", "一级"), ("2", "二级"), ("3", "三级"), ("none", "未达标")]
    POND_GRADES: ClassVar = [("1", "一等库"), ("2", "二等库"), ("3", "三等库"), ("4", "四等库"), ("5", "五等库")]

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="mine", verbose_name="单位")
    mine_type = models.CharField("矿山类型", max_length=24, choices=MineType.choices)
    mineral = models.CharField("矿种", max_length=40, blank=True)
    capacity = models.DecimalField(
        "生产能力（万吨/年）",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    mining_method = models.CharField("开采方式", max_length=100, blank=True)
    gas_grade = models.CharField("瓦斯等级", max_length=10, choices=GasGrade.choices, blank=True)
    water_grade = models.CharField("水文地质类型", max_length=10, choices=WaterGrade.choices, blank=True)
    self_ignition = models.CharField("煤层自燃倾向", max_length=10, choices=SelfIgnition.choices, blank=True)
    rock_burst = models.CharField("冲击地压", max_length=10, choices=RockBurst.choices, blank=True)
    pond_grade = models.CharField("尾矿库等别", max_length=2, choices=POND_GRADES, blank=True)
    supervising_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="supervised_mines", verbose_name="日常监管主体"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    longitude = models.DecimalField(
        "经度",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(73), MaxValueValidator(136)],
    )
    latitude = models.DecimalField(
        "纬度",
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(3), MaxValueValidator(54)],
    )
    duty_phone = models.CharField("值班电话", max_length=40, blank=True)
    state = models.CharField("生产状态", max_length=10, choices=State.choices, default=State.PRODUCING)
    former_state = models.CharField("停产前状态", max_length=10, choices=State.choices, blank=True)
    state_since = models.DateField("状态起始日期", null=True, blank=True)
    grade = models.CharField("标准化等级", max_length=4, choices=GRADES, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    moves: ClassVar = transitions.MINE_MOVES
    objects: ClassVar[Any] = MineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "矿山"
        indexes = [models.Index(fields=["state"]), models.Index(fields=["mine_type"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="mine_has_both_coordinates",
            )
        ]

    def __str__(self) -> str:
        return self.unit.name

    def get_absolute_url(self) -> str:
        return reverse("mines:mine", args=[self.pk])

    @property
    def is_suspended(self) -> bool:
        return self.state == self.State.SUSPENDED

    @property
    def is_at_work(self) -> bool:
        """Whether the mine produces or builds."""
        return self.state in (self.State.PRODUCING, self.State.BUILDING)

    def relations_of(self, user: User) -> frozenset[str]:
        return relations_to(user, self.unit)


def relations_to(user: User, unit: Unit) -> frozenset[str]:
    """What a user is to a mine: of the mine itself (`mine`), its head (`head`), of its bureau (`bureau`, `admin`).

    `leader` is who answers for the mine by name (one query, and only for accounts of leaders).
    """
    found = set()
    if user.reports and user.unit_id == unit.pk:
        found.add("mine")
        if user.role == Role.MINE_HEAD:
            found.add("head")
    if user.reviews and user.unit is not None and unit.region_id.startswith(user.unit.region.prefix):
        found.add("bureau")
        if user.role == Role.BUREAU_ADMIN:
            found.add("admin")
    if user.role == Role.LEADER and user.unit is not None:
        from mines.models import ResponsibleLeader

        if ResponsibleLeader.objects.filter(mine=unit.pk, account=user, until=None).exists():
            found.add("leader")
    return frozenset(found)


class ProductionSpan(models.Model):
    """From a day on a mine was in a state, and by which paper; the next span of the mine ends it."""

    mine = models.ForeignKey(Mine, models.CASCADE, related_name="spans", verbose_name="矿山")
    state = models.CharField("生产状态", max_length=10, choices=Mine.State.choices)
    since = models.DateField("起始日期")
    paper = models.CharField("依据文书", max_length=150, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = "生产状态"

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}起{self.get_state_display()}"


class FileProposal(models.Model):
    """What a mine wants changed in those fields of its file that the bureau keeps."""

    class State(models.TextChoices):
        WAITING = "waiting", "待核定"
        ACCEPTED = "accepted", "已采纳"
        DECLINED = "declined", "未采纳"

    mine = models.ForeignKey(Mine, models.CASCADE, related_name="proposals", verbose_name="矿山")
    changes = models.JSONField("拟改内容")
    """Field → the new value as text; of a choice its key, of a unit its primary key."""
    reason = models.CharField("理由", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    made_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核定人")
    decided_at = models.DateTimeField("核定时间", null=True)
    answer = models.CharField("核定意见", max_length=300, blank=True)

    objects: ClassVar[Any] = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "档案修改申请"

    def __str__(self) -> str:
        return f"{self.mine}档案修改申请"

    def get_absolute_url(self) -> str:
        return reverse("mines:mine", args=[self.mine_id])


class FileConfirmation(models.Model):
    """The mine's word, once a month, that its file is right (动态更新的一矿一册)."""

    mine = models.ForeignKey(Mine, models.CASCADE, related_name="confirmations", verbose_name="矿山")
    month = models.DateField("月份")
    """The first day of the month."""
    due_on = models.DateField("应确认日期")
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    note = models.CharField("说明", max_length=300, blank=True)

    objects: ClassVar[Any] = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        verbose_name = verbose_name_plural = "档案月度确认"
        constraints = [models.UniqueConstraint(fields=["mine", "month"], name="file_confirmed_once_a_month")]
        indexes = [models.Index(fields=["confirmed_on", "due_on"])]

    def __str__(self) -> str:
        return f"{self.mine}{self.month:%Y年%m月}档案确认"

    def get_absolute_url(self) -> str:
        return reverse("mines:mine", args=[self.mine_id])

    @property
    def is_overdue(self) -> bool:
        """Whether the mine is late with its word; `ConfirmationQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.confirmed_on is None and self.due_on < day
