"""Every page of the program in a real browser, on a desk and on a phone, filled with the demo county.

A new address has to be entered here: as a page with an example to open, or among those that are no pages.
"""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml.html import document_fromstring
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from campaign_tracker.tests.test_urls_as_stranger import ADDRESSES
from common.history import changes_of
from common.models import Event
from exchange.models import ExchangeLine, ServiceAccount
from hazards.models import HandOver, Hazard, Risk, TipOff
from inspections.models import Checklist, Clue, Document, InspectionPlan, LookBackDraw, PatrolGroup, PlannedVisit, Visit
from mines.models import Licence, Mine, Suspension
from supervision.models import Meeting, MeetingSeries, SupervisionLetter
from supervision.proposals import proposals_for
from tasks.models import Assignment, Campaign, DueItem, PlanImport, ProgressReport, Responsibility, Target, Task
from tasks.services.imports import receive_plan
from units.models import Unit, UnitGroup, User
from units.names import name_key

PLAN = """青岚县矿山安全整治工作方案
一、主要任务
（一）建立台账。各矿山企业建立隐患台账，逐条销号。（责任单位：县应急管理局、县能源局；完成时限：2026年12月底前）
（二）全员培训。每年组织一次全员培训。（责任单位：各煤矿企业；完成时限：长期坚持）
"""
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}

# Nothing to look at: acts, files, fragments of a page, doors that need a code, and what only machines read.
NO_PAGES = {
    "healthz", "readyz", "metrics", "logout/", "audit/check/", "activate/<str:code>/",
    "campaigns/<int:pk>/act/", "assignments/<int:pk>/act/", "due-items/<int:pk>/act/", "extensions/<int:pk>/act/",
    "consolidations/<int:rule>/<slug:period>/table.xlsx", "consolidations/<int:rule>/<slug:period>/report.docx",
    "reports/<int:pk>/act/", "reports/<int:pk>/draft/", "reports/<int:pk>/review/", "reports/<int:pk>/form.xlsx",
    "accounts/<int:pk>/act/", "units/<int:pk>/act/", "groups/<int:pk>/act/", "units/aliases/<int:pk>/delete/",
    "profile/sessions/<int:pk>/end/", "profile/sessions/end/",
    "imports/<int:pk>/act/", "imports/<int:pk>/progress/", "imports/<int:pk>/tasks/<slug:key>/<slug:action>/",
    "imports/<int:pk>/warnings/<int:number>/",
    "mines/suspensions/<int:pk>/act/", "mines/suspensions/lists/new/", "mines/suspensions/lists/<int:pk>/list.<slug:ending>",
    "mines/import/template/", "mines/import/<uuid:public_id>/errors/", "mines/<int:pk>/file.<slug:ending>",
    "accounts/import/template/", "units/import/template/", "progress-imports/<uuid:public_id>/marked/",
    "accounts/import/<uuid:public_id>/errors/", "units/import/<uuid:public_id>/errors/",
    "hazards/<int:pk>/act/", "hazards/extensions/<int:pk>/act/", "hazards/clauses/", "hazards/new/mines/", "hazards/new/tasks/",
    "hazards/<int:pk>/facets/<slug:facet>/confirm/", "jobs/<uuid:public_id>/file/",
    "hazards/<int:pk>/hand-over/<int:hand_over>/letter.<slug:ending>",
    "hazards/<int:pk>/investigation/act/", "hazards/<int:pk>/investigation/report.<slug:ending>",
    "hazards/<int:pk>/investigation/<slug:lines>/<int:line>/drop/",
    "hazards/<int:pk>/investigation/recommendations/<int:line>/measure/",
    "listings/<int:pk>/act/", "listings/<int:pk>/papers/<slug:key>.<slug:ending>",
    "hazards/import/template/", "hazards/import/<uuid:public_id>/marked/", "hazards/measures/<int:pk>/act/",
    "hazards/monthly/close/", "hazards/monthly/reopen/", "hazards/monthly/table.docx", "hazards/monthly/table.xlsx",
    "inspections/<int:pk>/act/", "inspections/checklists/<int:pk>/act/", "inspections/checklists/<int:pk>/next/",
    "inspections/documents/<int:pk>/act/", "inspections/documents/<int:pk>/paper.<slug:ending>",
    "inspections/plans/<int:pk>/act/", "inspections/plans/rules/<int:pk>/drop/", "inspections/planned/<int:pk>/act/",
    "inspections/clues/<int:pk>/act/", "inspections/clues/<int:pk>/letter.<slug:ending>",
    "inspections/coverage/table.xlsx", "inspections/counts/table.xlsx", "inspections/scoring/sheet.<slug:ending>",
    "inspections/checklists/<int:pk>/draw/", "inspections/checklists/items/<int:pk>/drop/",
    "inspections/worker.js", "inspections/field/app.webmanifest", "inspections/field/visits/",
    "inspections/field/<int:pk>/answers/", "inspections/field/<int:pk>/photos/",
    "letters/<int:pk>/act/", "letters/<int:pk>/<slug:key>.<slug:ending>", "letters/receipts/<int:pk>/act/",
    "risks/<int:pk>/act/", "tip-offs/<int:pk>/act/", "tip-offs/<int:pk>/contact/", "tip-offs/rewards/<int:pk>/act/",
    "tip-off/mines/",
    "heaps/<slug:key>/", "inbox/unread/", "inbox/read/", "inbox/<int:pk>/", "reminders/ladders/<int:pk>/clear/",
    "reminders/channels/<slug:kind>/test/",
    "letters/proposals/<int:unit>/<slug:kind>/", "ranking/table.<slug:ending>", "meetings/<int:pk>/act/", "ranking/assessment/confirm/", "ranking/assessment/table.<slug:ending>",
    "evidence/<uuid:public_id>/", "evidence/<uuid:public_id>/original/", "evidence/<uuid:public_id>/thumb/",
}  # fmt: skip

