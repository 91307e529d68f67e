"""The leaders who answer for one mine (包保领导), and what they did: prompts and visits that come back by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone

from mines.models.lines import FileLine, check_order
from units.models import Unit, User


def end_of_period(day: dt.date, months: int, ahead: int = 0) -> dt.date:
    """The last day of the period of so many months that holds the day, or of the one so many periods ahead.

    Periods begin with January: of three months they are the quarters.
    """
    place = (day.year * 12 + day.month - 1) // months + 1 + ahead
    year, month = divmod(place * months, 12)
    return dt.date(year, month + 1, 1) - dt.timedelta(days=1)


class ResponsibleLeader(FileLine):
    """A leader answerable for a mine. Each prescribed act has a next day, which moves on when one is entered."""

    class Rank(models.TextChoices):
        COUNTY = "county", "县级领导"
        DEPARTMENT = "department", "部门负责人"
        TOWNSHIP = "township", "乡镇负责人"
        OTHER = "other", "其他"

    name = models.CharField("姓名", max_length=40)
    rank = models.CharField("层级", max_length=12, choices=Rank.choices)
    position = models.CharField("职务", max_length=80)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在单位")
    account = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="本系统账号",
        help_text="有账号的，提醒发给本人，本人也可以登记履职。",
    )  # fmt: skip
    since = models.DateField("包保起始日期")
    until = models.DateField("包保结束日期", null=True, blank=True)
    prompt_months = models.PositiveSmallIntegerField(editable=False, default=1)
    visit_months = models.PositiveSmallIntegerField(editable=False, default=3)
    prompt_due = models.DateField("应提示提醒", null=True, editable=False)
    visit_due = models.DateField("应现场督导", null=True, editable=False)

    settled = ("prompt_months", "visit_months", "prompt_due", "visit_due")

    class Meta:
        ordering = [F("until").desc(nulls_first=True), "rank", "-since", "-pk"]
        verbose_name = verbose_name_plural = "包保领导"
        indexes = [models.Index(fields=["until", "prompt_due"]), models.Index(fields=["until", "visit_due"])]

    def __str__(self) -> str:
        return f"{self.name}（{self.position}）"

    def clean(self) -> None:
        check_order(self.since, self.until, "until")

    def settle(self, rules: Mapping[str, int]) -> None:
        self.prompt_months, self.visit_months = rules["leader_prompt_months"], rules["leader_visit_months"]
        self.set_days()

    def set_days(self) -> None:
        """Set the next day of each prescribed act: the end of the period after the last act, or of the first period."""
        acts = (
            dict(self.acts.order_by().values_list("kind").annotate(models.Max("done_on")))
            if self.pk and self.until is None
            else {}
        )
        for kind, months in (("prompt", self.prompt_months), ("visit", self.visit_months)):
            day = None
            if months and self.until is None and self.since:
                first = max(self.since, timezone.localdate(self.created_at))
                day = end_of_period(acts[kind], months, 1) if kind in acts else end_of_period(first, months)
            setattr(self, f"{kind}_due", day)


class LeaderAct(FileLine):
    """What a leader did for a mine on a day."""

    class Kind(models.TextChoices):
        PROMPT = "prompt", "提示提醒"
        VISIT = "visit", "现场督导"
        MEETING = "meeting", "专题研究"
        OTHER = "other", "其他"

    leader = models.ForeignKey(ResponsibleLeader, models.PROTECT, related_name="acts", verbose_name="包保领导")
    name = models.CharField("姓名", max_length=40, editable=False)
    """Copied, so that the act is told without its leader."""
    kind = models.CharField("履职方式", max_length=8, choices=Kind.choices)
    done_on = models.DateField("日期")
    words = models.CharField("做了什么、提出什么要求", max_length=500)

    class Meta:
        ordering = ["-done_on", "-pk"]
        verbose_name = verbose_name_plural = "包保履职"
        indexes = [models.Index(fields=["leader", "kind", "done_on"])]

    def __str__(self) -> str:
        return f"{self.name}{self.done_on:%Y-%m-%d}{self.get_kind_display()}"

    def clean(self) -> None:
        if self.leader_id and self.leader.mine_id != self.mine_id:
            raise ValidationError({"leader": "请选择这座矿山的包保领导。"})
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": "日期不能晚于今天。"})
        if self.done_on and self.leader_id and self.done_on < self.leader.since:
            raise ValidationError({"done_on": f"包保从{self.leader.since:%Y-%m-%d}开始，日期不能更早。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        if self.leader_id:
            self.name = self.leader.name

    def settle_others(self) -> None:
        leaders = ResponsibleLeader.objects.select_for_update().filter(mine=self.mine_id, until=None)
        for leader in leaders:
            leader.set_days()
            leader.save(update_fields=["prompt_due", "visit_due"])
