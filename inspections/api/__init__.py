"""Visits, what they are planned and made by, and what was counted of them, as other systems see them."""

from .nouns import RESOURCES
from .tables import TABLES

__all__ = ["RESOURCES", "TABLES"]
