"""The plan as the paper sets it: campaign, stages, sections, tasks, responsible bodies, deadlines, targets."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from common.county import CountyField
from tasks import transitions
from tasks.querysets import CampaignQuerySet, TargetQuerySet, TaskQuerySet
from units.models import Region, Unit, UnitGroup, User


class Level(models.TextChoices):
    NATIONAL = "national", "国家"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"


class Frequency(models.TextChoices):
    WEEK = "week", "每周"
    HALF_MONTH = "half_month", "每半月"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"


class Comparator(models.TextChoices):
    AT_LEAST = ">=", "不低于"
    AT_MOST = "<=", "不超过"
    EQUAL = "=", "等于"


class UnitRole(models.TextChoices):
    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "责任"
    COOPERATING = "cooperating", "配合"


class Campaign(models.Model):
    """A plan in force: who issued it, for when, and everything that it sets. The region is the one that runs it."""

    class State(models.TextChoices):
        ACTIVE = "active", "实施中"
        CLOSED = "closed", "已结束"

    region = models.ForeignKey(Region, models.PROTECT, related_name="campaigns", verbose_name="实施地区")
    title = models.CharField("名称", max_length=200)
    document_number = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("印发单位", max_length=100, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    start = models.DateField("开始", null=True, blank=True)
    end = models.DateField("结束", null=True, blank=True)
    level = models.CharField("级别", max_length=10, choices=Level.choices, default=Level.COUNTY)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE)
    protection_measures = models.JSONField("保障措施", default=list, blank=True)
    note = models.TextField("说明", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    moves: ClassVar = transitions.CAMPAIGN_MOVES
    objects: ClassVar[Any] = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "-pk"]
        verbose_name = verbose_name_plural = "专项行动"
        indexes = [models.Index(fields=["region", "state"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tasks:campaign", args=[self.pk])

    def relations_of(self, user: User) -> frozenset[str]:
        if user.reviews and user.unit and self.region_id.startswith(user.unit.region.prefix):
            return frozenset({"reviewer"})
        return frozenset()


class Stage(models.Model):
    """A dated phase of a campaign. `start` is empty where the paper says from now on."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stages")
    county = CountyField("campaign__region")
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("阶段", max_length=100)
    start = models.DateField("开始", null=True, blank=True)
    end = models.DateField("结束", null=True, blank=True)
    text = models.TextField("原文", blank=True)

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = verbose_name_plural = "阶段"

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A heading above tasks, nested as in the paper."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="sections")
    county = CountyField("campaign__region")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField("顺序")
    depth = models.PositiveSmallIntegerField("层级", default=0)
    title = models.CharField("标题", max_length=300)

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = verbose_name_plural = "章节"

    def __str__(self) -> str:
        return self.title

    def path_titles(self) -> list[str]:
        """The headings from the outermost down to this one."""
        return [*(self.parent.path_titles() if self.parent else []), self.title]


class Task(models.Model):
    """One numbered duty with its printed text, or a parent that only gathers its parts (`is_parent`).

    `ref` is the plan's own numbering (3.2.4). A task that a revised paper no longer holds is withdrawn, never deleted.
    What was added besides the paper (`is_added`), such as a meeting's decision, stays when the paper is revised.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    county = CountyField("campaign__region")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="tasks")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField("顺序")
    ref = models.CharField("编号", max_length=40)
    number = models.CharField("原文序号", max_length=40, blank=True)
    title = models.CharField("标题", max_length=300, blank=True)
    text = models.TextField("任务内容", blank=True)
    responsibility_text = models.TextField("责任原文", blank=True)
    deadline_text = models.TextField("完成时限", blank=True)
    is_parent = models.BooleanField(default=False)
    is_ongoing = models.BooleanField("长期坚持", default=False)
    units_open = models.BooleanField("责任单位含“等”", default=False)
    source_span = models.JSONField("原文位置", null=True, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    is_added = models.BooleanField("方案以外增加", default=False)

    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = verbose_name_plural = "任务"
        indexes = [models.Index(fields=["campaign", "section", "position"])]

    def __str__(self) -> str:
        return self.heading

    def get_absolute_url(self) -> str:
        return reverse("tasks:task", args=[self.pk])

    @property
    def heading(self) -> str:
        """What to call the task in a list: its title, or the beginning of its text."""
        return self.title or (self.text[:38] + "…" if len(self.text) > 40 else self.text)

    @property
    def printed(self) -> str:
        """Title and text as one paragraph."""
        return f"{self.title}。{self.text}" if self.title and self.text else self.title or self.text

    @property
    def printed_units(self) -> str:
        """The responsible bodies as the paper names them, by role where it tells roles apart."""
        names: dict[str, list[str]] = {}
        for body in self.responsibilities.all():
            names.setdefault(body.role, []).append(body.printed_name)
        if set(names) <= {UnitRole.RESPONSIBLE}:
            return "、".join(names.get(UnitRole.RESPONSIBLE, []))
        return "；".join(
            f"{UnitRole(role).label}：{'、'.join(names[role])}" for role in UnitRole.values if role in names
        )


class Responsibility(models.Model):
    """One body as the paper prints it beside a task, and the unit or group it stands for (neither, if unmatched)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="responsibilities")
    county = CountyField("task__county")
    position = models.PositiveSmallIntegerField("顺序")
    printed_name = models.CharField("原文名称", max_length=200)
    expanded = models.CharField("补全名称", max_length=200, blank=True)
    role = models.CharField("职责", max_length=12, choices=UnitRole.choices, default=UnitRole.RESPONSIBLE)
    is_collective = models.BooleanField("一类单位", default=False)
    is_blanket = models.BooleanField("全文统一规定", default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="responsibilities")
    group = models.ForeignKey(UnitGroup, models.PROTECT, null=True, blank=True, related_name="responsibilities")

    class Meta:
        ordering = ["task", "position"]
        verbose_name = verbose_name_plural = "责任单位（原文）"

    def __str__(self) -> str:
        return self.printed_name


