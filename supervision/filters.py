"""Filters of letters."""

from __future__ import annotations

import django_filters

from common.filters import DateRangeFilter, SearchFilter, VisibleFilter, YesNoFilter
from supervision.letter_kinds import KINDS
from supervision.models import SupervisionLetter
from units.models import Unit


class LetterFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "title"], placeholder="文号、标题")
    kind = django_filters.ChoiceFilter(label="种类", choices=KINDS, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=SupervisionLetter.State.choices, empty_label="全部")
    unit = VisibleFilter(label="单位", model=Unit, field_name="receipts__unit")
    overdue = YesNoFilter(label="逾期未答复", method="filter_overdue")
    sent = DateRangeFilter(field_name="sent_on", label="发出日期")

    def filter_overdue(self, rows, name, value):  # type: ignore[no-untyped-def]
        late = SupervisionLetter.objects.overdue().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)
