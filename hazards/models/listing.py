"""Supervision of a major hazard under a public notice (挂牌督办), from the notice to its lifting."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards import transitions
from hazards.models.register import Hazard
from hazards.querysets import ListingQuerySet
from units.models import Region, Unit, User


class Listing(models.Model):
    """One major hazard on the list, with the five items of its notice and the days that it runs by.

    `organ_unit` is the body that listed, where it works in this system: it alone grants, accepts and lifts, and its
    papers are made here with numbers out of its own series. A listing by a higher body is entered with the number that
    its notice prints, and the county bureau keeps it. Days are worked out when they begin to run and kept, so that a
    later change of a rule does not move them.
    """

    class Level(models.TextChoices):
        COUNTY = "county", "县级"
        CITY = "city", "市级"
        PROVINCE = "province", "省级"

    class State(models.TextChoices):
        LISTED = "listed", "挂牌督办中"
        EXTENSION_ASKED = "extension_asked", "延期待批"
        ACCEPTANCE_ASKED = "acceptance_asked", "待验收"
        FAILED = "failed", "验收不合格"
        LIFTED = "lifted", "已摘牌"
        REVOKED = "revoked", "已撤销"

    RUNNING = ("listed", "extension_asked", "failed")
    """States in which the mine works against the end of the time limit."""
    OPEN = (*RUNNING, "acceptance_asked")

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="listings", verbose_name="隐患")
    level = models.CharField("督办级别", max_length=8, choices=Level.choices)
    organ = models.CharField("挂牌机关", max_length=100)
    organ_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField("督办文号", max_length=60)
    listed_on = models.DateField("挂牌日期")
    due_on = models.DateField("整改期限")
    subject_unit = models.CharField("隐患所在单位", max_length=200)
    subject = models.TextField("隐患类别、地点和违反的条款")
    requirement = models.TextField("整改要求和期限")
    lifting = models.TextField("摘牌程序")
    other = models.TextField("其他事项", blank=True)
    report_by = models.DateField("应上报日期")
    reported_on = models.DateField("上报日期", null=True, blank=True)
    publish_by = models.DateField("应公布日期")
    published_on = models.DateField("公布日期", null=True, blank=True)
    published_at = models.CharField("公布处", max_length=200, blank=True)
    state = models.CharField("状态", max_length=16, choices=State.choices, default=State.LISTED)
    acceptance_asked_on = models.DateField("申请验收日期", null=True, blank=True)
    accept_by = models.DateField("应验收日期", null=True, blank=True)
    failed_count = models.PositiveSmallIntegerField("验收不合格次数", default=0)
    escalated_on = models.DateField("升级处理日期", null=True, blank=True)
    lifted_on = models.DateField("摘牌日期", null=True, blank=True)
    lifting_number = models.CharField("摘牌文号", max_length=60, blank=True)
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    listed_at = models.DateTimeField("登记时间", default=timezone.now)

    moves: ClassVar = transitions.LISTING_MOVES
    objects: ClassVar[Any] = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-listed_on", "-pk"]
        verbose_name = verbose_name_plural = "挂牌督办"
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"],
                condition=models.Q(state__in=("listed", "extension_asked", "failed", "acceptance_asked")),
                name="one_open_listing_per_hazard",
            ),
            models.UniqueConstraint(fields=["region", "organ", "number"], name="listing_number_once"),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("listed_on")), name="listing_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="lifted") | models.Q(lifted_on__isnull=False), name="lifted_listing_says_when"
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.number} {self.hazard.number}"

    def get_absolute_url(self) -> str:
        return reverse("hazards:listing", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_escalated(self) -> bool:
        return self.escalated_on is not None

    @property
    def is_overdue(self) -> bool:
        """The one rule of lateness; `ListingQuerySet.overdue` says the same in SQL."""
        return self.state in self.RUNNING and self.due_on < timezone.localdate()

    @property
    def next_day(self) -> dt.date | None:
        """The day by which somebody has to act next: the end, or the day by which the body must answer or come."""
        if self.state == self.State.EXTENSION_ASKED:
            asked = self.open_extension
            return asked.answer_by if asked else self.due_on
        if self.state == self.State.ACCEPTANCE_ASKED:
            return self.accept_by
        return self.due_on if self.state in self.RUNNING else None

    @property
    def first_due_on(self) -> dt.date:
        """The end that the notice printed, before any extension was granted."""
        granted = (one.old_due_on for one in self.extensions.all() if one.state == ListingExtension.State.GRANTED)
        return min(granted, default=self.due_on)

    @property
    def open_extension(self) -> ListingExtension | None:
        """The request that waits for an answer, out of what is already read."""
        waiting = (one for one in self.extensions.all() if one.state == ListingExtension.State.REQUESTED)
        return next(waiting, None)

    def relations_of(self, user: User) -> frozenset[str]:
        """What a user is to this listing: of its mine, of the body that listed, of the bureau, an administrator."""
        found = set(self.hazard.relations_of(user)) & {"mine", "bureau", "admin"}
        if "bureau" in found and self.organ_unit_id in (None, user.unit_id):
            found.add("lister")
        if "lister" not in found:
            found.discard("admin")
        return frozenset(found)


class ListingExtension(models.Model):
    """A request for a later end of a listing, and its answer."""

    class State(models.TextChoices):
        REQUESTED = "requested", "待审批"
        GRANTED = "granted", "已同意"
        REFUSED = "refused", "未同意"

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="extensions")
    county = CountyField("listing__region")
    old_due_on = models.DateField("原期限")
    new_due_on = models.DateField("申请延至")
    reason = models.TextField("理由")
    answer_by = models.DateField("应答复日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.REQUESTED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_on = models.DateField("申请日期")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField("答复日期", null=True, blank=True)

    class Meta:
        ordering = ["listing", "pk"]
        verbose_name = verbose_name_plural = "挂牌延期申请"
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], condition=models.Q(state="requested"), name="one_open_extension_per_listing"
            ),
            models.CheckConstraint(
                condition=models.Q(new_due_on__gt=models.F("old_due_on")), name="listing_extension_goes_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_due_on} → {self.new_due_on}"


class ListingAcceptance(models.Model):
    """A look at the place by the body that listed, after the mine asked for it."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="acceptances")
    county = CountyField("listing__region")
    round = models.PositiveSmallIntegerField("第几次")
    on = models.DateField("验收日期")
    passed = models.BooleanField("合格")
    opinion = models.TextField("验收意见")
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="验收人")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["listing", "pk"]
        verbose_name = verbose_name_plural = "挂牌验收"
        constraints = [models.UniqueConstraint(fields=["listing", "round"], name="one_acceptance_a_round")]

    def __str__(self) -> str:
        return f"第{self.round}次验收{'合格' if self.passed else '不合格'}"
