"""What a bureau does first: told on its first page until a campaign is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists
from django.urls import reverse

from mines.models import Mine
from tasks.models import Campaign, PlanImport
from units.models import Role, Unit, User


@dataclass(frozen=True)
class FirstStep:
    """One thing to set up, and whether it is there."""

    title: str
    words: str
    url: str
    is_done: bool


def first_steps(user: User) -> list[FirstStep]:
    """The steps that this user can take, in the order in which they build on each other (one query)."""
    units, accounts = Unit.objects.visible_to(user), User.objects.visible_to(user)
    there: dict[str, Any] = {
        "units": Exists(units.exclude(users=user)),
        "accounts": Exists(accounts.exclude(pk=user.pk)),
        "mines": Exists(Mine.objects.visible_to(user)),
        "imports": Exists(PlanImport.objects.visible_to(user)),
        "campaigns": Exists(Campaign.objects.visible_to(user)),
    }
    is_there: Any = User.objects.filter(pk=user.pk).values(**there)[0]
    steps = [
        FirstStep(
            "登记单位",
            "部门、乡镇、企业和矿山。有通讯录的，按模板批量导入；方案里的责任单位都从这里找。",
            reverse("units:unit_imports"),
            is_there["units"],
        ),
        FirstStep(
            "建立一矿一册",
            "煤矿、非煤矿山和尾矿库的类型、能力、灾害等级和证照，按模板批量导入，以后由矿山每月核对。",
            reverse("mines:mine_imports"),
            is_there["mines"],
        ),
        FirstStep(
            "导入方案",
            "上传上级或本级的行动方案（Word、PDF、Excel、网页都可以），核对任务、责任单位和时限后确认。",
            reverse("tasks:imports") if is_there["imports"] else reverse("tasks:import_new"),
            is_there["campaigns"],
        ),
    ]
    if user.role == Role.BUREAU_ADMIN:
        words = "每人一个账号，激活码当面交给本人，由本人设置密码；人多的按模板批量导入。"
        steps.insert(1, FirstStep("开通账号", words, reverse("units:accounts"), is_there["accounts"]))
    return steps
