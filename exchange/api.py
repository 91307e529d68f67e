"""The views of /api/v1/. Every one begins with what the account may see; what is not its own is not there (404)."""

from __future__ import annotations

import datetime as dt
import re
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import views as pages
from common.api import Act, Resource, Table
from common.errors import NotAllowed
from common.history import record
from common.models import Evidence
from exchange.changes import events_after, visible_changes
from exchange.paging import cursor_for, key_in, limit_of, next_url
from exchange.problems import invalid
from exchange.reading import (
    ACTIONS,
    add_parts,
    changed_since,
    etag_of,
    first_rows,
    names_of,
    parts_of,
    read_one,
    records,
    visible_rows,
)
from exchange.resources import RESOURCES, TABLES, acts_on, making
from exchange.scopes import CHANGES, EVIDENCE
from exchange.writing import act_on, answer_once, known_as, make, push

OWN_PARAMETERS = {"cursor", "limit", "fields", "expand", "updated_after"}
NUL = "\x00"


class ApiView(APIView):
    """What all views share: the noun that a scope names, and the headers of the rate limit on every answer."""

    noun = ""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # A problem is whole as it is: its media type is not up for negotiation.
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(getattr(request, "_request", request), "rate", {}).items():
            answer[name] = value
        answer["Cache-Control"] = "private, no-cache"
        return answer

    def check_parameters(self, request: Request, known: set[str]) -> None:
        """Refuse a parameter that nobody reads: a slip in its name must not answer with everything."""
        if unknown := sorted(set(request.query_params) - known):
            raise invalid({name: ["没有这个查询参数，请对照接口说明核对。"] for name in unknown}, "unknown_parameter")
        if any(NUL in value for _, values in request.query_params.lists() for value in values):
            raise invalid({"": ["查询参数中有不能使用的字符。"]})


class Root(ApiView):
    """What there is, and what this account may do with it."""

    def get(self, request: Request) -> Response:
        self.check_parameters(request, set())
        account = request.user.service_account
        return Response(
            {
                "account": account.user.name,
                "unit": account.user.unit_id,
                "scopes": request.user.scopes,
                "expires_at": request.auth.expiry,
                "resources": {
                    name: reverse(f"exchange:{name}")
                    for name, scope in (
                        *((one.name, one.scope) for one in RESOURCES.values()),
                        *((one.name, one.scope) for one in TABLES),
                    )
                    if f"{scope}:read" in request.user.scopes
                },
            }
        )


def chosen(request: Request, parameter: str, known: list[str]) -> list[str]:
    """The names, parted by commas, that a parameter asks for. Raises a problem for a name that is not known."""
    names = [name for name in request.query_params.get(parameter, "").split(",") if name]
    if unknown := [name for name in names if name not in known]:
        raise invalid({parameter: [f"没有“{name[:40]}”，可以用：{'、'.join(known)}。" for name in unknown[:5]]})
    return names


class ResourceList(ApiView):
    """A page of one noun, ordered by key."""

    resource: Resource

    def get(self, request: Request) -> Response:
        resource, filters = self.resource, self.filter_names()
        self.check_parameters(request, OWN_PARAMETERS | filters)
        fields = chosen(request, "fields", names_of(resource)) or names_of(resource)
        expand = chosen(request, "expand", parts_of(resource))
        limit = limit_of(request)
        rows = self.filtered(request, visible_rows(resource, request.user))
        if text := request.query_params.get("updated_after", ""):
            rows = changed_since(resource, rows, moment_in(text))
        if cursor := request.query_params.get("cursor", ""):
            rows = rows.filter(pk__gt=key_in(cursor, resource.model))
        found = records(resource, first_rows(resource, rows, request.user, limit + 1), set(fields), request.user)
        more, found = len(found) > limit, found[:limit]
        add_parts(resource, found, expand, request.user)
        following = next_url(request, cursor_for(found[-1][0])) if more else None
        return Response({"results": [one for _, one in found], "next": following})

    @classmethod
    def filter_names(cls) -> set[str]:
        return {parameter for parameter, _, _ in filter_parameters(cls.resource)}

    def filtered(self, request: Request, rows: Any) -> Any:
        if self.resource.filters is None or not self.filter_names() & set(request.query_params):
            return rows  # building the filters' form costs as much as fifty rows
        asked = self.resource.filters(request.query_params, rows, request=request)
        if not asked.is_valid():
            raise invalid({name: [str(line) for line in lines] for name, lines in asked.errors.items()})
        return asked.qs.order_by("pk")


def moment_in(text: str) -> Any:
    """The moment in `updated_after`; one without a time zone could mean two things and is refused."""
    try:
        # A plus sign in an address that was not escaped arrives as a blank.
        moment = parse_datetime(re.sub(r" (?=\d{2}:?\d{2}$)", "+", text))
        if moment is not None and is_aware(moment):
            return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):  # the latter for an hour before the first day or after the last
        pass
    raise invalid({"updated_after": ["请写成带时区的时间，例如 2026-11-01T00:00:00Z。"]})


def filter_parameters(resource: Resource) -> list[tuple[str, str, list[str]]]:
    """Name, words and choices of every parameter that the noun's filter set reads."""
    found: list[tuple[str, str, list[str]]] = []
    for name, one in (resource.filters.base_filters if resource.filters else {}).items():
        label = str(one.label or name)
        if type(one).__name__ == "DateRangeFilter":
            found += [(f"{name}_after", f"{label}：从", []), (f"{name}_before", f"{label}：到", [])]
        else:
            choices = one.extra.get("choices") or []
            found.append((name, label, [str(key) for key, _ in choices] if not callable(choices) else []))
    return found


