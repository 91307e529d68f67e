"""The people on whom the safety of a mine rests: five heads and the specialists, and for how long."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mines.models.file import MineType
from mines.models.lines import FileLine, check_order
from mines.querysets import FIVE_HEADS, YEAR, KeyPostQuerySet


class KeyPost(FileLine):
    """A person in a key post from a day on; what is lacking is said beside the line, by the region's rules.

    Nobody holds a post in two mines: by the number of the certificate that is refused, by name it is only a doubt.
    """

    class Post(models.TextChoices):
        MANAGER = "manager", "矿长"
        CHIEF = "chief", "总工程师（技术负责人）"
        SAFETY = "safety", "安全副矿长"
        PRODUCTION = "production", "生产副矿长"
        ELECTRIC = "electric", "机电副矿长"
        MINING = "mining", "采矿技术员"
        GEOLOGY = "geology", "地质技术员"
        SURVEY = "survey", "测量技术员"
        VENTILATION = "ventilation", "通风技术员"
        MACHINES = "machines", "机电技术员"

    class Education(models.TextChoices):
        SCHOOL = "1", "高中及以下"
        SECONDARY = "2", "中专"
        COLLEGE = "3", "大专"
        BACHELOR = "4", "本科"
        MASTER = "5", "研究生"

    post = models.CharField("岗位", max_length=12, choices=Post.choices)
    name = models.CharField("姓名", max_length=40)
    education = models.CharField("学历", max_length=1, choices=Education.choices)
    major = models.CharField("所学专业", max_length=60, blank=True)
    years = models.PositiveSmallIntegerField("矿山一线从业年限")
    certificate = models.CharField("安全资格证号", max_length=60, blank=True)
    since = models.DateField("任职日期")
    until = models.DateField("离任日期", null=True, blank=True)
    years_needed = models.PositiveSmallIntegerField(editable=False, default=0)
    education_needed = models.CharField(max_length=1, editable=False, default="")
    changes_flagged = models.PositiveSmallIntegerField(editable=False, default=2)
    """How many people who take up one post within a year are too many, by the rule of the day of writing."""
    fill_by = models.DateField("应补齐日期", null=True, editable=False)
    """Until when the post may stay vacant after this person left."""

    settled = ("years_needed", "education_needed", "changes_flagged", "fill_by")
    objects: ClassVar[Any] = KeyPostQuerySet.as_manager()  # type: ignore[assignment, unused-ignore]  # by the order of its reading

    class Meta:
        ordering = [F("until").desc(nulls_first=True), "post", "-since", "-pk"]
        verbose_name = verbose_name_plural = "关键岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["mine", "post"],
                condition=Q(until__isnull=True, post__in=FIVE_HEADS),
                name="one_head_in_a_post",
                violation_error_message="这个岗位现在有人，请先在他的一行填写离任日期。",
            )
        ]
        indexes = [models.Index(fields=["certificate"]), models.Index(fields=["name", "until"])]

    def __str__(self) -> str:
        return f"{self.get_post_display()}{self.name}"

    def clean(self) -> None:
        check_order(self.since, self.until, "until")
        if self.certificate and self.until is None:
            other = KeyPost.objects.filter(certificate=self.certificate, until=None).exclude(mine=self.mine_id)
            if other.exists():
                raise ValidationError({"certificate": "持这个证的人正在另一座矿山任职，不得在矿山之间兼职。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        kind = "head" if self.post in FIVE_HEADS else "specialist"
        self.years_needed = rules[f"{kind}_years"]
        self.education_needed = str(rules[f"{kind}_education"])
        self.changes_flagged = rules["post_changes"]
        self.fill_by = self.until + dt.timedelta(days=rules["post_vacancy_days"]) if self.until else None

    @property
    def lacks(self) -> str:
        """What the person lacks by the rules in force when the line was written; empty where nothing."""
        if self.until is not None:
            return ""
        found = []
        if self.education < self.education_needed:
            found.append(f"学历不到{dict(self.Education.choices).get(self.education_needed, '规定')}")
        if self.years < self.years_needed:
            found.append(f"从业不满{self.years_needed}年")
        if not self.certificate:
            found.append("没有资格证号")
        return "、".join(found)


def faults_of_posts(mine_type: str, lines: Iterable[KeyPost], today: dt.date | None = None) -> list[str]:
    """What is wrong with the key posts of a mine, in words: posts that nobody holds, people who lack something, frequent changes.

    The same rules as `KeyPostQuerySet`, for the lines of one mine. A tailings pond has no five heads.
    """
    today = today or timezone.localdate()
    lines = list(lines)
    found = []
    labels: dict[str, Any] = dict(KeyPost.Post.choices)
    for post in () if mine_type == MineType.TAILINGS_POND else FIVE_HEADS:
        held = [one for one in lines if one.post == post]
        if any(one.until is None for one in held):
            continue
        left = max((one for one in held if one.until), key=lambda one: one.until or today, default=None)
        if left is None or left.until is None:
            found.append(f"{labels[post]}未配备")
        else:
            late = "，已超期" if left.fill_by is not None and left.fill_by < today else ""
            found.append(f"{labels[post]}空缺{(today - left.until).days}天{late}")
    lacking = sum(1 for one in lines if one.lacks)
    if lacking:
        found.append(f"{lacking}人不符合任职条件")
    taken = Counter(one.post for one in lines if one.since > today - YEAR)
    limits = {one.post: one.changes_flagged for one in lines}
    found += [f"{labels[post]}一年内换了{count}人" for post, count in taken.items() if count >= limits[post]]
    return found
