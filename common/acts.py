"""The page-less view behind the buttons of a thing: one move, made by its service, and where it leads."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.generic import View

from common.navigation import back_address
from common.statuses import status_of
from common.transitions import advance, allowed_actions


def after_act(request: HttpRequest, row: Any, page: str = "") -> HttpResponseRedirect:
    """Lead on after a move: to the thing (`page`) while its next step is this user's too, else where they came from.

    The next step is a move that the table calls primary; what it still lacks is done on that page as well.
    """
    page = page or row.get_absolute_url()
    goes_on = any(act.style == "primary" for act in allowed_actions(row, request.user))
    return HttpResponseRedirect(page if goes_on else back_address(request, page))


class ActPage(View):
    """Takes what `{% actions row %}` sends: `act`, `note` and `back`. Hang it at the row's own address + `act/`.

    `services` names the service of an action that does more than the bare move; it is called with the row, `by` and
    `note`. Every other action goes to `common.transitions.advance`. Refusals are answered by the middleware.
    """

    http_method_names = ["post"]
    model: ClassVar[type[Model]]
    services: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]
        return rows

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(), **kwargs)
        action, note = request.POST.get("act", ""), request.POST.get("note", "")
        service = self.services.get(action)
        if service is not None:
            service(row, by=request.user, note=note)
        else:
            advance(row, action, by=request.user, note=note)
        row.refresh_from_db()
        messages.success(request, f"已办理，现在的状态是“{status_of(row.state, row.get_state_display()).label}”。")
        return after_act(request, row)
