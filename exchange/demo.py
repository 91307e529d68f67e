"""The demo county has opened its ledger to the province's platform; the token was handed over long ago.

Sending by the clock is set up and still off: the province has not said yet that it is ready.
"""

from __future__ import annotations

from typing import Any

from common.history import record
from exchange.models import ExchangeLine
from exchange.services.accounts import change_mapping, issue_token, open_service_account
from units.models import Role

ADDRESS = "https://platform.example/exchange/hazards"
"""A name that RFC 2606 keeps for examples: nobody answers there."""
WORDS = {
    "hazards": {
        "name": "yhxx",
        "fields": {"number": "yhbh", "description": "yhms", "level": "yhjb"},
        "codes": {"level": {"major": "1", "general": "2"}},
    }
}


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
    change_mapping(by=county.admin, account=account, mapping=WORDS)
    # Not by its service, which looks the address up: a demo is made without a network.
    line = ExchangeLine.objects.create(
        account=account, name="每天向省平台报送隐患", direction=ExchangeLine.Direction.PUSH, address=ADDRESS,
        nouns=["hazards", "listings"], created_by=county.admin,
    )  # fmt: skip
    record("exchangeline.opened", line, by=county.admin, after={"account": account, "address": ADDRESS})
