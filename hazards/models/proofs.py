"""What has to be there before a hazard is closed: five implementations, reports, plan, rectification, re-inspection."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.county import CountyField
from common.encryption import EncryptedTextField
from hazards.models.register import Hazard


class Facet(models.TextChoices):
    """The five implementations (五落实)."""

    RESPONSIBILITY = "responsibility", "责任"
    MEASURES = "measures", "措施"
    FUNDS = "funds", "资金"
    TIME_LIMIT = "time_limit", "时限"
    CONTINGENCY = "contingency", "预案"


class Implementation(models.Model):
    """One of the five: in place or not, since when, in which words, proved by files, confirmed by a second person."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="implementations")
    county = CountyField("hazard__region")
    facet = models.CharField("方面", max_length=16, choices=Facet.choices)
    in_place = models.BooleanField("已落实", default=False)
    since = models.DateField("落实日期", null=True, blank=True)
    statement = models.TextField("落实情况", blank=True)
    person = models.CharField("责任人", max_length=40, blank=True)
    duty = models.CharField("职务", max_length=40, blank=True)
    phone = EncryptedTextField("电话", max_length=20, blank=True)
    planned = models.DecimalField("计划资金（万元）", max_digits=12, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField("已用资金（万元）", max_digits=12, decimal_places=2, null=True, blank=True)
    until = models.DateField("完成期限", null=True, blank=True)
    has_evidence = models.BooleanField("有印证资料", default=False)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        ordering = ["hazard", "pk"]
        verbose_name = verbose_name_plural = "五落实"
        constraints = [
            models.UniqueConstraint(fields=["hazard", "facet"], name="each_facet_once"),
            models.CheckConstraint(condition=models.Q(facet__in=Facet.values), name="facet_is_one_of_the_five"),
            models.CheckConstraint(
                condition=models.Q(in_place=False) | (models.Q(since__isnull=False) & ~models.Q(statement="")),
                name="facet_in_place_says_since_when_and_how",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("stated_by")),
                name="facet_is_confirmed_by_a_second_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["hazard"],
                condition=models.Q(in_place=True, has_evidence=True, confirmed_by__isnull=True),
                name="facet_waiting_for_a_second",
            )
        ]

    def __str__(self) -> str:
        return self.get_facet_display()

    @property
    def is_proved(self) -> bool:
        return self.in_place and self.has_evidence and self.confirmed_by_id is not None


class MajorReport(models.Model):
    """The report on a major hazard in its three parts (安全生产事故隐患排查治理暂行规定 第十四条)."""

    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="major_report")
    county = CountyField("hazard__region")
    present_state = models.TextField("隐患的现状及其产生原因")
    harm = models.TextField("隐患的危害程度和整改难易程度分析")
    treatment = models.TextField("隐患的治理方案")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "重大隐患报告"

    def __str__(self) -> str:
        return f"{self.hazard.number} 报告"


class DoubleReport(models.Model):
    """A major hazard reported twice: to the regulator and to the workers' congress, each with a receipt."""

    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="double_report")
    county = CountyField("hazard__region")
    due_on = models.DateField("应报日期")
    regulator_on = models.DateField("向监管部门报告日期", null=True, blank=True)
    regulator_receipt = models.CharField("监管部门回执", max_length=100, blank=True)
    congress_on = models.DateField("向职工代表大会报告日期", null=True, blank=True)
    congress_receipt = models.CharField("职工代表大会回执", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "双报告"

    def __str__(self) -> str:
        return f"{self.hazard.number} 双报告"

    @property
    def is_done(self) -> bool:
        return bool(self.regulator_on and self.regulator_receipt and self.congress_on and self.congress_receipt)


class TreatmentPlan(models.Model):
    """The plan for treating a major hazard in its six parts (安全生产事故隐患排查治理暂行规定 第十五条)."""

    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="treatment_plan")
    county = CountyField("hazard__region")
    goals = models.TextField("治理的目标和任务")
    methods = models.TextField("采取的方法和措施")
    resources = models.TextField("经费和物资的落实")
    people = models.TextField("负责治理的机构和人员")
    schedule = models.TextField("治理的时限和要求")
    safety = models.TextField("安全措施和应急预案")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "治理方案"

    def __str__(self) -> str:
        return f"{self.hazard.number} 治理方案"


class Rectification(models.Model):
    """What the mine says that it did, one a round; proved by photographs and papers."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="rectifications")
    county = CountyField("hazard__region")
    round = models.PositiveSmallIntegerField("第几次")
    statement = models.TextField("整改情况")
    done_on = models.DateField("完成日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("填报时间", default=timezone.now)

    class Meta:
        ordering = ["hazard", "-round"]
        verbose_name = verbose_name_plural = "整改"
        constraints = [models.UniqueConstraint(fields=["hazard", "round"], name="one_rectification_a_round")]

    def __str__(self) -> str:
        return f"第{self.round}次整改"


class Reinspection(models.Model):
    """A look at the place by people who did not do the work, one a round; its officers sign for it."""

    class Result(models.TextChoices):
        PASSED = "passed", "合格"
        FAILED = "failed", "不合格"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="reinspections")
    county = CountyField("hazard__region")
    round = models.PositiveSmallIntegerField("第几次")
    on = models.DateField("复查日期")
    on_site = models.BooleanField("现场复查", default=True)
    result = models.CharField("结论", max_length=8, choices=Result.choices)
    opinion = models.TextField("复查意见")
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="ReinspectionOfficer", related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["hazard", "-round"]
        verbose_name = verbose_name_plural = "复查"
        constraints = [models.UniqueConstraint(fields=["hazard", "round"], name="one_reinspection_a_round")]
        indexes = [models.Index(fields=["recorded_by", "recorded_at"])]

    def __str__(self) -> str:
        return f"第{self.round}次复查{self.get_result_display()}"


class ReinspectionOfficer(models.Model):
    """One who was there."""

    reinspection = models.ForeignKey(Reinspection, models.CASCADE, related_name="signatures")
    county = CountyField("reinspection__county")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "复查人"
        constraints = [models.UniqueConstraint(fields=["reinspection", "officer"], name="officer_once_a_reinspection")]

    def __str__(self) -> str:
        return str(self.officer)
