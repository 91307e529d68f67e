"""The run: each step once for ever, one digest a day, quiet where nothing is owed, one digest after an outage."""

import pytest
import time_machine
from django.core.management import call_command

from common.due import DueThing
from mines.models import FileConfirmation
from mines.services.file import open_file
from supervision.models import Digest, Ladder, Notice, Rung
from supervision.recipients import People
from supervision.services.reminders import run_reminders
from supervision.tests.conftest import MONDAY, at, days
from supervision.tests.owed import make_campaign, make_items
from tasks.models import Assignment, DueItem
from units.models import Region, Unit, User

pytestmark = pytest.mark.django_db


def told() -> list[tuple[int, str]]:
    """Steps and people, in the order in which they were told."""
    rows = Notice.objects.order_by("rung_id", "recipient__username")
    return [(notice.rung.step, notice.recipient.name) for notice in rows.select_related("rung", "recipient")]


def test_two_weeks_up_the_ladder(
    county, item, clerk, mine_head, township_liaison, staff, leader, sister_clerk, stranger
):
    """Every working day from a fortnight before to a month after, as the clock would run it."""
    for ahead in range(-14, 31):
        run_reminders(now=at(MONDAY + days(ahead)))
    person, head, town, section, boss = "刘填报", "何矿长", "郑乡联", "王科员", "周县长"
    assert told() == [
        *((offset, person) for offset in (-7, -3, -1, 0)),
        *((1, who) for who in (person, head, town)),
        *((3, who) for who in (person, head, section, town)),
        *((7, who) for who in (person, head, boss, section)),
        *((15, who) for who in (person, head, boss, section)),
    ]
    assert Digest.objects.filter(recipient=clerk).count() == 8
    assert not Rung.objects.exclude(skipped="").exists()


def test_nothing_on_a_day_without_work_and_no_digest_at_night(item, clerk):
    saturday = MONDAY - days(2)
    run_reminders(now=at(saturday))
    assert not Rung.objects.exists()
    run_reminders(now=at(MONDAY, hour=6))
    assert Notice.objects.waiting().count() == 1, "it stands in the inbox"
    assert not Digest.objects.exists(), "but nobody is woken"
    run_reminders(now=at(MONDAY, hour=8))
    assert Digest.objects.count() == 1 and not Notice.objects.waiting().exists()


def test_an_outage_of_any_length_ends_in_one_digest(county, campaign, clerk):
    make_items(campaign, [county.mine], [MONDAY - days(late) for late in (1, 10, 40, 300)])
    run_reminders(now=at(MONDAY))
    assert sorted(Rung.objects.values_list("step", flat=True)) == [1, 3, 15, 15]
    assert Digest.objects.filter(recipient=clerk).count() == 1
    assert Notice.objects.filter(recipient=clerk, digest__isnull=False).count() == 4
    assert Rung.objects.get(step=3).skipped == "-7,-3,-1,0,1"
    for ahead in range(1, 4):
        run_reminders(now=at(MONDAY + days(ahead)))
    assert Rung.objects.filter(step=15).count() == 2, "the highest step is not told again"


def test_a_clock_set_back_tells_nothing_twice_and_nothing_lower(item, clerk):
    run_reminders(now=at(MONDAY + days(1)))
    before = told()
    for back in (0, -3, -10, -400):
        run_reminders(now=at(MONDAY + days(back), hour=10))
    run_reminders(now=at(MONDAY + days(1), hour=11))
    assert told() == before
    assert Digest.objects.filter(recipient=clerk).count() == 1


def test_running_again_and_again_changes_nothing(item, clerk):
    for hour in range(8, 18):
        run_reminders(now=at(MONDAY, hour))
    assert (Rung.objects.count(), Notice.objects.count(), Digest.objects.count()) == (1, 1, 1)


def test_quiet_when_handed_in(item, clerk, county, campaign):
    DueItem.objects.filter(pk=item.pk).update(state="reported")
    whole = make_items(campaign, [county.mine], [MONDAY])[0]
    Assignment.objects.filter(pk=whole.assignment_id).update(state="submitted")
    run_reminders(now=at(MONDAY))
    assert not Rung.objects.exists()
    DueItem.objects.filter(pk=item.pk).update(state="returned")
    run_reminders(now=at(MONDAY))
    assert told() == [(0, "刘填报")], "what came back is owed again"


def test_what_was_handed_in_before_the_digest_is_left_out(item, clerk):
    run_reminders(now=at(MONDAY, hour=7))
    DueItem.objects.filter(pk=item.pk).update(state="reported")
    run_reminders(now=at(MONDAY, hour=9))
    assert not Digest.objects.exists()
    assert Notice.objects.get().dropped_at is not None


def test_a_moved_day_begins_anew(item, clerk):
    run_reminders(now=at(MONDAY))
    DueItem.objects.filter(pk=item.pk).update(due_on=MONDAY + days(7))
    run_reminders(now=at(MONDAY, hour=10))
    assert told() == [(0, "刘填报"), (-7, "刘填报")]
    assert Digest.objects.count() == 1, "the second waits for the next day's digest"
    run_reminders(now=at(MONDAY + days(1)))
    assert Digest.objects.count() == 2 and not Notice.objects.waiting().exists()


