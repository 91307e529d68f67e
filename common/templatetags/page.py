"""Tags for every page: icons, states, deadlines, navigation, the way back, and the panels of a thing."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages import ERROR
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.charts import Chart, Timeline
from common.dates import as_date, due_in_words
from common.history import changes_of
from common.navigation import BACK, back_address, navigation_for, with_back
from common.panels import panels_about
from common.statuses import status_of
from common.transitions import allowed_actions

register = template.Library()

WEEKDAYS_WITHIN = 14
"""Days before a deadline from which on its day of the week is told as well."""


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of `static/img/icons.svg`; silent for screen readers unless `label` gives it a word."""
    sprite = static("img/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def status(value: object, label: str = "", tone: str = "", picture: str = "") -> SafeString:
    """The chip of a state: icon, word and colour. Pass the stored value; `label` and `tone` overrule the registry."""
    if value is None or value == "":
        return mark_safe("")
    look = status_of(value, label)
    return format_html(
        '<span class="chip chip-{}">{}{}</span>', tone or look.tone, icon(picture or look.icon), look.label
    )


@register.simple_tag
def due(value: date | datetime | None, done: bool = False, empty: str = "—") -> SafeString:
    """A deadline in words with its date: amber from three days before, red when past; calm once `done`."""
    if not value:
        return format_html('<span class="soft">{}</span>', empty)
    shown = as_date(value).isoformat()
    if done:
        return format_html('<span class="due"><time datetime="{0}">{0}</time></span>', shown)
    words = due_in_words(value)
    # Close by, people plan in days of the week.
    day = f"{shown} 周{'一二三四五六日'[words.on.weekday()]}" if 0 <= words.days <= WEEKDAYS_WITHIN else shown
    mark = icon({"late": "alert", "soon": "clock"}[words.level]) if words.level != "far" else mark_safe("")
    return format_html(
        '<span class="due due-{}"><span class="due-words">{} {}</span><time datetime="{}">{}</time></span>',
        words.level, mark, words.words, shown, day,
    )  # fmt: skip


@register.simple_tag
def url_or_nothing(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or an empty string where that page is not part of this installation."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The left navigation for the user of this request; nothing for somebody who has not logged in."""
    request = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"entries": []}
    entries = navigation_for(request)
    return {"entries": entries, "far": [entry for entry in entries if not entry.on_bar]}


@register.simple_tag(takes_context=True)
def outcome(context: Context) -> str:
    """`refused` when this page says no to what was just sent, so that the browser keeps the draft of it."""
    storage = context.get("messages")
    if storage is None:
        return "ok"
    # Iterating would mark the messages as shown, and they are shown only further down the page.
    waiting = [*storage._loaded_messages, *storage._queued_messages]
    return "refused" if any(message.level >= ERROR for message in waiting) else "ok"


@register.simple_tag(takes_context=True)
def back_link(context: Context, default: str = "/", label: str = "返回") -> SafeString:
    """The button that leads back to the list the user came from, to the same page, filter and row.

    `data-back` tells the browser whether the address says where that was: one who returns from a form has only the
    browser's memory of it (lists.js).
    """
    known = _back(context, "")
    return format_html(
        '<a class="button" href="{}" data-back="{}">{}{}</a>',
        known or default, "known" if known else "default", icon("left"), label,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def back_field(context: Context, default: str = "") -> SafeString:
    """Hidden field that carries the way back through a form."""
    url = _back(context, default)
    return format_html('<input type="hidden" name="{}" value="{}">', BACK, url) if url else mark_safe("")


@register.simple_tag(takes_context=True)
def link_with_back(context: Context, url: str, row: Any = None) -> str:
    """`url` with the place to come back to: `back_to` of the context, else the present page (and row)."""
    request: HttpRequest = context["request"]
    if place := context.get("back_to"):
        return with_back(url, place)
    key = getattr(row, "pk", row)
    return with_back(url, request.get_full_path() + (f"#row-{key}" if key is not None else ""))


def _back(context: Context, default: str) -> str:
    request = context.get("request")
    return back_address(request, default) if request is not None else default


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query string of this page with some parameters replaced; an empty value takes the parameter out."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    text = parameters.urlencode()
    return f"?{text}" if text else "?"


@register.inclusion_tag("components/progress.html")
def progress(
    value: float | None, total: float = 100, tone: str = "", words: str = "", counted: bool = False
) -> dict[str, Any]:
    """A bar for a part of a whole, with its number in words beside it: percent, or `counted` as 办结3/14."""
    known = float(value or 0)
    share = round(100 * known / total) if total else 0
    said = f"办结{known:.0f}/{total}" if counted else f"{share}%"
    return {"value": known, "total": total, "tone": tone, "words": words or said}


@register.inclusion_tag("components/chart.html")
def chart(drawing: Chart) -> dict[str, Any]:
    """A chart made by `common.charts.draw_chart`, with its numbers in a table beneath."""
    return {"chart": drawing}


@register.inclusion_tag("components/timeline.html")
def timeline(drawing: Timeline) -> dict[str, Any]:
    """Stages made by `common.charts.draw_timeline`, with today."""
    return {"timeline": drawing}


@register.inclusion_tag("components/history.html")
def history(events: Iterable[Any], title: str = "办理记录") -> dict[str, Any]:
    """Who did what and when, newest first, from events of `common.history` (slice them: the panel prints them all)."""
    return {"lines": [(event, changes_of(event)) for event in events], "title": title}


@register.inclusion_tag("components/actions.html", takes_context=True)
def actions(context: Context, row: Any, url: str = "") -> dict[str, Any]:
    """The buttons of the moves that this user may make now, sent to `url` (default: the row's page + act/)."""
    request: HttpRequest = context["request"]
    return {
        "acts": allowed_actions(row, request.user),
        "url": url or f"{row.get_absolute_url()}act/",
        "key": row.pk,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/evidence.html")
def evidence(files: Any, title: str = "印证资料", empty: str = "还没有上传印证资料。") -> dict[str, Any]:
    """Thumbnails of evidence; each opens the original."""
    return {"files": files, "title": title, "empty": empty}


@register.inclusion_tag("components/empty.html")
def empty(title: str, words: str = "", url: str = "", label: str = "", picture: str = "file") -> dict[str, Any]:
    """What stands where nothing is yet: what that means and what to do next."""
    return {"title": title, "words": words, "url": url, "label": label, "picture": picture}


@register.inclusion_tag("components/object_panels.html", takes_context=True)
def object_panels(context: Context, thing: Any, without: str = "") -> dict[str, Any]:
    """What apps upstairs show about this thing (see `common.panels`), each in a panel of its own, but for one key."""
    request: HttpRequest = context["request"]
    return {
        "panels": [
            (panel, render_to_string(panel.template, {**panel.context, "panel": panel, "thing": thing}, request))
            for panel in panels_about(thing, request.user)
            if panel.key != without
        ]
    }
