"""Who may open the pages of the directory, and what they find there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from common.errors import NotAllowed
from units.models import Unit, UnitGroup
from units.services import check_keeps_directory
from units.views.accounts import user_of

SHOWN = 100


class ForReaders:
    """Groups and regions are for whoever reads the region."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).reads_region:
            raise NotAllowed("单位目录由局里查看和维护；本单位的资料请在“我的账号”中打开。")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class ForKeepers:
    """Forms that write the directory answer 403 before anything is typed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_keeps_directory(user_of(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def visible_unit(request: HttpRequest, pk: int) -> Unit:
    found: Unit = get_object_or_404(Unit.objects.visible_to(user_of(request)).select_related("region", "parent"), pk=pk)
    return found


def visible_group(request: HttpRequest, pk: int) -> UnitGroup:
    found: UnitGroup = get_object_or_404(UnitGroup.objects.visible_to(user_of(request)), pk=pk)
    return found
