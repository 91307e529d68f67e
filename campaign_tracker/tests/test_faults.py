"""Every no is a sentence that says what to do, in the form that the asker understands."""

import json

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from common.errors import Conflict, NotAllowed, Refused
from units.models import User

WORDS = "时限不能早于今天，请改为今天以后的日期。"
FAULTS = {
    "refused": Refused(WORDS, fields={"due": ["太早。"]}),
    "conflict": Conflict("内容已被他人更改，请刷新。"),
    "not-allowed": NotAllowed("“退回”不属于您的职责，请由局工作人员办理。"),
    "denied": PermissionDenied(),
    "too-big": RequestDataTooBig(),
    "twin": IntegrityError("UNIQUE constraint failed: units_user.username"),
    "check": IntegrityError("CHECK constraint failed: hazard_has_a_known_level"),
    "broken": RuntimeError("secret words of a traceback"),
}


def fault(request: HttpRequest, name: str) -> HttpResponse:
    raise FAULTS[name]


urlpatterns = [path("fault/<name>/", fault), path("api/fault/<name>/", fault), path("", include("common.urls"))]
handler400 = "common.faults.bad_request"
handler403 = "common.faults.not_allowed"
handler404 = "common.faults.not_found"
handler500 = "common.faults.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def asker(client: Client, staff: User) -> Client:
    client.force_login(staff)
    client.raise_request_exception = False
    return client


def test_a_refused_form_goes_back_to_its_page_with_the_sentence(asker: Client) -> None:
    response = asker.post("/fault/refused/", headers={"Referer": "http://testserver/tasks/7/edit/?back=/tasks/"})
    assert response.status_code == 303 and response["Location"] == "http://testserver/tasks/7/edit/?back=/tasks/"
    assert [str(message) for message in get_messages(response.wsgi_request)] == [WORDS]


@pytest.mark.parametrize("referrer", ["https://evil.example/tasks/", "javascript:alert(1)", "//evil.example/", ""])
def test_it_never_leads_to_a_stranger(asker: Client, referrer: str) -> None:
    answer = asker.post("/fault/refused/?back=/units/", headers={"Referer": referrer})
    assert answer.status_code == 303 and answer["Location"] == "/units/"


def test_where_nothing_tells_the_page_the_sentence_is_a_page(asker: Client) -> None:
    """The address of an act can only be posted to: leading there would end at 405."""
    answer = asker.post("/fault/refused/")
    assert 400 <= answer.status_code < 500 and WORDS in answer.content.decode()


def test_a_page_with_a_refusal_keeps_the_draft(asker: Client) -> None:
    asker.post("/fault/refused/?back=/units/")
    page = asker.get("/nowhere/").content.decode()
    assert 'data-outcome="refused"' in page


def test_a_refused_part_of_a_page_becomes_a_note(asker: Client) -> None:
    response = asker.post("/fault/refused/", headers={"HX-Request": "true"})
    assert response.status_code == 422 and response["HX-Retarget"] == "#notes"
    assert WORDS in response.content.decode() and "<html" not in response.content.decode()


def test_a_refused_page_is_a_page(asker: Client) -> None:
    response = asker.get("/fault/refused/")
    assert response.status_code == 400 and WORDS in response.content.decode()
    assert asker.get("/fault/conflict/").status_code == 409


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("refused", 400, "refused"),
        ("conflict", 409, "conflict"),
        ("not-allowed", 403, "not_allowed"),
        ("denied", 403, "not_allowed"),
        ("too-big", 413, "too_large"),
        ("twin", 409, "twin"),
        ("check", 500, "server_error"),
        ("broken", 500, "server_error"),
    ],
)
def test_machines_get_one_shape(asker: Client, name: str, status: int, code: str) -> None:
    response = asker.post(f"/api/fault/{name}/")
    assert response.status_code == status and response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["status"] == status and problem["code"] == code and problem["detail"] and problem["request_id"]
    assert "traceback" not in response.content.decode()


def test_a_machine_is_known_by_what_it_accepts(asker: Client) -> None:
    response = asker.get("/fault/refused/", headers={"Accept": "application/json"})
    assert json.loads(response.content)["fields"] == {"due": ["太早。"]}


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere/", 404, "不在您的查看范围内"),
        ("/fault/not-allowed/", 403, "不属于您的职责"),
        ("/fault/denied/", 403, "不在您的职责范围内"),
        ("/fault/too-big/", 413, "太大"),
        ("/fault/broken/", 500, "刚才的操作没有完成"),
    ],
)
def test_people_get_a_page_with_the_requests_number(asker: Client, address: str, status: int, words: str) -> None:
    response = asker.get(address)
    page = response.content.decode()
    assert response.status_code == status and words in page
    assert response["X-Request-ID"] in page
    assert "Traceback" not in page and "secret words" not in page
    assert 'href="/"' in page


def test_a_stale_form_says_that_nothing_is_lost(staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    response = client.post("/fault/refused/")
    assert response.status_code == 403 and "您填写的内容保留在本机浏览器中" in response.content.decode()


def test_even_a_broken_template_answers(asker: Client, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.faults.loader.render_to_string", lambda *args, **kwargs: 1 / 0)
    response = asker.get("/fault/broken/")
    assert response.status_code == 500 and response["X-Request-ID"] in response.content.decode()


def test_someone_who_has_not_logged_in_sees_faults_too(client: Client) -> None:
    assert client.get("/nowhere/").status_code == 404


@pytest.mark.urls("campaign_tracker.urls")
@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/tip-off/mines/?mine_name=%00", None),
        ("/activate/a%00b/", None),
        ("/api/v1/oauth/token/", {"client_id": "a\x00", "client_secret": "x"}),
        ("/login/", {"username": "a\x00", "password": "x"}),
    ],
)
def test_a_nul_is_a_faulty_request(client: Client, address: str, form: dict[str, str] | None) -> None:
    """One database would keep it and the other would raise."""
    client.raise_request_exception = False
    answer = client.get(address) if form is None else client.post(address, form)
    assert answer.status_code == 400
