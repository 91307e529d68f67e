"""Campaigns and what units owe, as other systems see them and write them."""

from .acts import ACTS
from .nouns import RESOURCES

__all__ = ["ACTS", "RESOURCES"]
