"""A bureau that begins with an empty database is told what to do first, until a campaign is under way."""

from __future__ import annotations

from django.test import Client

from mines.models import Mine
from tasks.models import Campaign
from units.models import Role, User


def first_page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/").content.decode()


def steps(page: str) -> list[str]:
    """What is marked of each step, from top to bottom."""
    if 'id="first-steps"' not in page:
        return []
    panel = page.split('id="first-steps"')[1].split("</section>")[0]
    return ["已有" if "已有" in row else "未办" for row in panel.split("<tr>")[1:]]


def test_the_first_day_of_a_bureau(county, admin, staff, clerk):
    User.objects.exclude(pk__in=(admin.pk, staff.pk, clerk.pk)).delete()
    page = first_page(admin)
    assert steps(page) == ["已有", "已有", "未办", "未办"]
    for address in ("/units/import/", "/accounts/", "/mines/import/", "/imports/new/"):
        assert f'href="{address}"' in page
    assert "开通账号" not in first_page(staff), "accounts are the administrator's"
    assert steps(first_page(staff)) == ["已有", "未办", "未办"]
    assert not steps(first_page(clerk)), "a mine sets nothing up"

    Mine.objects.create(unit=county.mine, mine_type="coal_underground")
    assert steps(first_page(admin)) == ["已有", "已有", "已有", "未办"]
    Campaign.objects.create(title="行动", region=county.region, created_by=admin)
    assert not steps(first_page(admin)) and not steps(first_page(staff))


def test_a_bureau_alone_has_everything_before_it(county, admin):
    User.objects.exclude(pk=admin.pk).delete()
    county.mines.delete()
    for unit in (county.mine, county.sister_mine, county.energy, county.township):
        unit.delete()
    county.enterprise.delete()
    assert steps(first_page(admin))[1:] == ["未办"] * 3
    assert admin.role == Role.BUREAU_ADMIN
