"""A number too large for any key is the key of nothing.

Django answers so where a model's key is a number of its own, and lets the database raise where the key is a relation or
a relation is asked for by its number. Addresses, filters and other systems send whatever they like.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignKey
from django.db.models.fields.related_lookups import RelatedExact

LARGEST = 2**63 - 1


class KeyExact(RelatedExact):
    """`mine=…` that finds nothing for a number beyond a BIGINT, in place of an error of the database."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, int) and not -LARGEST <= self.rhs <= LARGEST:
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)


def connect() -> None:
    """Let every relation be asked for so; called once from the app's `ready`."""
    ForeignKey.register_lookup(KeyExact)
