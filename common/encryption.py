"""Personal data and secrets, unreadable in the database and in every copy of it.

A field is a Fernet token (AES-128-CBC with HMAC-SHA-256) under the first of `settings.FIELD_KEYS`; the others still open
what was written under them, until `manage.py rotate_keys` has brought every row under the first. An empty text stays
empty, so that "nothing given" can be asked for; nothing else can: such a column has no order, no search and no index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Cast

TOKEN_START = "gAAAA"
"""How every Fernet token begins: its version, and a time before the year 2106."""
CHUNK = 500


class WrongFieldKey(Exception):
    """What stands in the database opens with none of the keys of FIELD_KEYS."""


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Open a token. Raises WrongFieldKey."""
    return _opened(token, tuple(settings.FIELD_KEYS))


# The same people stand beside hundreds of rows of a page.
@lru_cache(maxsize=4096)
def _opened(token: str, keys: tuple[str, ...]) -> str:
    try:
        return _box(keys).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise WrongFieldKey("A value opens with none of the keys of FIELD_KEYS.") from error


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text that only the program can read; `max_length` is that of the clear text.

    Filter by it with "" or isnull only. History shows the outer digits of such a value (see `Hidden`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if not isinstance(value, str) or not value:
            return super().get_db_prep_save(value, connection)
        return encrypt(value)

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        # What was written before the column was encrypted, by a server that does not know of it yet, is read as it is.
        return decrypt(value) if value and value.startswith(TOKEN_START) else value


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value of an encrypted field on its way into the history, which everybody reads: equal only to the same value."""

    value: str = ""

    def __str__(self) -> str:
        """138****8000; of a short one the last two characters."""
        if len(self.value) >= 11:
            return f"{self.value[:3]}****{self.value[-4:]}"
        return f"****{self.value[-2:]}" if len(self.value) > 4 else "****" if self.value else ""


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    for model in apps.get_models():
        if not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, EncryptedTextField):
                    yield model, field


def rotate_field(model: type[models.Model], name: str, *, discard: bool = False) -> int:
    """Bring every value of a field under the first key, also what still stands in clear, and return how many.

    A row that somebody changes at the same moment keeps the change. With `discard`, what no key opens is emptied;
    without it that raises WrongFieldKey. May be run again at any time.
    """
    first = Fernet(settings.FIELD_KEYS[0])
    rows = model._base_manager.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True}).order_by("pk")
    stored = rows.annotate(stored=Cast(name, models.TextField())).values_list("pk", "stored")
    last: Any = None
    done = 0
    while chunk := list((stored if last is None else stored.filter(pk__gt=last))[:CHUNK]):
        for pk, token in chunk:
            if _is_under(first, token):
                continue
            try:
                clear = decrypt(token) if token.startswith(TOKEN_START) else token
            except WrongFieldKey:
                if not discard:
                    raise
                clear = ""
            # Comparing with what was read leaves alone what somebody has written since, under the first key.
            done += model._base_manager.filter(pk=pk, **{name: token}).update(**{name: clear})
        last = chunk[-1][0]
    return done


def _is_under(key: Fernet, token: str) -> bool:
    try:
        key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def unreadable_fields() -> list[str]:
    """The fields whose newest value opens with none of the keys: the sign of a lost or a foreign FIELD_KEYS."""
    found = []
    for model, field in encrypted_fields():
        rows = model._base_manager.exclude(**{field.name: ""}).exclude(**{f"{field.name}__isnull": True})
        try:
            rows.order_by("-pk").values_list(field.name, flat=True).first()
        except WrongFieldKey:
            found.append(f"{model._meta.verbose_name}·{field.verbose_name}")
    return found
