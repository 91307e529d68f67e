"""The second step of a log-in: set up, asked for, and taken away where a phone was lost (GB/T 22239-2019, 8.1.4.1)."""

from __future__ import annotations

import secrets
from hmac import compare_digest

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common.errors import Refused
from common.history import record
from units.models import RecoveryCode, SecondFactor, User
from units.models.accounts import CODE_LETTERS, Activation
from units.services.accounts import check_keeps_accounts
from units.services.sessions import end_sessions_of

ISSUER = "矿山安全专项行动"
RECOVERY_CODES = 10
CLOCK_STEPS = (0, -1, 1)
"""Half minutes by which a phone's clock may differ."""


@transaction.atomic
def begin_second_factor(*, by: User) -> str:
    """The secret that a person's app is to take in, the same until it is confirmed. Raises Refused for a second one."""
    row, _ = SecondFactor.objects.select_for_update().get_or_create(user=by, defaults={"secret": pyotp.random_base32()})
    if row.confirmed_at is not None:
        raise Refused("您已启用两步验证；换手机时请先停用再重新设置。", code="second_factor_set")
    return str(row.secret)


def address_for_app(user: User, secret: str) -> str:
    """The otpauth address that the square picture holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)


@transaction.atomic
def confirm_second_factor(*, by: User, code: str) -> list[str]:
    """Begin to ask for the second step, once a number shows that the app has the secret; answers the recovery codes.

    They are shown once. Raises Refused for a number that does not fit.
    """
    row = SecondFactor.objects.select_for_update().filter(user=by, confirmed_at=None).first()
    step = None if row is None else _step_of(row, code)
    if row is None or step is None:
        sentence = "动态口令不对。请看手机上的时间是否准确，输入当前显示的6位数字。"
        raise Refused(sentence, code="wrong_code", fields={"code": [sentence]})
    row.confirmed_at, row.last_step = timezone.now(), step
    row.save(update_fields=["confirmed_at", "last_step"])
    record("user.second_factor_set", by, by=by)
    return _new_codes(by)


@transaction.atomic
def try_second_factor(*, by: User, code: str) -> bool:
    """Whether a number of the app or an unused recovery code was given; what fits is good once.

    Each failure is told in the history; SECOND_FACTOR_FAILURES in a row close the door for AXES_COOLOFF_TIME, from
    wherever they came. Raises Refused while it is closed.
    """
    row = SecondFactor.objects.select_for_update().filter(user=by, confirmed_at__isnull=False).first()
    if row is None:
        raise Refused("还没有启用两步验证，请先设置。", code="no_second_factor")
    if row.is_blocked:
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        raise Refused(
            f"连续输错次数太多，请{minutes}分钟后再试；手机丢失的，请另一位局管理员重置两步验证。",
            code="second_factor_blocked",
        )
    step = _step_of(row, code)
    if step is not None or _use_recovery_code(by, code):
        row.last_step, row.failures, row.blocked_until = step or row.last_step, 0, None
        row.save(update_fields=["last_step", "failures", "blocked_until"])
        return True
    row.failures += 1
    blocked = row.failures >= settings.SECOND_FACTOR_FAILURES
    if blocked:
        row.failures, row.blocked_until = 0, timezone.now() + settings.AXES_COOLOFF_TIME
    row.save(update_fields=["failures", "blocked_until"])
    record("user.second_factor_blocked" if blocked else "user.second_factor_failed", by, by=by)
    return False


@transaction.atomic
def renew_recovery_codes(*, by: User) -> list[str]:
    """New codes in place of all old ones, for somebody who has just given a number."""
    record("user.recovery_codes_made", by, by=by)
    return _new_codes(by)


@transaction.atomic
def remove_second_factor(*, by: User) -> None:
    """Take one's own away, such as for another phone; whoever must have one is asked to set it up again."""
    _remove(by)
    record("user.second_factor_removed", by, by=by)


@transaction.atomic
def reset_second_factor(*, by: User | None, account: User) -> None:
    """Take somebody else's away whose phone is lost, and end their log-ins; None for the operator of the machine.

    Raises NotAllowed for whoever keeps no accounts, Refused for one's own.
    """
    if by is not None:
        check_keeps_accounts(by, account)
        if account.pk == by.pk:
            raise Refused("自己的两步验证请在“我的账号”中更换。", code="own_account")
    if not SecondFactor.objects.filter(user=account).exists():
        raise Refused("这个账号没有启用两步验证。", code="no_second_factor")
    _remove(account)
    end_sessions_of(account)
    record("user.second_factor_reset", account, by=by)


def _remove(user: User) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _step_of(row: SecondFactor, code: str) -> int | None:
    """The half minute of which this is the number, unless it or a later one was taken before."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(row.secret)
    now = totp.timecode(timezone.now())
    for step in (now + shift for shift in CLOCK_STEPS):
        if step > row.last_step and compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def _use_recovery_code(user: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, code_hash=Activation.hash_of(code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    record("user.recovery_code_used", user, by=user, note=f"还剩{left}个备用码")
    return True


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=Activation.hash_of(code)) for code in codes)
    return codes


def _new_code() -> str:
    """50 random bits: as many as the limit on attempts asks for, and few enough to be typed from paper."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"