# Addresses for machines, and the documentation of them.
NO_PAGES |= {words for words in ADDRESSES if words.startswith("api/")} | {
    "accounts/services/<int:pk>/act/", "accounts/subscriptions/<int:pk>/act/", "accounts/lines/<int:pk>/act/",
    "accounts/receipts/<int:pk>/act/",
}  # fmt: skip

# Pages that a test of their own opens, because they stand only in the middle of a path.
OPENED_ELSEWHERE = {
    "inspections/clues/<int:pk>/edit/", "inspections/clues/<int:pk>/received/", "inspections/clues/<int:pk>/answer/",
    "inspections/plans/<int:pk>/edit/", "inspections/plans/<int:pk>/rules/new/", "inspections/plans/rules/<int:rule>/",
    "second-step/", "accounts/subscriptions/<int:pk>/", "accounts/subscriptions/<int:pk>/edit/", "accounts/receipts/<int:pk>/",
    "mines/suspensions/lists/<int:pk>/", "mines/suspensions/lists/<int:pk>/sent/",
    "mines/suspensions/<int:pk>/sign/", "mines/suspensions/<int:pk>/resume/",
    "mines/import/<uuid:public_id>/", "mines/<int:pk>/proposals/<int:proposal>/",
    "accounts/import/<uuid:public_id>/", "units/import/<uuid:public_id>/", "progress-imports/<uuid:public_id>/",
    "hazards/<int:pk>/listing/", "listings/<int:pk>/", "listings/<int:pk>/published/",
    "listings/<int:pk>/extension/", "listings/<int:pk>/acceptance/", "hazards/signs/<int:pk>/",
    "letters/<int:pk>/talk/", "letters/<int:pk>/exposure/",
    "hazards/look-backs/<int:pk>/",
    "hazards/import/<uuid:public_id>/", "hazards/measures/<int:pk>/", "hazards/measures/<int:pk>/edit/",
}  # fmt: skip


