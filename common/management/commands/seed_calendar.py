import datetime
from typing import Any

import holidays
from django.core.management.base import BaseCommand
from django.db import transaction

from common.models import CalendarDay

FIRST_YEAR = 2016


class Command(BaseCommand):
    help = "为工作日历补上还没有数据的年份（法定节假日和调休上班日）；已有数据的年份不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        days = _published_days()
        with transaction.atomic():
            present = set(CalendarDay.objects.dates("date", "year"))
            missing = [day for day in days if day.date.replace(month=1, day=1) not in present]
            CalendarDay.objects.bulk_create(missing)
        years = sorted({day.date.year for day in missing})
        if not years:
            self.stdout.write(f"工作日历已有 {FIRST_YEAR} 至 {days[-1].date.year} 年的数据，没有改动。")
        else:
            self.stdout.write(f"工作日历补上了 {'、'.join(map(str, years))} 年，共 {len(missing)} 天。")


def _published_days() -> list[CalendarDay]:
    """The days of every year whose arrangement `holidays` knows, in order.

    A year counts as published when it has weekends worked for a holiday, as every arrangement since 2008 has; before
    the State Council's notice the package only knows the statutory days and would give the year half right.
    """
    years = range(FIRST_YEAR, datetime.date.today().year + 2)
    chinese = holidays.country_holidays("CN", years=years, language="zh_CN")
    published = {day.year for day in chinese.weekend_workdays}
    days = {
        day: CalendarDay(date=day, kind=CalendarDay.Kind.HOLIDAY, name=name[:60])
        for day, name in chinese.items()
        if day.year in published and day.year >= FIRST_YEAR
    }
    for day in chinese.weekend_workdays:
        if day.year >= FIRST_YEAR:
            days[day] = CalendarDay(date=day, kind=CalendarDay.Kind.WORKDAY, name="调休上班")
    for day, row in days.items():
        row.source = f"国务院办公厅关于{day.year}年部分节假日安排的通知"
    return [days[day] for day in sorted(days)]
