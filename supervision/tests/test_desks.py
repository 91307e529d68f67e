"""Who of the bureau is told as the section in charge: by campaign, else by kind, else everybody."""

import pytest

from common.due import DueThing
from common.errors import NotAllowed, Refused
from supervision.models import Notice
from supervision.recipients import People
from supervision.services.desks import set_desk
from supervision.services.reminders import run_reminders
from supervision.tests.conftest import MONDAY, at, days
from units.models import User

pytestmark = pytest.mark.django_db


def test_the_campaigns_people_then_the_kinds_then_everybody(county, campaign, admin, staff, second_staff, inspector):
    def section(kind, of=None):
        thing = DueThing(1, MONDAY, county.mine.pk, county.region.pk, of, None, 1, "")
        return {User.objects.get(pk=pk) for pk in People().told(thing, ["section"], kind)}

    assert section("hazard") == {staff, second_staff}
    set_desk(by=admin, officers=[inspector], kind="hazard")
    set_desk(by=admin, officers=[second_staff], campaign=campaign)
    assert section("hazard") == {inspector} and section("task") == {staff, second_staff}
    assert section("hazard", campaign.pk) == {second_staff} == section("task", campaign.pk)
    second_staff.is_active = False
    second_staff.save()
    assert section("hazard", campaign.pk) == {inspector} and section("task", campaign.pk) == {staff}
    set_desk(by=admin, officers=[], kind="hazard")
    assert section("hazard") == {staff}


def test_the_run_tells_the_person_named(item, county, campaign, admin, clerk, staff, second_staff):
    set_desk(by=admin, officers=[second_staff], campaign=campaign)
    run_reminders(now=at(MONDAY + days(3)))
    told = set(Notice.objects.values_list("recipient__name", flat=True))
    assert "赵科长" in told and "王科员" not in told


def test_administrators_name_people_of_their_own_bureau(client, county, campaign, admin, staff, clerk, stranger):
    client.force_login(admin)
    url = f"/reminders/desks/edit/?campaign={campaign.pk}"
    page = client.get(url).content.decode()
    assert "王科员" in page and "胡外县" not in page and "刘填报" not in page
    assert client.post(url, {"officers": [staff.pk]}).status_code == 302
    assert "王科员" in client.get("/reminders/desks/").content.decode()
    assert client.post(url, {"officers": [stranger.pk]}).status_code == 422
    assert client.get("/reminders/desks/edit/?kind=nothing").status_code == 404
    with pytest.raises(Refused):
        set_desk(by=admin, officers=[clerk], kind="hazard")
    with pytest.raises(NotAllowed):
        set_desk(by=staff, officers=[staff], kind="hazard")
    client.force_login(staff)
    assert client.get("/reminders/desks/").status_code == 200
    assert client.get(url).status_code == 403
    client.force_login(clerk)
    assert client.get("/reminders/desks/").status_code == 403
