"""System checks of the deployment: `manage.py check` and every start run them.

What makes a start impossible (secret, DEBUG, hosts) is refused earlier, in environment.py; what only weakens it is
a warning here, so that `manage.py check --deploy` tells the operator about it too.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError


@register(Tags.security, deploy=True)
def check_database_engine(**_: Any) -> list[CheckMessage]:
    """SQLite carries one bureau on one machine; many writers need PostgreSQL."""
    if settings.PRODUCTION and settings.ENVIRONMENT.uses_sqlite:
        return [
            Warning(
                "正式环境使用的是 SQLite，只适合单机、少量用户。",
                hint="设置 DATABASE_URL=postgres://… 改用 PostgreSQL。",
                id="campaign_tracker.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_https(**_: Any) -> list[CheckMessage]:
    """Without TLS a password can be read on its way."""
    if settings.PRODUCTION and not settings.ENVIRONMENT.https:
        return [
            Warning(
                "HTTPS=0：密码和数据在网络中不加密传输，仅限封闭内网使用。",
                hint="在反向代理上配置证书，并删去 HTTPS=0。",
                id="campaign_tracker.W002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_second_factor(**_: Any) -> list[CheckMessage]:
    """Whoever learns an administrator's password can open any account."""
    if settings.PRODUCTION and not settings.SECOND_FACTOR:
        return [
            Warning(
                "SECOND_FACTOR=0：局管理员只凭密码登录。",
                hint="删去 SECOND_FACTOR=0，局管理员下次登录时会被引导设置两步验证。",
                id="campaign_tracker.W004",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_broker(**_: Any) -> list[CheckMessage]:
    """A broker on another machine without a password takes tasks from anybody."""
    url = settings.CELERY_BROKER_URL
    if settings.PRODUCTION and not settings.ENVIRONMENT.own_broker and "@" not in url and "+socket" not in url:
        return [
            Warning(
                "CELERY_BROKER_URL 没有密码，能连到该端口的人都可以提交后台任务。",
                hint="给 Redis/Valkey 设置密码：redis://:密码@主机:6379/0。",
                id="campaign_tracker.W003",
            )
        ]
    return []


@register(Tags.database)
def check_demo_accounts(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Everybody knows the password of the demo accounts; `manage.py check --database default` looks for them."""
    if settings.PRODUCTION and databases and (names := demo_usernames()):
        return [
            Error(
                f"正式环境的数据库里有演示账号（{'、'.join(names[:5])}，共{len(names)}个），任何人都知道其密码。",
                hint="请为正式环境换一个新数据库（DATABASE_URL）。",
                id="campaign_tracker.E001",
            )
        ]
    return []


def demo_usernames() -> list[str]:
    """The user names of the demo accounts in this database; none before its tables exist."""
    try:
        users = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(is_demo=True, is_active=True)
        return list(users.order_by("username").values_list("username", flat=True))
    except DatabaseError:
        return []
