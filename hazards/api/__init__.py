"""The register of hazards, as other systems see it and write it."""

from .acts import ACTS
from .aside import ASIDE
from .nouns import NOUNS

RESOURCES = (*NOUNS, *ASIDE)

__all__ = ["ACTS", "RESOURCES"]
