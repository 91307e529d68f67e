"""How levels of hazards look, the same on every page."""

from __future__ import annotations

from django.utils.safestring import SafeString

from common.templatetags.page import status
from hazards.models import Hazard


def level_chip(hazard: Hazard) -> SafeString:
    """The level as a chip; what nobody has graded yet shows the system's proposal in words."""
    if hazard.level:
        return status(f"level.{hazard.level}", hazard.get_level_display())
    return status("level.none", f"待定级（建议{hazard.get_proposed_level_display()[:2]}）")
