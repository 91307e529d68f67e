"""What the public tells the bureau, from its receipt to the answer, and the reward for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.encryption import EncryptedTextField
from hazards import transitions
from hazards.models.register import Hazard
from hazards.querysets import TIP_OFF_UNANSWERED, TipOffQuerySet, TipOffRewardQuerySet
from units.models import Region, Role, Unit, User

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without letters that look alike: a code is copied by hand."""
CODE_LENGTH = 16


def new_query_code() -> str:
    """Draw a code of 79 random bits, in the groups of four in which it is shown."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def hash_of_code(code: str) -> str:
    """The hash under which a code is kept, from the code as typed: in any case, with or without its lines."""
    return hashlib.sha256(re.sub(r"[^0-9A-Z]", "", code.upper()).encode()).hexdigest()


class TipOff(models.Model):
    """One thing told to the bureau, mostly by somebody who does not say who they are.

    Who told it stands in `TipOffContact` alone. `answer` is the only text of the bureau that the public reads; what is
    found, done and imposed is for the bureau. Days are worked out on receipt and kept.
    """

    class Channel(models.TextChoices):
        WEB = "web", "网页"
        PHONE = "phone", "电话"
        LETTER = "letter", "来信"
        VISIT = "visit", "来访"
        ASSIGNED = "assigned", "上级转办"

    class State(models.TextChoices):
        RECEIVED = "received", "待核查"
        VERIFIED = "verified", "已核查"
        HANDLED = "handled", "已处理"
        ANSWERED = "answered", "已答复"
        ACCOUNTED = "accounted", "已追责"
        CLOSED = "closed", "已办结"
        NOT_ACCEPTED = "not_accepted", "不予受理"
        HANDED_OVER = "handed_over", "已移送"

    class Finding(models.TextChoices):
        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        FALSE = "false", "不属实"

    PUBLIC_STATES: ClassVar = {
        "received": "已收到，正在核查",
        "verified": "已核查，正在处理",
        "handled": "已处理，正在准备答复",
        "answered": "已答复",
        "accounted": "已答复",
        "closed": "已办结",
        "not_accepted": "不属于受理范围",
        "handed_over": "已移送有权处理的部门",
    }
    """What the public reads in place of the state."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    number = models.CharField("编号", max_length=40, unique=True)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices, default=Channel.WEB)
    mine = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="tip_offs", verbose_name="矿山")
    mine_name = models.CharField("举报的矿山", max_length=100, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    happened = models.CharField("发生时间", max_length=100, blank=True)
    description = models.TextField("举报内容")
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    verify_by = models.DateField("应核查日期")
    answer_by = models.DateField("应答复日期")
    state = models.CharField("状态", max_length=14, choices=State.choices, default=State.RECEIVED)
    finding = models.CharField("核查结论", max_length=8, choices=Finding.choices, blank=True)
    finding_words = models.TextField("核查情况", blank=True)
    verified_on = models.DateField("核查日期", null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    handling = models.TextField("处理情况", blank=True)
    handled_on = models.DateField("处理日期", null=True, blank=True)
    handed_to = models.CharField("移送单位", max_length=100, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    accountability = models.TextField("责任追究", blank=True)
    hazard = models.ForeignKey(
        Hazard, models.PROTECT, null=True, blank=True, related_name="tip_offs", verbose_name="登记的隐患"
    )
    # Null where nobody was given a code, such as for a letter without a sender.
    code_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    moves: ClassVar = transitions.TIP_OFF_MOVES
    objects: ClassVar[Any] = TipOffQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "举报"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=("verified", "handled", "accounted")) | ~models.Q(finding=""),
                name="tip_off_is_verified_before_it_is_handled",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("answered", "accounted", "closed", "not_accepted", "handed_over"))
                | ~models.Q(answer=""),
                name="answered_tip_off_has_its_answer",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "answer_by"])]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("hazards:tip_off", args=[self.pk])

    @property
    def subject(self) -> str:
        """The mine that it is about, by the directory or in the words of whoever told it."""
        return (self.mine.name if self.mine else "") or self.mine_name or "未写明矿山"

    @property
    def public_state(self) -> str:
        return self.PUBLIC_STATES[self.state]

    @property
    def next_day(self) -> dt.date | None:
        """The day by which the bureau has to act next."""
        if self.state not in TIP_OFF_UNANSWERED:
            return None
        return self.verify_by if self.state == self.State.RECEIVED else self.answer_by

    @property
    def is_overdue(self) -> bool:
        """Not verified, or not answered, by its day; `TipOffQuerySet.overdue` says the same in SQL."""
        day = self.next_day
        return day is not None and day < timezone.localdate()

    @property
    def is_confirmed(self) -> bool:
        """Whether something was found, be it only a part of what was told."""
        return self.finding in (self.Finding.TRUE, self.Finding.PARTLY)

    def relations_of(self, user: User) -> frozenset[str]:
        """The bureau handles; its administrator and the one named officer may besides see who told."""
        found = set()
        if user.unit is not None and user.reviews and self.region_id.startswith(user.unit.region.prefix):
            found.add("bureau")
            if user.role == Role.BUREAU_ADMIN:
                found |= {"admin", "keeper"}
            if TipOffOfficer.objects.filter(region_id=self.region_id, officer=user).exists():
                found.add("keeper")
        return frozenset(found)