def test_a_closed_campaign_and_a_withdrawn_duty_are_quiet(item, campaign, clerk):
    Assignment.objects.update(withdrawn_on=MONDAY)
    run_reminders(now=at(MONDAY))
    Assignment.objects.update(withdrawn_on=None)
    campaign.state = "closed"
    campaign.save()
    run_reminders(now=at(MONDAY))
    assert not Rung.objects.exists()


def test_a_unit_without_accounts_is_told_by_nobody_and_seen_as_such(county, campaign):
    make_items(campaign, [county.sister_mine], [MONDAY])
    run_reminders(now=at(MONDAY))
    assert Rung.objects.count() == 1 and not Notice.objects.exists()


def test_who_stands_behind_an_audience(
    county, clerk, mine_head, sister_clerk, staff, inspector, leader, township_liaison
):
    """A unit's people, the one who is named, the bureau for its own duties, the head where nobody else is."""

    def told_of(unit, *audiences, person=None):
        thing = DueThing(1, MONDAY, unit.pk, county.region.pk, None, person, 1, "")
        return [User.objects.get(pk=pk) for pk in People().told(thing, audiences)]

    assert told_of(county.mine, "person") == [clerk]
    assert told_of(county.mine, "person", person=mine_head.pk) == [mine_head]
    assert told_of(county.bureau, "person") == [staff, inspector]
    assert told_of(county.energy, "person", "head") == []
    assert told_of(county.mine, "person", "head", "township", "section", "leader") == [
        clerk, mine_head, township_liaison, staff, leader,
    ]  # fmt: skip
    assert told_of(county.township, "person", "township") == [township_liaison], "each once"
    village = Region.objects.create(code=f"{county.mine.region_id[:9]}203", name="石门村")
    Unit.objects.filter(pk=county.mine.pk).update(region=village)
    assert told_of(county.mine, "township") == [township_liaison], "a village has its township"
    clerk.is_active = False
    clerk.save()
    assert told_of(county.mine, "person", person=clerk.pk) == [mine_head], "who left is not told, the head is"


def test_a_campaign_and_a_region_have_their_own_ladders(county, campaign, clerk, mine_head, staff):
    other = make_campaign(county.region, staff, "秋冬攻坚")
    make_items(campaign, [county.mine], [MONDAY])
    make_items(other, [county.mine], [MONDAY])
    Ladder.objects.create(region=county.region, steps=[{"offset": 0, "to": ["head"]}], source="青安委〔2026〕1号")
    Ladder.objects.create(
        region=county.region, campaign=other, steps=[{"offset": -2, "to": ["person"]}], source="方案第四条"
    )
    for ahead in range(-10, 20):
        run_reminders(now=at(MONDAY + days(ahead)))
    assert told() == [(-2, "刘填报"), (0, "何矿长")]


def test_what_a_mine_in_a_town_owes_climbs_to_its_county(county, staff, leader):
    mine = open_file(by=staff, unit=county.mine, mine_type="coal_underground", state_since=MONDAY - days(400))
    assert mine.unit.region == county.town
    FileConfirmation.objects.create(mine=mine, month=MONDAY.replace(day=1), due_on=MONDAY)
    Ladder.objects.create(
        region=county.region, steps=[{"offset": 2, "to": ["section", "leader"]}], source="青安委〔2026〕1号"
    )
    run_reminders(now=at(MONDAY))
    assert told() == [], "the county's own ladder counts, and not the default one"
    run_reminders(now=at(MONDAY + days(2)))
    assert sorted(told()) == sorted([(2, staff.name), (2, leader.name)])


def test_the_neighbouring_county_hears_nothing(item, clerk, stranger):
    run_reminders(now=at(MONDAY + days(30)))
    assert Notice.objects.exists() and not Notice.objects.filter(recipient=stranger).exists()


def test_hazards_and_listings_are_reminded_of(county, clerk, staff):
    from hazards.models import Hazard

    Hazard.objects.create(
        region=county.region, number="青隐〔2026〕1号", mine=county.mine, place="二采区回风巷", description="风量不足",
        source="inspection", found_on=MONDAY - days(20), due_on=MONDAY, registered_by=staff, state="treating",
        level="major",
    )  # fmt: skip
    run_reminders(now=at(MONDAY))
    rung = Rung.objects.get()
    assert (rung.kind, rung.title) == ("hazard", "重大隐患 青隐〔2026〕1号 二采区回风巷")
    assert rung.get_absolute_url().startswith("/hazards/")


def test_the_dry_run_says_who_would_be_told_and_writes_nothing(item, clerk, capsys):
    with time_machine.travel(at(MONDAY)):
        call_command("remind", dry_run=True)
    words = capsys.readouterr().out
    assert "刘填报" in words and "第1项排查整治任务" in words and "到期当日" in words
    assert not Rung.objects.exists()
    with time_machine.travel(at(MONDAY)):
        call_command("remind")
    assert "1" in capsys.readouterr().out and Rung.objects.count() == 1
