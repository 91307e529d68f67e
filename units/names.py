"""How printed names of units are compared."""

import re
import unicodedata

_NOISE = re.compile(r"[\s·•\"“”'‘’]+")


def name_key(name: str) -> str:
    """Fold a printed name for exact comparison: NFKC (full-width forms), no white space, no quotation marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()


_SPACE_BY_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])")


def tidy_name(text: str) -> str:
    """A name without the spaces that tables put between Chinese characters to fill the cell."""
    return " ".join(_SPACE_BY_CHINESE.sub("", text.strip()).split())


def clean_credit_code(text: str | None) -> str | None:
    """A unified social credit code out of a paper: narrow, in capitals, without spaces and dashes; None for nothing."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text or "")).upper() or None