def examples(imported: PlanImport) -> dict[str, str]:
    """An address to open for every page that shows one thing."""
    account, system = User.objects.get(username="kongdehua"), ServiceAccount.objects.all()[0]
    owed = Assignment.objects.filter(state="in_progress")[0]
    campaign = Campaign.objects.get(title__startswith="承德")
    item = DueItem.objects.filter(state="open", assignment__unit__users__username="chenjianguo", extensions=None)[0]
    group, mine = UnitGroup.objects.all()[0], Unit.objects.filter(kind="mine")[0]
    assert imported.draft is not None and imported.job is not None
    key = imported.draft["tasks"][0]["key"]
    major = Hazard.objects.filter(level="major", state="awaiting", implementations__isnull=False)[0]
    owed_hazard = Hazard.objects.get(level="major", state="treating", mine__users__username=CLERK)
    waiting = Hazard.objects.filter(state="registered")[0]
    suspended, handed = Hazard.objects.filter(state="suspended")[0], Hazard.objects.filter(state="handed_over")[0]
    entrusted = HandOver.objects.filter(outcome="waiting", unit__users__username=LIAISON)[0]
    closed = Hazard.objects.filter(state="closed", look_backs=None)[0].pk
    investigated = Hazard.objects.filter(investigation__state="drafting")[0].pk
    risk = Risk.objects.filter(area__mine=mine)[0]
    working = Mine.objects.filter(state="producing")[0]
    standing, asking = (Suspension.objects.filter(state=state)[0] for state in ("running", "requested"))
    licence = Licence.objects.filter(mine=mine.pk)[0]
    told, found = TipOff.objects.filter(state="received")[0], TipOff.objects.filter(state="verified")[0]
    report = ProgressReport.objects.get(state="draft", unit__users__username=CLERK)
    month = f"consolidations/{report.rule_id}/{report.period}"
    steps = ("", "confirm/", "head/", "source/", "tasks/add/", "units/")
    sent = SupervisionLetter.objects.filter(receipts__state="signed")[0]
    proposed = proposals_for(owed.region)[0]
    today = timezone.localdate()
    meeting = Meeting.objects.filter(state="held")[0]
    running = Visit.objects.filter(state="running", results__outcome="failed", results__hazard=None)[0]
    checklist = Checklist.objects.filter(state="drafting")[0]
    decision = Document.objects.filter(kind="decision", state="approved", published_on=None)[0]
    drafted = Document.objects.filter(kind="order", state="drafted")[0]
    return {
        **{
            f"inspections/<int:pk>/{form}": f"inspections/{running.pk}/{form}"
            for form in ("", "edit/", "fill/", "items/new/", "findings/")
        },
        "inspections/<int:pk>/documents/<slug:kind>/": f"inspections/{decision.visit_id}/documents/order/",
        **{
            f"inspections/documents/<int:pk>/{form}": f"inspections/documents/{decision.pk}/{form}"
            for form in ("", "scan/", "published/")
        },
        "inspections/plans/<int:pk>/": f"inspections/plans/{InspectionPlan.objects.all()[0].pk}/",
        "inspections/look-backs/<int:pk>/": f"inspections/look-backs/{LookBackDraw.objects.all()[0].pk}/",
        "inspections/counts/rows/": f"inspections/counts/rows/?figure=visits&period={today.year}&by=officer",
        "inspections/clues/<int:pk>/": f"inspections/clues/{Clue.objects.all()[0].pk}/",
        "inspections/groups/<int:pk>/": f"inspections/groups/{PatrolGroup.objects.all()[0].pk}/",
        "inspections/planned/<int:pk>/": f"inspections/planned/{PlannedVisit.objects.all()[0].pk}/",
        "inspections/documents/<int:pk>/edit/": f"inspections/documents/{drafted.pk}/edit/",
        "inspections/penalties/<int:penalty>/paid/": f"inspections/penalties/{decision.penalties.all()[1].pk}/paid/",
        "inspections/checklists/<int:pk>/": f"inspections/checklists/{checklist.pk}/",
        "inspections/checklists/<int:pk>/items/new/": f"inspections/checklists/{checklist.pk}/items/new/",
        "inspections/checklists/items/<int:item>/": f"inspections/checklists/items/{checklist.items.all()[0].pk}/",
        "inspections/officers/<int:pk>/": f"inspections/officers/{running.officers.all()[0].officer_id}/",
        "letters/<int:pk>/": f"letters/{sent.pk}/",
        "meetings/<int:pk>/": f"meetings/{meeting.pk}/",
        "meetings/<int:pk>/minutes/": f"meetings/{meeting.pk}/minutes/",
        "meetings/<int:pk>/decisions/new/": f"meetings/{meeting.pk}/decisions/new/",
        "meetings/series/<int:pk>/": f"meetings/series/{MeetingSeries.objects.all()[0].pk}/",
        "reminders/desks/edit/": "reminders/desks/edit/?kind=hazard",
        "hazards/monthly/rows/": f"hazards/monthly/rows/?figure=mines&on={today}&after={today:%Y}-01-31&region={owed.region_id}",
        "ranking/rows/": f"ranking/rows/?figure=hazards_late&since={today.year}-01-01&on={today}",
        "ranking/assessment/<int:year>/<int:unit>/": f"ranking/assessment/{today.year}/{mine.pk}/",
        "letters/<int:pk>/edit/": f"letters/{SupervisionLetter.objects.filter(state='drafted')[0].pk}/edit/",
        "letters/receipts/<int:pk>/answer/": f"letters/receipts/{sent.receipts.all()[0].pk}/answer/",
        "letters/proposals/<int:unit>/<slug:kind>/decline/": (
            f"letters/proposals/{proposed.unit.pk}/{proposed.step.kind}/decline/"
        ),
        **{
            f"accounts/lines/<int:pk>/{form}": f"accounts/lines/{ExchangeLine.objects.all()[0].pk}/{form}"
            for form in ("", "edit/")
        },
        **{
            f"accounts/services/<int:pk>/{form}": f"accounts/services/{system.pk}/{form}"
            for form in ("", "edit/", "mapping/", "subscriptions/new/")
        },
        "accounts/<int:pk>/": f"accounts/{account.pk}/",
        "accounts/<int:pk>/edit/": f"accounts/{account.pk}/edit/",
        "assignments/<int:pk>/": f"assignments/{owed.pk}/",
        "assignments/<int:pk>/deadline/": f"assignments/{owed.pk}/deadline/",
        "campaigns/<int:pk>/": f"campaigns/{campaign.pk}/",
        "campaigns/<int:pk>/plan/": f"campaigns/{campaign.pk}/plan/",
        "campaigns/<int:pk>/progress/": f"campaigns/{campaign.pk}/progress/",
        "due-items/<int:pk>/extension/": f"due-items/{item.pk}/extension/",
        "groups/<int:pk>/": f"groups/{group.pk}/",
        "groups/<int:pk>/edit/": f"groups/{group.pk}/edit/",
        "mines/<int:pk>/hazards/": f"mines/{mine.pk}/hazards/",
        **{f"mines/<int:pk>/{form}": f"mines/{mine.pk}/{form}" for form in MINE_FILE},
        "mines/<int:pk>/confirm/": f"mines/{User.objects.get(username=CLERK).unit_id}/confirm/",
        "mines/lines/<slug:ledger>/": "mines/lines/accidents/",
        "mines/<int:pk>/suspend/": f"mines/{working.pk}/suspend/",
        **{
            f"mines/suspensions/<int:pk>/{form}": f"mines/suspensions/{standing.pk}/{form}"
            for form in ("", "request/", "announce/")
        },
        "mines/suspensions/<int:pk>/acceptance/": f"mines/suspensions/{asking.pk}/acceptance/",
        "mines/<int:pk>/lines/<slug:ledger>/new/": f"mines/{mine.pk}/lines/licences/new/",
        **{
            f"mines/<int:pk>/lines/<slug:ledger>/<int:line>/{form}": f"mines/{mine.pk}/lines/licences/{licence.pk}/{form}"
            for form in ("", "remove/")
        },
        **{f"imports/<int:pk>/{step}": f"imports/{imported.pk}/{step}" for step in steps},
        "imports/<int:pk>/outline/<slug:part>/": f"imports/{imported.pk}/outline/stages/",
        "imports/<int:pk>/tasks/<slug:key>/": f"imports/{imported.pk}/tasks/{key}/",
        "imports/<int:pk>/units/new/": f"imports/{imported.pk}/units/new/?key={name_key('县能源局')}",
        "hazards/<int:pk>/": f"hazards/{major.pk}/",
        "hazards/<int:pk>/record/": f"hazards/{major.pk}/record/",
        "hazards/<int:pk>/grade/": f"hazards/{waiting.pk}/grade/",
        "hazards/<int:pk>/reinspection/": f"hazards/{major.pk}/reinspection/",
        **{f"hazards/<int:pk>/{form}/": f"hazards/{owed_hazard.pk}/{form}/" for form in MINE_FORMS},
        **{
            f"hand-overs/<int:pk>/{form}": f"hand-overs/{entrusted.pk}/{form}"
            for form in ("", "receipt/", "treatment/", "reply/")
        },
        "hazards/<int:pk>/hand-over/": f"hazards/{waiting.pk}/hand-over/",
        "hazards/<int:pk>/look-back/": f"hazards/{closed}/look-back/",
        "hazards/<int:pk>/edit/": f"hazards/{major.pk}/edit/",
        "hazards/<int:pk>/investigation/": f"hazards/{investigated}/investigation/",
        **{
            f"hazards/<int:pk>/investigation/{form}/": f"hazards/{investigated}/investigation/{form}/"
            for form in ("edit", "liabilities", "recommendations")
        },
        "hazards/<int:pk>/suspend/": f"hazards/{major.pk}/suspend/",
        "hazards/<int:pk>/resume/": f"hazards/{suspended.pk}/resume/",
        **{
            f"hazards/<int:pk>/hand-over/{form}/": f"hazards/{handed.pk}/hand-over/{form}/"
            for form in ("receipt", "answer")
        },
        "hazards/<int:pk>/facets/<slug:facet>/": f"hazards/{owed_hazard.pk}/facets/funds/",
        "standards/<slug:code>/": "standards/coal-2020/",
        "jobs/<uuid:public_id>/": f"jobs/{imported.job.public_id}/",
        **{f"risks/<int:pk>/{form}": f"risks/{risk.pk}/{form}" for form in ("", "edit/", "review/")},
        **{f"risks/mines/<int:pk>/{form}": f"risks/mines/{mine.pk}/{form}" for form in MINE_MAPS},
        "risks/areas/<int:pk>/": f"risks/areas/{risk.area_id}/",
        "risks/enterprises/<int:pk>/": f"risks/enterprises/{mine.parent_id}/",
        **{f"tip-offs/<int:pk>/{form}": f"tip-offs/{found.pk}/{form}" for form in ("", "hazard/", "reward/")},
        "tip-offs/<int:pk>/steps/<slug:step>/": f"tip-offs/{told.pk}/steps/verify/",
        "responsibilities/<int:pk>/": f"responsibilities/{Responsibility.objects.all()[0].pk}/",
        "campaigns/<int:pk>/reporting/": f"campaigns/{campaign.pk}/reporting/",
        "campaigns/<int:pk>/reporting/new/": f"campaigns/{campaign.pk}/reporting/new/",
        "reporting-rules/<int:pk>/edit/": f"reporting-rules/{report.rule_id}/edit/",
        "consolidations/<int:rule>/<slug:period>/": f"{month}/",
        "consolidations/<int:rule>/<slug:period>/words/": f"{month}/words/",
        "consolidations/<int:rule>/<slug:period>/figures/<str:key>/": f"{month}/figures/hazards.major/",
        "reports/<int:pk>/figures/<str:key>/": f"reports/{report.pk}/figures/inspections.visits/",
        "reports/<int:pk>/": f"reports/{report.pk}/",
        "reports/<int:pk>/sign/": f"reports/{report.pk}/sign/",
        "reports/<int:pk>/upload/": f"reports/{report.pk}/upload/",
        "reports/<int:pk>/correction/": f"reports/{report.pk}/correction/",
        "targets/<int:pk>/": f"targets/{Target.objects.filter(value__isnull=False)[0].pk}/",
        "tasks/<int:pk>/": f"tasks/{Task.objects.filter(is_parent=False)[0].pk}/",
        "reminders/channels/<slug:kind>/": "reminders/channels/dingtalk/",
        "rules/<slug:key>/": "rules/double_report_workdays/",
        "units/<int:pk>/": f"units/{mine.pk}/",
        "units/<int:pk>/merge/": f"units/{mine.pk}/merge/",
        "units/<int:pk>/edit/": f"units/{mine.pk}/edit/",
    }


