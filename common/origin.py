"""From which network address the present request came, for the history to note beside the name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("address", default=None)


@contextmanager
def coming_from(address: str | None) -> Iterator[None]:
    """Everything recorded within comes from this address; None for a job, and for who may stay unknown."""
    token = _address.set(address or None)
    try:
        yield
    finally:
        _address.reset(token)


def present_address() -> str | None:
    return _address.get()
