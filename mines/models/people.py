"""The people on whom the safety of a mine rests: five heads and the specialists, and for how long."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from mines.models.lines import FileLine, check_order


class KeyPost(FileLine):
    """A person in a key post from a day on; what is lacking is said beside the line, by the region's rules."""

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

    FIVE_HEADS = ("manager", "chief", "safety", "production", "electric")

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

    class Meta:
        ordering = [F("until").desc(nulls_first=True), "post", "-since", "-pk"]
        verbose_name = verbose_name_plural = "关键岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["mine", "post"],
                condition=Q(until__isnull=True, post__in=("manager", "chief", "safety", "production", "electric")),
                name="one_head_in_a_post",
                violation_error_message="这个岗位现在有人，请先在他的一行填写离任日期。",
            )
        ]
        indexes = [models.Index(fields=["certificate"])]

    def __str__(self) -> str:
        return f"{self.get_post_display()}{self.name}"

    def clean(self) -> None:
        check_order(self.since, self.until, "until")
        if self.certificate and self.until is None:
            other = KeyPost.objects.filter(certificate=self.certificate, until=None).exclude(mine=self.mine_id)
            if other.exists():
                raise ValidationError({"certificate": "持这个证的人正在另一座矿山任职，不得在矿山之间兼职。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        self.years_needed = rules["head_years" if self.post in self.FIVE_HEADS else "specialist_years"]

    @property
    def lacks(self) -> str:
        """What the person lacks by the rules in force when the line was written; empty where nothing."""
        if self.until is not None:
            return ""
        found = []
        if self.post in self.FIVE_HEADS and self.education < self.Education.COLLEGE:
            found.append("学历不到大专")
        if self.years < self.years_needed:
            found.append(f"从业不满{self.years_needed}年")
        if not self.certificate:
            found.append("没有资格证号")
        return "、".join(found)
