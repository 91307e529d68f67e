"""What leaves an account's sight, or comes into it, without being changed is told to that account, and to no other."""

import datetime as dt

import pytest
from django.utils import timezone

from common.seals import seal_history
from exchange.changes import CAME, GONE
from exchange.models import Sight
from exchange.services import runs
from exchange.services.accounts import change_service_account
from exchange.services.lines import ask_for_run, open_line
from exchange.services.sight import gone_since, look_at_all
from exchange.tests.peer import Peer
from mines.ledgers import ledger_named
from mines.services.lines import add_line, change_line, remove_line
from supervision.tests.receivers import served
from units.models import Region, Unit

pytestmark = pytest.mark.django_db


def told(system, after=0):
    """What the feed tells an account after a place, and the place to go on from."""
    seal_history()
    page = system.get("changes/", {"after": after, "limit": 1000}).json()
    return page["results"], page["next"]


def sights(system, after=0):
    found, _ = told(system, after)
    return {(one["verb"], one["noun"], one["id"]) for one in found if one["verb"] in (GONE, CAME)}


def move(mine, region):
    unit = Unit.objects.get(pk=mine.pk)
    unit.region, unit.parent = region, None
    unit.save()


def test_a_mine_that_moves_takes_its_records_from_one_county_to_the_other(
    hazard, county, bureau_system, stranger_system, sister_system, mine_system
):
    assert look_at_all() == 0 and sights(bureau_system) == set(), "the first look tells nothing"
    _, after = told(bureau_system)
    move(county.mine, county.other_region)
    assert look_at_all() > 0
    left, found = sights(bureau_system, after), sights(stranger_system, after)
    for noun, key in (("hazards", hazard.pk), ("mines", county.mine.pk), ("units", county.mine.pk)):
        assert (GONE, noun, str(key)) in left and (CAME, noun, str(key)) not in left
    assert (CAME, "hazards", str(hazard.pk)) in found and not {one for one in found if one[0] == GONE}
    assert not {one for one in sights(sister_system) | sights(mine_system) if one[1] == "hazards"}
    gone = next(one for one in told(bureau_system, after)[0] if one["noun"] == "hazards" and one["verb"] == GONE)
    assert gone["label"] == "不再可见" and set(gone) == {"sequence", "at", "noun", "id", "of", "verb", "label", "url"}
    assert bureau_system.client.get(gone["url"], headers=bureau_system.headers()).status_code == 404
    assert look_at_all() == 0, "the same is told once"
    _, after = told(bureau_system)
    move(county.mine, county.town)
    look_at_all()
    assert (CAME, "hazards", str(hazard.pk)) in sights(bureau_system, after)
    assert gone_since(bureau_system.account, timezone.now() - dt.timedelta(hours=1), ["hazards:read"]) == []


def test_a_narrower_region_is_told_at_once_and_a_noun_that_may_not_be_read_is_not(
    hazard, admin, bureau_system, county, coal_mine
):
    account, place = bureau_system.account, Region.objects.create(code="149921102", name="南山镇")
    limits = {
        "purpose": account.purpose, "contact": account.contact, "networks": [], "per_minute": 6000,
    }  # fmt: skip
    scopes = ["changes:read", "hazards:read"]
    change_service_account(by=admin, account=account, region=None, scopes=scopes, **limits)
    change_service_account(by=admin, account=account, region=place, scopes=scopes, **limits)
    assert sights(bureau_system) == {(GONE, "hazards", str(hazard.pk))}
    assert set(Sight.objects.values_list("noun", flat=True)) >= {"hazards"}
    change_service_account(by=admin, account=account, region=None, scopes=["changes:read", "mines:read"], **limits)
    assert sights(bureau_system) == set() and not Sight.objects.filter(noun="hazards").exists()


def test_a_line_of_a_mines_file_is_told_as_itself_also_when_it_is_taken_back(
    bureau_system, sister_system, admin, coal_mine, settings
):
    settings.HOOKS_TO_PRIVATE = True
    values = {"kind": "safety", "number": "安许证字1号", "issuer": "省厅", "issued_on": "2026-01-01"}
    line = add_line(by=admin, mine=coal_mine.mine, ledger=ledger_named("licences"), values=values)
    change_line(by=admin, line=line, values={"issuer": "省应急管理厅"})
    key = str(line.pk)
    found, after = told(bureau_system)
    entries = [one for one in found if one["noun"] == "mine-licences"]
    assert [(one["verb"], one["id"]) for one in entries] == [
        ("mine.licences_added", key), ("mine.licences_changed", key),
    ]  # fmt: skip
    assert entries[0]["of"] == {"noun": "mines", "id": str(coal_mine.pk)}
    assert (
        bureau_system.client.get(entries[0]["url"], headers=bureau_system.headers()).json()["number"] == "安许证字1号"
    )
    assert not [one for one in told(sister_system)[0] if one["noun"] in ("mines", "mine-licences")]
    with served(Peer()) as peer:
        given = {"by": admin, "account": bureau_system.account, "direction": "push", "every": 60, "hour": 0}
        lines = [
            open_line(name=noun, address=f"{peer.url}&{noun}", nouns=[noun], **given)
            for noun in ("mine-licences", "mines")
        ]
        for one in lines:
            ask_for_run(by=admin, line=one)
            runs.run_line(one)
        assert peer.book["mine-licences", key]["issuer"] == "省应急管理厅"
        assert ("mines", str(coal_mine.pk)) in peer.book, "who follows mines alone is told of the mine"
        remove_line(by=admin, line=line, note="登记错了")
        (removed,) = [one for one in told(bureau_system, after)[0] if one["noun"] == "mine-licences"]
        assert (removed["verb"], removed["id"]) == ("mine.licences_removed", key)
        ask_for_run(by=admin, line=lines[0])
        assert dict(runs.run_line(lines[0])) == {"sent": 1} and ("mine-licences", key) not in peer.book
