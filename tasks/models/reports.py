"""What units report by period: the bureau's rules, one report for each unit and period, its lines and its figures."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.workdays import add_workdays, is_workday
from tasks import transitions
from tasks.models.assignments import Assignment, ProgressEntry, relations
from tasks.models.campaigns import Campaign
from tasks.querysets import ReportingRuleQuerySet, ReportQuerySet
from units.models import Region, Role, Unit, UnitGroup, User


class ReportingRule(models.Model):
    """What the bureau asks of units each period. The paper's own words about it stand in `ReportingDuty`.

    The last day of a report is `due_day` of the month that lies `months_after` the last month of its period: 28 and 0
    is the 28th of the month itself, 5 and 1 the 5th of the next. That holds for stages and the whole campaign as well.
    """

    class Kind(models.TextChoices):
        MONTH = "month", "月报"
        QUARTER = "quarter", "季报"
        HALF_YEAR = "half_year", "半年报"
        YEAR = "year", "年报"
        STAGE = "stage", "阶段总结"
        SUMMARY = "summary", "行动总结"

    class OnDayOff(models.TextChoices):
        PRINTED = "printed", "仍按原定日期"
        BEFORE = "before", "提前到前一个工作日"
        AFTER = "after", "顺延到后一个工作日"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reporting_rules", verbose_name="专项行动")
    county = CountyField("campaign__region")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.MONTH)
    title = models.CharField("报送内容", max_length=100)
    group = models.ForeignKey(
        UnitGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送单位"
    )
    receiver = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="报给")
    due_day = models.PositiveSmallIntegerField(
        "报送日", default=28, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    months_after = models.PositiveSmallIntegerField("期末后第几个月", default=0, validators=[MaxValueValidator(3)])
    on_day_off = models.CharField("遇非工作日", max_length=10, choices=OnDayOff.choices, default=OnDayOff.PRINTED)
    opens_days = models.PositiveSmallIntegerField(
        "提前几天开始填报", default=8, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    begins_on = models.DateField("起始日期", default=timezone.localdate)
    ends_on = models.DateField("截止日期", null=True, blank=True)
    source = models.TextField("依据", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设定人")
    created_at = models.DateTimeField("设定时间", auto_now_add=True)

    objects: ClassVar[Any] = ReportingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "pk"]
        verbose_name = verbose_name_plural = "报送规则"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_day__range=(1, 31)), name="reports_are_due_on_a_day_of_a_month"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tasks:reporting", args=[self.campaign_id])

    @property
    def reporters(self) -> str:
        return self.group.name if self.group else "有责任事项的各单位"

    @property
    def when(self) -> str:
        """The last day in words."""
        last = {"month": "每月", "quarter": "季末月", "half_year": "半年末月", "year": "12月"}
        month = last.get(self.kind, "阶段结束当月" if self.kind == self.Kind.STAGE else "行动结束当月")
        return f"{month if not self.months_after else f'期满后第{self.months_after}个月'}{self.due_day}日前"

    def due_for(self, ends: dt.date) -> dt.date:
        """The last day for the report of a period that ends on `ends`; day 31 of a short month is its last."""
        months = ends.year * 12 + ends.month - 1 + self.months_after
        year, month = divmod(months, 12)
        day = dt.date(year, month + 1, min(self.due_day, calendar.monthrange(year, month + 1)[1]))
        if self.on_day_off == self.OnDayOff.PRINTED or is_workday(day):
            return day
        return add_workdays(day, -1 if self.on_day_off == self.OnDayOff.BEFORE else 1)


class ProgressReport(models.Model):
    """One unit's report for one period of a rule. A correction of an accepted report is a further version of it."""

    class State(models.TextChoices):
        DRAFT = "draft", "填报中"
        SIGNED = "signed", "已签发"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "已退回"
        ACCEPTED = "accepted", "已通过"
        DROPPED = "dropped", "已放弃"

    OPEN = (State.DRAFT, State.RETURNED)
    """States in which the report is written."""
    OWED = (State.DRAFT, State.SIGNED, State.RETURNED)
    """States in which the unit still has to act; only these can be overdue."""
    NARRATIVE = ("progress", "problems", "plans")

    rule = models.ForeignKey(ReportingRule, models.PROTECT, related_name="reports", verbose_name="报送规则")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reports", verbose_name="专项行动")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name="单位")
    period = models.CharField("期间代码", max_length=20)
    label = models.CharField("期间", max_length=120)
    starts = models.DateField("期初")
    ends = models.DateField("期末")
    due_on = models.DateField("应报日期")
    version = models.PositiveSmallIntegerField("版次", default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正的是"
    )
    correction_reason = models.CharField("更正理由", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    progress = models.TextField("进展情况", blank=True)
    problems = models.TextField("存在问题", blank=True)
    plans = models.TextField("下步打算", blank=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField("最近保存", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发经办"
    )
    signed_for = models.CharField("签发负责人", max_length=40, blank=True)
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次报送时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    returned_count = models.PositiveSmallIntegerField("退回次数", default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    moves: ClassVar = transitions.REPORT_MOVES
    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ends", "due_on", "unit__sort_key", "pk"]
        verbose_name = verbose_name_plural = "月报"
        constraints = [
            models.UniqueConstraint(fields=["rule", "unit", "period", "version"], name="one_report_per_version"),
            models.UniqueConstraint(
                fields=["rule", "unit", "period"],
                condition=~models.Q(state__in=["accepted", "dropped"]),
                name="one_open_report_per_unit_and_period",
            ),
            models.CheckConstraint(
                condition=models.Q(version=1) | models.Q(replaces__isnull=False), name="later_version_replaces_one"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"]),
            models.Index(fields=["region", "state", "due_on"]),
            models.Index(fields=["rule", "period", "state"]),
        ]

    def __str__(self) -> str:
        version = f"（第{self.version}版）" if self.version > 1 else ""
        return f"{self.unit}{self.label}{self.rule.get_kind_display()}{version}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:report", args=[self.pk])

    def relations_of(self, user: User) -> frozenset[str]:
        """unit and reviewer as for assignments; signer: the head of the unit where it has an account, else its people."""
        if self.campaign.state != Campaign.State.ACTIVE:
            return frozenset()
        found = set(relations(user, self.unit, self.region_id))
        if "unit" in found:
            if user.role == Role.MINE_HEAD or not has_head(self.unit):
                found.add("signer")
            if self.version > 1:
                found.add("corrector")
        return frozenset(found)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_overdue(self) -> bool:
        """The one rule of lateness; `ReportQuerySet.overdue` says the same in SQL. A correction is never late."""
        return self.version == 1 and self.state in self.OWED and self.due_on < timezone.localdate()

    @property
    def days_late(self) -> int:
        """By how many days the first handing in missed the last day; 0 where it did not, or has not come."""
        if self.first_submitted_at is None or self.version > 1:
            return 0
        return max((timezone.localtime(self.first_submitted_at).date() - self.due_on).days, 0)


def has_head(unit: Unit) -> bool:
    """Whether a mine's head has an account that he uses; a unit without one signs on paper."""
    heads = User.objects.filter(unit=unit, role=Role.MINE_HEAD, is_active=True)
    # An account that was never opened carries an unusable password, which begins with "!".
    return heads.exclude(password__startswith="!").exists()


class ReportEntry(models.Model):
    """What a report says of one assignment; `remark` is what the reviewer marked at the line."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "未开展"
        IN_PROGRESS = "in_progress", "推进中"
        FINISHED = "finished", "已完成"

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="entries")
    county = CountyField("report__region")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="report_entries")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.IN_PROGRESS)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    text = models.TextField("进展情况", blank=True)
    remark = models.CharField("审核意见", max_length=500, blank=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField("最近保存", null=True)
    written = models.OneToOneField(
        ProgressEntry, models.SET_NULL, null=True, blank=True, related_name="report_entry", verbose_name="台账记录"
    )

    class Meta:
        ordering = ["assignment__task__position", "pk"]
        verbose_name = verbose_name_plural = "月报任务进展"
        constraints = [
            models.UniqueConstraint(fields=["report", "assignment"], name="one_report_entry_per_assignment"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="reported_percent_is_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% {self.text[:40]}"


class ReportFigure(models.Model):
    """One figure of a report: what the registers gave, what the unit states, and why it differs.

    While the report is being written only figures that the unit changed are stored, and the others are counted anew
    whenever somebody looks; signing stores all of them.
    """

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="figures")
    county = CountyField("report__region")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.CharField("代码", max_length=60)
    label = models.CharField("项目", max_length=120)
    computed = models.DecimalField("系统数", max_digits=16, decimal_places=2)
    stated = models.DecimalField("填报数", max_digits=16, decimal_places=2)
    reason = models.CharField("更改理由", max_length=300, blank=True)
    remark = models.CharField("审核意见", max_length=500, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = verbose_name_plural = "月报数字"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_figure_of_a_key_per_report")]

    def __str__(self) -> str:
        return f"{self.label} {self.stated}"

    @property
    def is_changed(self) -> bool:
        return self.stated != self.computed
