from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class CalendarQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> CalendarQuerySet:
        """The calendar is one for all who have logged in."""
        return self.all()


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday from Monday to Friday, or a Saturday or Sunday worked for it.

    Source of rule: the yearly notice of the State Council's General Office on holidays. Public holidays that fall on a
    weekend are kept too, because their names are shown.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "放假"
        WORKDAY = "workday", "调休上班"

    date = models.DateField("日期", unique=True)
    kind = models.CharField("性质", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=60)
    source = models.CharField("依据", max_length=200, blank=True, help_text="如：国务院办公厅节假日安排通知的文号")

    objects: ClassVar[Any] = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.get_kind_display()} {self.name}"
