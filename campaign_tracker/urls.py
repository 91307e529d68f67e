"""Every app hangs its pages here, under the words that users see in the address."""

from django.urls import URLPattern, URLResolver, include, path

from . import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("common.urls")),
    path("", include("mines.urls")),
    path("", include("tasks.urls")),
    path("", include("hazards.urls")),
    path("", include("inspections.urls")),
    path("", include("supervision.urls")),
    path("", include("exchange.urls")),
    path("", include("units.urls")),
]

handler400 = "common.faults.bad_request"
handler403 = "common.faults.not_allowed"
handler404 = "common.faults.not_found"
handler500 = "common.faults.server_error"