class Deadline(models.Model):
    """By when: a date, ongoing, or relative to an event; for the whole task, or for the part in `scope`."""

    class Kind(models.TextChoices):
        DATE = "date", "日期"
        ONGOING = "ongoing", "长期坚持"
        RELATIVE = "relative", "相对期限"

    task = models.ForeignKey(Task, models.CASCADE, related_name="deadlines")
    county = CountyField("task__county")
    assignment = models.ForeignKey(
        "tasks.Assignment", models.CASCADE, null=True, blank=True, related_name="own_deadlines"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    date = models.DateField("日期", null=True, blank=True)
    text = models.CharField("原文", max_length=200, blank=True)
    scope = models.CharField("适用部分", max_length=500, blank=True)
    quantity = models.DecimalField("数量", max_digits=14, decimal_places=2, null=True, blank=True)
    quantity_unit = models.CharField("单位", max_length=20, blank=True)
    comparator = models.CharField("比较", max_length=2, choices=Comparator.choices, blank=True)

    class Meta:
        ordering = ["task", "date", "pk"]
        verbose_name = verbose_name_plural = "完成时限"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="date", date__isnull=False)
                | (~models.Q(kind="date") & models.Q(date__isnull=True)),
                name="deadline_has_a_date_when_it_is_one",
            )
        ]

    def __str__(self) -> str:
        return self.text or (self.date.isoformat() if self.date else self.get_kind_display())


class Recurrence(models.Model):
    """A duty that comes back `times` times every period; from `begins_on` where a later paper brought it in."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="recurrences")
    county = CountyField("task__county")
    every = models.CharField("频次", max_length=10, choices=Frequency.choices)
    times = models.PositiveSmallIntegerField("次数", default=1)
    text = models.CharField("原文", max_length=200, blank=True)
    begins_on = models.DateField("起算日期", null=True, blank=True)

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = verbose_name_plural = "周期要求"

    def __str__(self) -> str:
        return f"{self.get_every_display()}{self.times}次" if self.times > 1 else self.get_every_display()


class ReportingDuty(models.Model):
    """Who reports what to whom, how often and by which day, as the campaign's paper sets it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reporting_duties")
    county = CountyField("campaign__region")
    position = models.PositiveSmallIntegerField("顺序")
    what = models.CharField("报送内容", max_length=300)
    reporter = models.CharField("报送单位", max_length=200, blank=True)
    receiver = models.CharField("接收单位", max_length=200, blank=True)
    every = models.CharField("频次", max_length=10, blank=True)
    due = models.CharField("报送日", max_length=40, blank=True)
    text = models.TextField("原文", blank=True)

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = verbose_name_plural = "报送要求"

    def __str__(self) -> str:
        return self.what

    @property
    def when(self) -> str:
        """How often and by which day, in words: 28th of month and 12-05 are day rules of the plan's own shape."""
        every = {"once": "一次", "on_event": "随时"}.get(self.every) or dict(Frequency.choices).get(self.every, "")
        due = self.due
        if due.endswith("th of month"):
            due = f"{due.split('th')[0]}日前"
        elif len(due) == 5 and due[2] == "-":
            due = f"{int(due[:2])}月{int(due[3:])}日前"
        return " ".join(filter(None, (every, due)))


class Target(models.Model):
    """A number to reach, or a state to bring about (`value` empty), of a campaign or of one of its tasks."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    county = CountyField("campaign__region")
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="targets")
    position = models.PositiveSmallIntegerField("顺序")
    text = models.TextField("原文")
    indicator = models.CharField("指标", max_length=200)
    value = models.DecimalField("目标值", max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    comparator = models.CharField("比较", max_length=2, choices=Comparator.choices, blank=True)
    by = models.DateField("期限", null=True, blank=True)

    objects: ClassVar[Any] = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = verbose_name_plural = "目标"

    def __str__(self) -> str:
        return self.indicator

    def is_met_by(self, value: Any) -> bool | None:
        """Whether a reading reaches the target; None where the target is no number."""
        if self.value is None or value is None:
            return None
        return bool(
            value <= self.value
            if self.comparator == "<="
            else value >= self.value
            if self.comparator == ">="
            else value == self.value
        )


class TargetReading(models.Model):
    """What a target stood at on a day. `is_met` is a person's judgement where the target is no number."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="readings")
    county = CountyField("target__county")
    on = models.DateField("日期")
    value = models.DecimalField("数值", max_digits=14, decimal_places=2, null=True, blank=True)
    is_met = models.BooleanField("已达到", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["target", "-on", "-pk"]
        get_latest_by = ["on", "pk"]
        verbose_name = verbose_name_plural = "目标读数"

    def __str__(self) -> str:
        return f"{self.on} {self.value if self.value is not None else ''}"