OPENERS = ADMIN, STAFF, CLERK, LIAISON = "xurui", "chenjianguo", "kongdehua", "helina"
# The drawing of a mine and its forms, and what a mine itself fills in, opened by its clerk.
MINE_MAPS = ("", "new/", "areas/", "background/")
MINE_FILE = ("", "edit/", "state/")
MINE_FORMS = ("report", "plan", "double-report", "rectification", "extension")


def opener(words: str) -> str:
    """Who opens a page: the administrator may open nearly all."""
    if words.startswith("hazards/<int:pk>/") and words.split("/")[2] in {*MINE_FORMS, "facets"}:
        return CLERK
    if words.startswith("reports/<int:pk>/") or words == "mines/<int:pk>/confirm/":
        return CLERK
    if words.startswith("hand-overs/<"):
        return LIAISON
    return STAFF if words.startswith(("imports", "jobs", "due-items")) else ADMIN


FRAGMENTS = {"imports/<int:pk>/tasks/<slug:key>/", "imports/<int:pk>/tasks/add/", "imports/<int:pk>/head/"}
PAGES = [words for words in ADDRESSES if words not in NO_PAGES | OPENED_ELSEWHERE]


def test_what_is_no_page_exists() -> None:
    assert set(ADDRESSES) >= NO_PAGES | OPENED_ELSEWHERE


