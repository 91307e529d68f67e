"""What pages of reminders share in their looks."""

from __future__ import annotations

from django.utils.safestring import SafeString

from common.templatetags.page import status
from supervision.models import Rung

ICONS = {"red": "alert", "amber": "clock", "grey": "circle"}


def step_chip(rung: Rung) -> SafeString:
    """The step that was told, in the colour that it had then: what was settled since does not stay red by the day."""
    return status("reminder.step", rung.step_label, rung.tone, ICONS[rung.tone])
