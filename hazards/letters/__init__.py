"""The official papers that the register makes."""

from hazards.letters.hand_over import hand_over_letter
from hazards.letters.investigation import investigation_report
from hazards.letters.listing import PAPERS, Paper, proposed_items

__all__ = ["PAPERS", "Paper", "hand_over_letter", "investigation_report", "proposed_items"]
