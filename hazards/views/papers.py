"""Official letters as files."""

from common.letters.response import FORMATS, paper_response

__all__ = ["FORMATS", "paper_response"]
