"""Imports for tests: an invented plan document, and imports of it in any state."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tasks.models import PlanImport
from tasks.services.imports import receive_plan
from units.models import Region, User

PLAN = """青岚县安全生产委员会办公室文件
青安办〔2026〕7号
青岚县矿山安全专项整治实施方案
为做好全县矿山安全工作，制定本方案。
一、工作目标
到2026年底，全县单班下井人数减少10%以上。
二、主要任务
（一）夯实安全基础
1.建立隐患台账。对全县矿山逐矿登记隐患，明确专人管理。（责任单位：县应急管理局、县能源局；完成时限：2026年12月底前）
2.开展自查自改。各矿每月组织一次全面自查。（责任单位：各煤矿企业；完成时限：长期坚持）
（二）严格监督执法
3.严查重大隐患。对拒不整改的依法处罚。（责任单位：县能源管理部；完成时限：2026年9月底前）
4.加强应急准备。每半年组织一次应急演练。（责任单位：石门镇人民政府；完成时限：长期坚持）
三、实施步骤
（一）动员部署（2026年1月至3月）。各单位制定细则。
（二）集中整治（2026年4月至12月）。全面排查整改。
四、保障措施
（一）加强组织领导。各单位主要负责人亲自抓。
青岚县安全生产委员会办公室
2026年1月5日
"""

Capture = Callable[..., AbstractContextManager[Any]]


def read_import(
    capture: Capture, by: User, region: Region, *, text: str = PLAN, data: bytes | None = None, **more: Any
) -> PlanImport:
    """Hand a plan in and let the job read it; the row as it then stands."""
    with capture(execute=True):
        row = receive_plan(by=by, region=region, name=more.pop("name", "方案.txt"), data=data or text.encode(), **more)
    row.refresh_from_db()
    return row


def key_of(row: PlanImport, number: str) -> str:
    """The key of the task with a printed number."""
    return next(task["key"] for task in row.draft["tasks"] if (task["number"] or "").startswith(number))
