"""The page-less view behind the buttons of a thing: one move, made by its service, then back."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.generic import View

from common.navigation import back_address
from common.statuses import status_of
from common.transitions import advance


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
        return HttpResponseRedirect(back_address(request, row.get_absolute_url()))
