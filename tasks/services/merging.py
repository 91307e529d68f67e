"""What happens to duties when two entries of one unit become one."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from common.errors import Refused
from common.history import record_many
from tasks.models import Assignment
from units.models import Unit, User


def settle_shared_duties(*, by: User, keep: Unit, gone: Unit) -> None:
    """Withdraw what `gone` owes on tasks that `keep` owes as well, as long as nobody has worked on it.

    Raises Refused where somebody has, or where the duty of `keep` was itself withdrawn: a person has to choose.
    """
    kept = Assignment.objects.filter(unit=keep)
    shared = Assignment.objects.filter(unit=gone, withdrawn_on=None, task__in=kept.values("task"))
    worked_on = ~Q(state=Assignment.State.NOT_STARTED) | Q(progress__isnull=False)
    gone_from_kept = Q(task__in=kept.exclude(withdrawn_on=None).values("task"))
    in_the_way = list(shared.filter(worked_on | gone_from_kept).select_related("task").distinct()[:3])
    if in_the_way:
        titles = "、".join(f"“{row.task.heading}”" for row in in_the_way)
        raise Refused(f"{titles}两个单位都在承担，“{gone.name}”已有填报。请改为保留“{gone.name}”，再合并一次。")
    rows = list(shared)
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_on=timezone.localdate())
    record_many("assignment.withdrawn", rows, by=by, note=f"重复单位并入：{keep.name}")
