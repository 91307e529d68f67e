"""Every address of the program, opened by somebody who is not logged in: to the log-in page, or nothing at all."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# What may answer without log-in, by the pattern's own words. Everything else has to hide.
PUBLIC = {
    "healthz",
    "readyz",
    "login/",
    # A new account is opened with the code that its administrator handed over.
    "activate/",
    "activate/<str:code>/",
    # Whoever sees a danger may tell the bureau without saying who they are, and ask with a code what became of it.
    "tip-off/",
    "tip-off/mines/",
    "tip-off/code/",
    "tip-off/query/",
    # The program on an inspector's telephone: its code and its icon, without a word of any visit.
    "inspections/worker.js",
    "inspections/field/app.webmanifest",
    # The public reads which mines stand still, and which marks of credit the bureau made public.
    "suspended-mines/",
    "mine-credit/",
    # What the interface looks like, for programmers of other systems; it tells nothing of the bureau.
    "api/docs/",
    "api/v1/schema/",
}
# One value for each converter that occurs in an address.
VALUES = {"int": "1", "str": "x", "slug": "x", "uuid": str(uuid.UUID(int=1)), "path": "x"}


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        words = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, words)
        elif isinstance(pattern, URLPattern):
            yield words, pattern.pattern


def fill(words: str) -> str | None:
    """An address that fits the pattern, or None where that cannot be told from its words (regular expressions)."""
    if any(sign in words for sign in "^$(?"):
        return None
    for converter, value in VALUES.items():
        while f"<{converter}:" in words:
            start = words.index(f"<{converter}:")
            words = words[:start] + value + words[words.index(">", start) + 1 :]
    while "<" in words:
        start = words.index("<")
        words = words[:start] + "x" + words[words.index(">", start) + 1 :]
    return words


ADDRESSES = sorted({words for words, _ in addresses(get_resolver())})


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("words", [words for words in ADDRESSES if words not in PUBLIC])
def test_a_stranger_sees_nothing(words, method):
    address = fill(words)
    if address is None:
        pytest.fail(f"{words}: use path() instead of a regular expression, so that this test can open it")
    answer = getattr(Client(raise_request_exception=False), method)(f"/{address}")
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(settings.LOGIN_URL)
    else:
        assert answer.status_code in (401, 403, 404, 405)


@pytest.mark.django_db
def test_a_number_that_no_key_can_be_is_the_key_of_nothing(admin):
    """Beyond what a BIGINT holds, databases raise where they should find nothing."""
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    for words in ADDRESSES:
        address = (fill(words) or "").replace("1", "9" * 21)
        if "<int:" in words and not words.startswith("api/"):
            status = client.get(f"/{address}").status_code
            assert status in (403, 404, 405), f"/{address}: {status}"


def test_there_is_something_to_hide_and_what_is_public_exists():
    assert len(ADDRESSES) > len(PUBLIC)
    assert set(ADDRESSES) >= PUBLIC
