"""What a password must be (GB/T 22239-2019, 8.1.4.1: complex, and changed from time to time)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from common.pinyin import spelling
from units.models import FormerPassword, User

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 128
CLASSES_NEEDED = 3
REMEMBERED = 5


class StrongPasswordValidator:
    """At least ten characters of three of the four classes, and nothing in it that names the person."""

    def validate(self, password: str, user: User | None = None) -> None:
        faults = []
        if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
            faults.append(f"密码须有{MINIMUM_LENGTH}至{MAXIMUM_LENGTH}个字符，现在是{len(password)}个。")
        if len({class_of(letter) for letter in password}) < CLASSES_NEEDED:
            faults.append("大写字母、小写字母、数字、符号，密码中至少要有其中三类。")
        if user is not None:
            folded = unicodedata.normalize("NFKC", password).lower()
            faults += [f"密码中不能含有您的{what}。" for what, word in own_words(user) if word in folded]
        if faults:
            raise ValidationError(list(dict.fromkeys(faults)), code="password_too_weak")

    def get_help_text(self) -> str:
        return (
            f"至少{MINIMUM_LENGTH}个字符，含大写字母、小写字母、数字、符号中的三类；"
            f"不能含登录名、姓名或手机号，不能与最近{REMEMBERED}次用过的相同。"
        )


class UncommonPasswordValidator(CommonPasswordValidator):
    """None of the twenty thousand that everybody tries first."""

    def get_error_message(self) -> str:
        return "这个密码太常见，容易被人猜到，请换一个。"

    def get_help_text(self) -> str:
        return ""


class NotRecentPasswordValidator:
    """None of the last five. Django calls `password_changed` after each change, which is where they are kept."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        kept = FormerPassword.objects.filter(user=user).values_list("password", flat=True)[:REMEMBERED]
        if any(check_password(password, former) for former in kept):
            raise ValidationError(f"不能使用最近{REMEMBERED}次用过的密码，请换一个。", code="password_used_before")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None or not user.has_usable_password():
            return
        FormerPassword.objects.create(user=user, password=user.password)
        kept = FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[:REMEMBERED]
        FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        return ""


def class_of(letter: str) -> str:
    """Tell the class of one character: digit, upper, lower, or a sign (to which Chinese characters belong)."""
    if letter.isdigit():
        return "digit"
    if letter.isupper():
        return "upper"
    return "lower" if letter.islower() else "sign"


def own_words(user: User) -> Iterator[tuple[str, str]]:
    """Yield what a stranger who knows the person would try first."""
    if user.username:
        yield "登录名", user.username.lower()
    if user.name:
        yield "姓名", user.name.lower()
        pinyin = spelling(user.name)
        # A syllable or two of letters would forbid half of all passwords.
        if len(pinyin) >= 5:
            yield "姓名", pinyin
    phone = "".join(filter(str.isdigit, user.phone))
    if len(phone) >= 7:
        yield "手机号", phone
        yield "手机号", phone[-8:]
