from django.urls import URLPattern

from supervision.urls_letters import LETTERS

app_name = "supervision"
urlpatterns: list[URLPattern] = [*LETTERS]
