"""A mine stands still, and what has to be on paper before it may work again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mines import transitions
from mines.models.file import Mine
from mines.querysets import SuspensionListQuerySet, SuspensionQuerySet
from units.models import Region, Unit, User


class SuspensionList(models.Model):
    """A list of suspended mines that goes to the government above, and its sending."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    number = models.CharField("编号", max_length=60)
    made_on = models.DateField("生成日期")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="生成人")
    sent_on = models.DateField("上报日期", null=True, blank=True)
    sent_to = models.CharField("上报单位", max_length=100, blank=True)
    receipt = models.CharField("签收或回执", max_length=120, blank=True)

    objects: ClassVar[Any] = SuspensionListQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "停产停建矿山名单"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("mines:suspension_list", args=[self.pk])


class Suspension(models.Model):
    """One standstill of a mine, from its first day to the announcement that it works again."""

    class Kind(models.TextChoices):
        PLANNED = "planned", "计划停产停建"
        ORDERED = "ordered", "责令停产停建"
        LONG = "long", "长期停产停建"

    class State(models.TextChoices):
        RUNNING = "running", "停产停建中"
        REQUESTED = "requested", "已申请复产复工"
        ACCEPTED = "accepted", "验收合格待签字"
        SIGNED = "signed", "已签字"
        RESUMED = "resumed", "已复产复工"
        VOID = "void", "登记有误"

    OPEN: ClassVar = ("running", "requested", "accepted", "signed")

    mine = models.ForeignKey(Mine, models.PROTECT, related_name="suspensions", verbose_name="矿山")
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="办理部门")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    reason = models.CharField("原因", max_length=300)
    since = models.DateField("停产停建日期")
    until = models.DateField("预计复产日期", null=True, blank=True)
    measures = models.TextField(
        "停产期间的看守措施", help_text="工程技术和安全管理措施、值守巡查、应急处置、限电和火工品管控。"
    )
    paper = models.CharField("书面报告或决定书", max_length=150, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RUNNING)
    list_by = models.DateField("名单应上报日期")
    listed_in = models.ForeignKey(
        SuspensionList, models.PROTECT, null=True, blank=True, related_name="suspensions", verbose_name="所在名单"
    )
    announce_by = models.DateField("停产应公告日期")
    announced_on = models.DateField("停产公告日期", null=True, blank=True)
    requested_on = models.DateField("申请复产日期", null=True, blank=True)
    request_words = models.TextField("复产申请", blank=True)
    by_department = models.BooleanField("由部门验收", null=True, blank=True)
    """Decided with the request: the department accepts what it ordered and what took long, else the mine itself."""
    accept_by = models.DateField("应完成验收日期", null=True, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    acceptors = models.CharField("验收人员", max_length=200, blank=True)
    resumed_on = models.DateField("复产复工日期", null=True, blank=True)
    resumption_announce_by = models.DateField("复产应公告日期", null=True, blank=True)
    resumption_announced_on = models.DateField("复产公告日期", null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    moves: ClassVar = transitions.SUSPENSION_MOVES
    objects: ClassVar[Any] = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "停产停建"
        constraints = [
            models.UniqueConstraint(
                fields=["mine"],
                condition=Q(state__in=("running", "requested", "accepted", "signed")),
                name="one_open_suspension_of_a_mine",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("since")), name="mine_resumes_after_its_stop"
            ),
        ]
        indexes = [models.Index(fields=["state", "since"])]

    def __str__(self) -> str:
        return f"{self.mine}{self.since:%Y-%m-%d}停产停建"

    def get_absolute_url(self) -> str:
        return reverse("mines:suspension", args=[self.pk])

    @property
    def days(self) -> int:
        """How many days the mine stood still, or has stood still until today."""
        return ((self.resumed_on or timezone.localdate()) - self.since).days

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def offices(self) -> tuple[str, ...]:
        """Who signs, in this order."""
        return ("department", "government") if self.by_department else ("head",)

    def next_office(self) -> str:
        """Whose signature comes next; empty where all have signed."""
        signed = {one.office for one in self.signatures.all()}
        return next((office for office in self.offices if office not in signed), "")

    def relations_of(self, user: User) -> frozenset[str]:
        found = set(self.mine.relations_of(user))
        if "bureau" in found or ("mine" in found and self.by_department is False):
            found.add("acceptor")
        if "bureau" in found or ("head" in found and self.by_department is False):
            found.add("signer")
        return frozenset(found)


class AcceptanceItem(models.Model):
    """One thing that is looked at before a mine may work again."""

    suspension = models.ForeignKey(Suspension, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("序号")
    text = models.CharField("验收内容", max_length=200)
    passed = models.BooleanField("合格", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = "验收内容"
        constraints = [models.UniqueConstraint(fields=["suspension", "position"], name="acceptance_item_once")]

    def __str__(self) -> str:
        return self.text


class ResumptionSignature(models.Model):
    """A signature under a resumption: made on paper, entered with the name and the day."""

    class Office(models.TextChoices):
        HEAD = "head", "矿山主要负责人"
        DEPARTMENT = "department", "监管部门主要负责人"
        GOVERNMENT = "government", "政府主要负责人"

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="signatures")
    office = models.CharField("签字人身份", max_length=12, choices=Office.choices)
    name = models.CharField("签字人", max_length=40)
    signed_on = models.DateField("签字日期")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "复产签字"
        constraints = [models.UniqueConstraint(fields=["suspension", "office"], name="an_office_signs_once")]

    def __str__(self) -> str:
        return f"{self.get_office_display()}{self.name}"
