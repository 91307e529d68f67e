"""The demo county has opened its ledger to the province's platform; the token was handed over long ago."""

from __future__ import annotations

from typing import Any

from exchange.services.accounts import issue_token, open_service_account
from units.models import Role


def load_accounts(county: Any) -> None:
    account = open_service_account(
        by=county.admin,
        name="省级监管平台",
        unit=county.admin.unit,
        role=Role.AUDITOR,
        purpose="每天凌晨拉取隐患、挂牌督办和月报，汇总到全省。",
        contact="省局信息中心 林工",
        scopes=["changes:read", "evidence:read", "hazards:read", "listings:read", "mines:read", "reports:read"],
        networks=["10.0.0.0/8"],
    )
    issue_token(by=county.admin, account=account, days=180)
