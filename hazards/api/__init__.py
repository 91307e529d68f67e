"""The register of hazards, as other systems see it and write it."""

from .acts import ACTS
from .nouns import RESOURCES

__all__ = ["ACTS", "RESOURCES"]
