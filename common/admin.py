from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from .history import record, snapshot
from .models import CalendarDay

if TYPE_CHECKING:
    CalendarDayBase = admin.ModelAdmin[CalendarDay]
else:
    CalendarDayBase = admin.ModelAdmin

_FIELDS = ["date", "kind", "name", "source"]


@admin.register(CalendarDay)
class CalendarDayAdmin(CalendarDayBase):
    list_display = ["date", "kind", "name", "source"]
    list_filter = ["kind"]
    date_hierarchy = "date"
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        before = snapshot(CalendarDay.objects.get(pk=obj.pk), _FIELDS) if change else None
        super().save_model(request, obj, form, change)
        user: Any = request.user
        verb = "calendar.changed" if change else "calendar.added"
        record(verb, obj, by=user, before=before, after=snapshot(obj, _FIELDS))

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        user: Any = request.user
        record("calendar.removed", obj, by=user, before=snapshot(obj, _FIELDS))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)
