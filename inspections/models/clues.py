"""A clue that belongs to another department (线索移送): what was found, who gets it, the receipt and the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from inspections import transitions
from inspections.models.visits import Visit
from inspections.querysets import ClueQuerySet
from inspections.relations import relations_in
from units.models import Region, Unit, User


class Clue(models.Model):
    """One clue. `receiver` is the department where it is a unit of this system; `receiver_name` prints in any case.

    The number is taken when it is sent. From then on its words are not changed.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", "起草中"
        SUBMITTED = "submitted", "待审批"
        SENT = "sent", "已移送"
        RECEIVED = "received", "已签收"
        ANSWERED = "answered", "已答复"
        REFUSED = "refused", "不予受理"
        VOID = "void", "已作废"

    WAITING = ("sent", "received")
    """States in which the other department has the next step."""

    class Outcome(models.TextChoices):
        FILED = "filed", "立案查处"
        HANDLED = "handled", "已处理"
        NO_FAULT = "no_fault", "查无违法"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    number = models.CharField("文号", max_length=60, blank=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="clues", verbose_name="检查")
    subject = models.CharField("涉及单位或人员", max_length=100)
    facts = models.TextField("线索内容")
    basis = models.TextField("移送理由")
    receiver = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收部门（系统内）"
    )
    receiver_name = models.CharField("接收部门", max_length=100)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    drafted_at = models.DateTimeField("起草时间", default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    sent_on = models.DateField("移送日期", null=True, blank=True)
    answer_by = models.DateField("应答复日期", null=True, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)
    received_by = models.CharField("签收人", max_length=40, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    outcome = models.CharField("处理结果", max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField("答复内容", blank=True)

    moves: ClassVar = transitions.CLUE_MOVES
    objects: ClassVar[Any] = ClueQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "线索移送"
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="clue_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=("drafted", "submitted", "void"))
                | models.Q(sent_on__isnull=False, sent_by__isnull=False, answer_by__isnull=False),
                name="sent_clue_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_by__isnull=True) | ~models.Q(sent_by=models.F("drafted_by")),
                name="clue_is_not_sent_by_its_drafter",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered")
                | (models.Q(answered_on__isnull=False) & ~models.Q(answer="") & ~models.Q(outcome="")),
                name="answered_clue_says_what_became_of_it",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "answer_by"])]

    def __str__(self) -> str:
        return f"{self.number or '线索移送'} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:clue", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        """`ClueQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state in self.WAITING and self.answer_by is not None and self.answer_by < day

    def relations_of(self, user: User) -> frozenset[str]:
        """Of the bureau, an inspector, an approver (of the bureau, not the drafter), or of the department it went to."""
        found = relations_in(self.region_id, user)
        if "bureau" in found and user.pk != self.drafted_by_id:
            found.add("approver")
        if user.reports and self.receiver_id is not None and user.unit_id == self.receiver_id:
            found.add("receiver")
        return frozenset(found)
