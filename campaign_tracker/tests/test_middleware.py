import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from campaign_tracker.middleware import ProxyAddressMiddleware


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # nobody stands in front: the header is the visitor's own invention
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_visitors_address_is_the_one_our_own_proxy_wrote(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header, REMOTE_ADDR="127.0.0.1")
    ProxyAddressMiddleware(page)(request)
    assert seen == [address]


def test_every_answer_carries_an_id_that_a_visitor_cannot_choose(settings):
    answer = Client().get("/healthz", headers={"X-Request-ID": "chosen-by-visitor"})
    assert len(answer.headers["X-Request-ID"]) == 32
    settings.TRUSTED_PROXIES = 1
    answer = Client().get("/healthz", headers={"X-Request-ID": "chosen-by-proxy"})
    assert answer.headers["X-Request-ID"] == "chosen-by-proxy"


@pytest.mark.django_db
def test_pages_may_load_and_run_only_what_is_ours():
    policy = Client().get("/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
