"""Writing the words of a consolidated report."""

from __future__ import annotations

from django.db import transaction

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from supervision.models import ConsolidatedNarrative
from tasks.models import ReportingRule
from units.models import User


def check_may_consolidate(by: User, rule: ReportingRule) -> None:
    """The bureau of the region that collects the reports writes the words."""
    if not by.reviews or by.unit is None or not rule.campaign.region_id.startswith(by.unit.region.prefix):
        raise NotAllowed("汇总文字由本地区应急管理局的工作人员编写。")


@transaction.atomic
def write_narrative(
    *, by: User, rule: ReportingRule, period: str, version: int, progress: str, problems: str = "", plans: str = ""
) -> ConsolidatedNarrative:
    """Add a version of the words of a period; `version` is the one that was shown, 0 for the draft.

    Raises Conflict when somebody else has written one since.
    """
    check_may_consolidate(by, rule)
    if not progress.strip():
        raise Refused("请写总体进展。", code="invalid", fields={"progress": ["请写总体进展。"]})
    # The rule's row keeps two people who press at once one after the other.
    ReportingRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    versions = ConsolidatedNarrative.objects.filter(rule=rule, period=period)
    latest: int = versions.order_by("-version").values_list("version", flat=True).first() or 0
    if latest != version:
        raise Conflict("您编写时，别人也保存了一稿（见下面）。请对照合并您的文字，再保存一次。")
    written: ConsolidatedNarrative = ConsolidatedNarrative.objects.create(
        rule=rule,
        period=period,
        version=latest + 1,
        progress=progress.strip(),
        problems=problems.strip(),
        plans=plans.strip(),
        edited_by=by,
    )
    record("consolidatednarrative.written", written, by=by, after={"version": written.version})
    return written
