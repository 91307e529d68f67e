"""Papers by which a bureau presses for what is late: drafted, approved by a second person, sent, answered, filed."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from supervision import transitions
from supervision.letter_kinds import KINDS, LETTER_KINDS, LetterKind
from supervision.querysets import LetterQuerySet, OfUnitQuerySet, ReceiptQuerySet
from units.models import Region, Role, Unit, User


class SupervisionLetter(models.Model):
    """One paper of the ladder (see `supervision/letter_kinds.py`) to one unit or several.

    Its number is given when it is sent, out of a series of its kind, county and year that has no gaps. What the system
    proposes is no row: it follows from what is late. A proposal that somebody declined is kept as a row, with the reason.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", "待审签"
        REFUSED = "refused", "退回修改"
        APPROVED = "approved", "待发出"
        SENT = "sent", "已发出"
        FILED = "filed", "已归档"
        WITHDRAWN = "withdrawn", "已撤回"
        DECLINED = "declined", "不发函"

    EDITABLE = ("drafted", "refused")
    OUT = ("sent", "filed")
    """States in which the units have the paper."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    kind = models.CharField("种类", max_length=10, choices=KINDS)
    organ = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="发函机关")
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    drafted_at = models.DateTimeField("拟稿时间", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审签人"
    )
    approved_at = models.DateTimeField("审签时间", null=True, blank=True)
    sent_on = models.DateField("发出日期", null=True, blank=True)
    answer_by = models.DateField("应答复日期", null=True, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    meets_at = models.DateTimeField("约谈时间", null=True, blank=True)
    place = models.CharField("约谈地点", max_length=100, blank=True)
    people = models.CharField("约谈参加人", max_length=300, blank=True)
    record = models.TextField("约谈记录", blank=True)
    published_in = models.CharField("曝光平台", max_length=200, blank=True)
    published_on = models.DateField("曝光日期", null=True, blank=True)

    moves: ClassVar = transitions.LETTER_MOVES
    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "督办函件"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "number"], condition=~models.Q(number=""), name="letter_number_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("sent", "filed"))
                | (~models.Q(number="") & models.Q(sent_on__isnull=False, answer_by__isnull=False)),
                name="sent_letter_has_number_and_days",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="letter_approved_by_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "sent_on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.title}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:letter", args=[self.pk])

    @property
    def step(self) -> LetterKind:
        return LETTER_KINDS[self.kind]

    @property
    def is_talk(self) -> bool:
        return self.kind == "talk"

    @property
    def is_exposure(self) -> bool:
        return self.kind == "expose"

    def relations_of(self, user: User) -> frozenset[str]:
        """What a user is to this letter: of the bureau that writes it, one who may approve it, an administrator."""
        found = set()
        if user.unit is not None and self.region_id.startswith(user.unit.region.prefix):
            if user.reviews:
                found |= {"bureau", "approver"}
            if user.role == Role.LEADER:
                found.add("approver")
        return frozenset(found)


class LetterItem(models.Model):
    """One thing that a letter presses for, as it stood on the day of the draft.

    `source` and `object_id` say which row it is (see `common/due.py`), `page` the key of the page that shows it, and
    `due_on` which of its days was missed: a day set anew is a new matter.
    """

    letter = models.ForeignKey(SupervisionLetter, models.CASCADE, related_name="items")
    county = CountyField("letter__region")
    source = models.CharField("种类", max_length=40)
    object_id = models.PositiveBigIntegerField()
    page = models.PositiveBigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    title = models.CharField("事项", max_length=300)
    url = models.CharField(max_length=200)
    due_on = models.DateField("应完成日期")
    workdays_late = models.PositiveIntegerField("逾期工作日")

    objects: ClassVar[Any] = OfUnitQuerySet.as_manager()

    class Meta:
        ordering = ["letter", "due_on", "pk"]
        verbose_name = verbose_name_plural = "督办事项"
        constraints = [
            models.UniqueConstraint(fields=["letter", "source", "object_id"], name="letter_names_an_item_once")
        ]
        indexes = [models.Index(fields=["source", "page"])]

    def __str__(self) -> str:
        return self.title


class LetterReceipt(models.Model):
    """A letter in the hands of one unit: signed for, and answered by a day."""

    class State(models.TextChoices):
        WAITING = "waiting", "待签收"
        SIGNED = "signed", "待答复"
        ANSWERED = "answered", "已答复"

    PENDING = ("waiting", "signed")

    letter = models.ForeignKey(SupervisionLetter, models.CASCADE, related_name="receipts")
    county = CountyField("letter__region")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="letter_receipts", verbose_name="单位")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    moves: ClassVar = transitions.RECEIPT_MOVES
    objects: ClassVar[Any] = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["letter", "unit__sort_key", "pk"]
        verbose_name = verbose_name_plural = "函件送达"
        constraints = [models.UniqueConstraint(fields=["letter", "unit"], name="letter_reaches_a_unit_once")]
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self) -> str:
        return f"{self.letter}（{self.unit}）"

    def get_absolute_url(self) -> str:
        return self.letter.get_absolute_url()

    @property
    def is_overdue(self) -> bool:
        """The one rule of lateness; `ReceiptQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        by = self.letter.answer_by
        return self.letter.state == "sent" and self.state in self.PENDING and by is not None and by < day

    def relations_of(self, user: User) -> frozenset[str]:
        """What a user is to this receipt: one of the unit's people, or of the bureau that sent the letter."""
        if self.letter.state != SupervisionLetter.State.SENT:
            return frozenset()
        found = set(self.letter.relations_of(user)) & {"bureau"}
        if user.reports and user.unit_id == self.unit_id:
            found.add("unit")
        return frozenset(found)
