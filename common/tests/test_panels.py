from django.template import Context, Template
from django.test import RequestFactory

from common import panels
from common.models import CalendarDay
from common.panels import ObjectPanel, panels_about, register_object_panels


def said(thing: CalendarDay, user: object) -> list[ObjectPanel]:
    return [ObjectPanel("said", "上面说的", "components/empty.html", {"title": f"{user}看{thing.name}"})]


def test_a_thing_shows_what_the_apps_upstairs_say_of_it(monkeypatch):
    monkeypatch.setattr(panels, "_sources", {})
    register_object_panels(CalendarDay, said)
    register_object_panels(CalendarDay, said)
    day = CalendarDay(name="国庆节")
    assert [panel.title for panel in panels_about(day, "钱")] == ["上面说的"]

    request = RequestFactory().get("/")
    request.user = "钱"  # type: ignore[assignment]
    shown = Template("{% load page %}{% object_panels day %}").render(Context({"request": request, "day": day}))
    assert 'id="said"' in shown and "钱看国庆节" in shown
