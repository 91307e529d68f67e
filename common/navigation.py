"""The entries of the left navigation, and the safe way back to where a user came from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

MAX_ENTRIES = 8
"""More entries than this are no longer found by looking; the ninth belongs inside one of the eight."""

ON_BAR = 4
"""On a phone this many entries stand on the bar at the foot, the others behind 更多."""

BACK = "back"


@dataclass(frozen=True)
class NavigationEntry:
    """One entry of the left navigation.

    `url_name` is reversed without arguments; an entry whose page does not exist is left out. `visible` decides by
    the user (no query: read the user's own fields only). `order` sorts, lowest first. The entry is current when
    the page's path lies under its own path or under one of `also` (paths, such as "/imports/"). `on_bar` says for whom
    it is daily work: those stand on the bar of a phone before others.
    """

    label: str
    url_name: str
    icon: str
    order: int = 50
    visible: Callable[[Any], bool] = lambda user: True
    also: tuple[str, ...] = ()
    on_bar: Callable[[Any], bool] = lambda user: False


@dataclass(frozen=True)
class ShownEntry:
    """A navigation entry as one request sees it."""

    label: str
    url: str
    icon: str
    current: bool
    on_bar: bool
    """Whether it stands on the bar of a phone; the others are behind 更多 there."""


_entries: dict[str, NavigationEntry] = {}


def register_navigation(*entries: NavigationEntry) -> None:
    """Add entries to the left navigation; called from `AppConfig.ready`, a second call with the same name replaces."""
    for entry in entries:
        _entries[entry.url_name] = entry


def registered_navigation() -> list[NavigationEntry]:
    """Every entry in order, whoever may see it."""
    return sorted(_entries.values(), key=lambda entry: (entry.order, entry.label))


def navigation_for(request: HttpRequest, entries: Iterable[NavigationEntry] | None = None) -> list[ShownEntry]:
    """The entries this user may see, at most `MAX_ENTRIES`, with the one for this page marked current."""
    found: list[tuple[NavigationEntry, str]] = []
    for entry in registered_navigation() if entries is None else entries:
        if not entry.visible(request.user):
            continue
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:
            continue
    current, longest = -1, -1
    for index, (entry, url) in enumerate(found):
        for prefix in (url, *entry.also):
            fits = request.path == prefix or (prefix != "/" and request.path.startswith(prefix))
            if fits and len(prefix) > longest:
                current, longest = index, len(prefix)
    del found[MAX_ENTRIES:]
    daily = sorted(range(len(found)), key=lambda index: not found[index][0].on_bar(request.user))
    bar = set(daily if len(found) <= ON_BAR + 1 else daily[:ON_BAR])
    return [
        ShownEntry(label=entry.label, url=url, icon=entry.icon, current=index == current, on_bar=index in bar)
        for index, (entry, url) in enumerate(found)
    ]


def is_own_address(request: HttpRequest, url: str) -> bool:
    """Whether `url` is a path on this very site, so that a redirect to it cannot lead users to a stranger's page."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def back_address(request: HttpRequest, default: str = "/") -> str:
    """Where 返回 leads: the `back` of the form or the address when it is a path of this site, else `default`."""
    for source in (request.POST, request.GET):
        url = source.get(BACK, "")
        if url and is_own_address(request, url):
            return url
    return default


def with_back(url: str, back: str) -> str:
    """`url` with the address to come back to (path, query and `#row-…`)."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({BACK: back}, safe='/')}"