def read_a_plan() -> PlanImport:
    """An import that was read and waits to be corrected."""
    staff = User.objects.get(username=STAFF)
    assert staff.unit is not None
    row = receive_plan(by=staff, region=staff.unit.region, name="方案.txt", data=PLAN.encode())
    row.refresh_from_db()
    return row


def addresses_of(shown: dict[str, str], who: str) -> list[tuple[str, str]]:
    """Pattern and address of every page that this person opens."""
    return [(words, f"/{shown.get(words, words)}") for words in PAGES if opener(words) == who]


def stumbles(page: str) -> list[str]:
    """What a screen reader, and every link to a place in a page, stumbles over: an id twice, a field without a name."""
    root = document_fromstring(page)
    ids = Counter(root.xpath("//@id"))
    named = set(root.xpath("//label/@for"))
    fields = root.xpath("//input[not(@type='hidden' or @type='submit' or @aria-hidden)] | //select | //textarea")
    nameless = [
        one.get("name", "")
        for one in fields
        if not (
            one.get("id") in named
            or one.get("aria-label")
            or one.get("aria-labelledby")
            or one.xpath("ancestor::label")
        )
    ]
    return [f"#{key} twice" for key, count in ids.items() if count > 1] + [f"{name} has no name" for name in nameless]


@pytest.mark.django_db
@pytest.mark.usefixtures("demo_county")
def test_every_page_answers(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    """On either engine, without a browser."""
    with django_capture_on_commit_callbacks(execute=True):
        imported = read_a_plan()
    imported.refresh_from_db()
    shown = examples(imported)
    forgotten = {words for words in PAGES if "<" in words} ^ {words for words in shown if "<" in words}
    assert not forgotten, f"enter an example for {forgotten}, or say why it is no page"
    faults: list[str] = []
    for who in OPENERS:
        client.force_login(User.objects.get(username=who))
        answers = {url: client.get(url, follow=True) for _, url in addresses_of(shown, who)}
        faults += [f"{who} {url}: {answer.status_code}" for url, answer in answers.items() if answer.status_code != 200]
        shown_pages = {url: answer.content.decode() for url, answer in answers.items() if not answer.streaming}
        faults += [f"{who} {url}: {fault}" for url, words in shown_pages.items() for fault in stumbles(words)]
    assert not faults, "\n".join(faults)
    # What happened to the county so far is told by the history in words that people read.
    told = {change.label for event in Event.objects.iterator() for change in changes_of(event)}
    assert {label for label in told if label.isascii()} == {"SHA-256"}


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("demo_county")
def test_pages_open_without_a_fault_and_fit_their_screen(
    client: Client, live_server: LiveServer, context: BrowserContext, page: Page
) -> None:
    """For the administrator who may open everything, and staff for the import: status, heading, width, complaints."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    faults: list[str] = []
    shown = examples(read_a_plan())
    for who in OPENERS:
        client.force_login(User.objects.get(username=who))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        for words, url in addresses_of(shown, who):
            answer = page.goto(live_server.url + url)
            status = answer.status if answer else 0
            over = {}
            for screen, (width, height) in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                over[screen] = page.evaluate("document.documentElement.scrollWidth") - width
            headings = page.locator("h1").count()
            if status != 200 or max(over.values()) > 0 or complaints or (headings != 1 and words not in FRAGMENTS):
                faults.append(f"{who} {url}: {status}, too wide: {over}, {headings} h1, {complaints}")
            complaints.clear()
    assert not faults, "\n".join(faults)