class ResourceDetail(ApiView):
    """One record, whole: with its parts, its files and what this account may do with it now."""

    resource: Resource

    def get(self, request: Request, key: str) -> HttpResponseBase:
        resource = self.resource
        known = [*names_of(resource), *parts_of(resource), *resource.told, *([ACTIONS] if resource.holds_moves else [])]
        self.check_parameters(request, {"fields"})
        fields = chosen(request, "fields", known)
        found = read_one(resource, request.user, key)
        etag = etag_of(found)
        if etag in re.findall(r'"[^"]*"', request.headers.get("If-None-Match", "")):
            answer: HttpResponseBase = HttpResponse(status=304)
        else:
            answer = Response({name: found[name] for name in fields} if fields else found)
        answer["ETag"] = etag
        return answer


class Changes(ApiView):
    """The feed of changes (see exchange/changes.py)."""

    noun = CHANGES

    def get(self, request: Request) -> Response:
        self.check_parameters(request, {"after", "limit"})
        after, limit = request.query_params.get("after", "") or "0", limit_of(request)
        if not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise invalid({"after": ["请原样使用上一次 next 中的序号，第一次用0。"]})
        found = events_after(int(after), limit)
        results = visible_changes(request.user, found, request.user.scopes)
        following = found[-1][0] if found else int(after)
        return Response({"results": results, "next": following, "more": len(found) == limit})


class TableView(ApiView):
    """Something worked out for the account's region; for those who read the whole of it."""

    table: Table

    def get(self, request: Request) -> Response:
        table, account = self.table, request.user.service_account
        self.check_parameters(request, set(table.parameters))
        if not request.user.reads_region:
            raise NotAllowed(table.turned_away)
        asked = {name: text for name, text in request.query_params.items() if text}
        region = account.region or request.user.unit.region
        return Response(table.tell(region=region, today=timezone.localdate(), asked=asked))


class EvidenceFile(ApiView):
    """The bytes of one file, for whoever sees what it is about; a photograph without the place where it was taken."""

    noun = EVIDENCE

    def get(self, request: Request, public_id: Any) -> HttpResponseBase:
        self.check_parameters(request, set())
        # The page's own view asks the same question about the right to see, with the user of the token.
        request._request.user = request.user
        answer: HttpResponseBase = pages.evidence_original(request._request, public_id)
        if answer.status_code == HTTPStatus.OK:
            file = Evidence.objects.get(public_id=public_id)
            record(
                "evidence.downloaded",
                request.user.service_account,
                by=request.user,
                after={"name": file.name, "sha256": file.sha256},
            )
        return answer


class Nothing(ApiView):
    """Any other address under the interface: a problem instead of a page."""

    def get(self, request: Request, rest: str) -> Response:
        raise NotFound

    post = put = patch = delete = get


class ActView(ApiView):
    """One act on one record."""

    act: Act

    def post(self, request: Request, key: str) -> HttpResponse:
        self.check_parameters(request, set())
        return answer_once(request, lambda: act_on(request, self.act, key))


class ExternalRecord(ApiView):
    """A record by the name that the sender's own system gave it."""

    act: Act

    def get(self, request: Request, name: str) -> HttpResponseBase:
        self.check_parameters(request, set())
        link = known_as(request, self.act.noun, name)
        found = read_one(RESOURCES[self.act.noun], request.user, link.object_id)
        answer = Response(found)
        answer["ETag"] = etag_of(found)
        return answer

    def put(self, request: Request, name: str) -> HttpResponse:
        self.check_parameters(request, set())
        return answer_once(request, lambda: push(request, self.act, name))


def makes(act: Act) -> Any:
    def post(self: ApiView, request: Request) -> HttpResponse:
        self.check_parameters(request, set())
        return answer_once(request, lambda: make(request, act))

    return post


def changes(act: Act) -> Any:
    def patch(self: ApiView, request: Request, key: str) -> HttpResponse:
        self.check_parameters(request, set())
        return answer_once(request, lambda: act_on(request, act, key))

    return patch


def camel(name: str) -> str:
    return "".join(word.title() for word in name.split("-"))


def views_of(resource: Resource) -> tuple[type[ResourceList], type[ResourceDetail]]:
    """The two views of a noun, with what may be done there."""
    name, own = camel(resource.name), {"resource": resource, "noun": resource.scope}
    on_list: dict[str, Any] = {"__doc__": ResourceList.__doc__}
    on_one: dict[str, Any] = {"__doc__": ResourceDetail.__doc__}
    for act in acts_on(resource.name):
        if act.makes:
            on_list["post"] = makes(act)
        elif act.changes:
            on_one["patch"] = changes(act)
    return (
        type(f"{name}List", (ResourceList,), own | on_list),
        type(f"{name}Detail", (ResourceDetail,), own | on_one),
    )


def act_views(noun: str) -> dict[str, type[ActView]]:
    """The view of each act that has an address of its own, by its name."""
    scope = RESOURCES[noun].scope
    return {
        act.name: type(f"{camel(noun)}{camel(act.name)}", (ActView,), {"noun": scope, "act": act})
        for act in acts_on(noun)
        if act.name
    }


def external_view(noun: str) -> type[ExternalRecord] | None:
    act = making(noun)
    if act is None or act.renews is None:
        return None
    return type(f"{camel(noun)}External", (ExternalRecord,), {"noun": RESOURCES[noun].scope, "act": act})


VIEWS = {name: views_of(resource) for name, resource in RESOURCES.items()}
ACT_VIEWS = {(noun, name): view for noun in RESOURCES for name, view in act_views(noun).items()}
EXTERNAL_VIEWS = {noun: view for noun in RESOURCES if (view := external_view(noun))}
TABLE_VIEWS: dict[str, type[TableView]] = {
    table.name: type(f"{camel(table.name)}Table", (TableView,), {"noun": table.scope, "table": table})
    for table in TABLES
}
