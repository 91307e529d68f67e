"""What people do to their own account."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from common.errors import Refused
from common.history import record, snapshot
from units.models import AccountSession, User
from units.services.directory import check_fields
from units.services.sessions import end_sessions_of

DETAILS = ("phone", "email", "duty")


@transaction.atomic
def change_own_password(*, by: User, old: str, new: str, session_key: str | None = None) -> None:
    """Replace a person's own password and end their log-ins on every other device.

    Raises Refused, with the faults of each field, for a wrong old password or a new one that breaks the rule.
    """
    if not by.check_password(old):
        raise Refused(
            "当前密码不正确，请重新输入。", code="wrong_password", fields={"old": ["当前密码不正确，请重新输入。"]}
        )
    set_password(by, new, field="new")
    end_sessions_of(by, except_key=session_key)
    record("user.password_changed", by, by=by)


def set_password(user: User, password: str, *, field: str) -> None:
    """Check a password against the rule and store it; raises Refused with the faults beside `field`."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults = list(error.messages)
        raise Refused(" ".join(faults), code="weak_password", fields={field: faults}) from error
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])


@transaction.atomic
def change_own_details(*, by: User, phone: str, email: str, duty: str) -> User:
    """Change what people keep current themselves; name, unit and role are the administrator's."""
    before = snapshot(by, DETAILS)
    by.phone, by.email, by.duty = phone.strip(), email.strip(), duty.strip()
    check_fields(by)
    by.save(update_fields=DETAILS)
    after = snapshot(by, DETAILS)
    if before != after:
        record("user.changed", by, by=by, before=before, after=after)
    return by


@transaction.atomic
def end_session(*, by: User, session: AccountSession) -> None:
    """End one of the user's own log-ins, such as one left open on somebody else's computer."""
    if session.user_id != by.pk:
        raise Refused("只能结束自己的登录。")
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    record("user.sessions_ended", by, by=by, note=f"结束{session.device}上的登录")


@transaction.atomic
def end_other_sessions(*, by: User, session_key: str | None) -> int:
    """End the user's log-ins everywhere else and return how many there were."""
    count = end_sessions_of(by, except_key=session_key)
    if count:
        record("user.sessions_ended", by, by=by, note=f"结束其他{count}处登录")
    return count
