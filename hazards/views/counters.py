"""What a mine's hazards add up to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from hazards.counters import counters_of
from units.models import Unit
from units.requests import user_of


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The counters of one mine; 404 for a unit that is no mine or not this user's to see."""
    rows = Unit.objects.visible_to(user_of(request)).select_related("region", "parent", "mine")
    mine = get_object_or_404(rows, pk=pk, kind=Unit.Kind.MINE)
    return render(request, "hazards/mine.html", {"counters": counters_of(mine), "mine": mine})
