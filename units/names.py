"""How printed names of units are compared."""

import re
import unicodedata

_NOISE = re.compile(r"[\s·•\"“”'‘’]+")


def name_key(name: str) -> str:
    """Fold a printed name for exact comparison: NFKC (full-width forms), no white space, no quotation marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()