class TipOffContact(models.Model):
    """Who told it, where they said so. Read only through `read_contact`, which writes every reading into the history."""

    tip_off = models.OneToOneField(TipOff, models.CASCADE, primary_key=True, related_name="contact")
    county = CountyField("tip_off__region")
    name = EncryptedTextField("姓名", max_length=40, blank=True)
    phone = EncryptedTextField("联系电话", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "举报人联系方式"

    def __str__(self) -> str:
        return f"{self.tip_off.number}的联系方式"


class TipOffOfficer(models.Model):
    """The one officer of a region who, beside the bureau's administrator, may see who told."""

    region = models.OneToOneField(Region, models.CASCADE, primary_key=True, related_name="+", verbose_name="地区")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="举报专办员")

    class Meta:
        verbose_name = verbose_name_plural = "举报专办员"

    def __str__(self) -> str:
        return f"{self.region}举报专办员"


class TipOffReward(models.Model):
    """The reward for a tip-off that was found true: proposed by one, decided by another, then paid."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审批"
        APPROVED = "approved", "已同意"
        REFUSED = "refused", "未同意"
        PAID = "paid", "已发放"

    tip_off = models.ForeignKey(TipOff, models.CASCADE, related_name="rewards")
    county = CountyField("tip_off__region")
    amount = models.DecimalField("奖励金额（元）", max_digits=9, decimal_places=2)
    basis = models.CharField("依据", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    paid_on = models.DateField("发放日期", null=True, blank=True)

    moves: ClassVar = transitions.REWARD_MOVES
    objects: ClassVar[Any] = TipOffRewardQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "举报奖励"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="reward_is_something"),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="reward_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("proposed", "refused")) | models.Q(decided_by__isnull=False),
                name="reward_is_decided_before_it_is_paid",
            ),
            models.UniqueConstraint(
                fields=["tip_off"],
                condition=models.Q(state__in=("proposed", "approved", "paid")),
                name="one_reward_for_a_tip_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tip_off.number} {self.amount}元"

    def get_absolute_url(self) -> str:
        return self.tip_off.get_absolute_url()

    def relations_of(self, user: User) -> frozenset[str]:
        return self.tip_off.relations_of(user)


class Knock(models.Model):
    """How often a door of the public was knocked at within an hour, by one address or by all together.

    The address is kept as a keyed hash only: the table must not tell who told.
    """

    door = models.CharField(max_length=20)
    caller = models.CharField(max_length=64, blank=True)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "公众页面访问计数"
        constraints = [models.UniqueConstraint(fields=["door", "caller", "hour"], name="knocks_counted_once")]

    def __str__(self) -> str:
        return f"{self.door} {self.hour:%Y-%m-%d %H}时 {self.count}"
