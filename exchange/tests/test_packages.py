"""Data for a system that cannot be reached, in its own words, and counting together."""

import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from common.errors import Refused
from common.jobs import run_job
from common.models import Event, Job
from exchange.mapping import faults_of
from exchange.models import Reconciliation
from exchange.services.accounts import change_mapping
from hazards.models import Hazard

pytestmark = pytest.mark.django_db

MAPPING = {
    "hazards": {
        "name": "yhxx",
        "fields": {"number": "yhbh", "description": "yhms", "place": None},
        "codes": {"state": {"registered": "10"}},
    }
}


@pytest.fixture
def packed(client, admin, settings, tmp_path):
    """Press the button on the account's page as its administrator, and open what comes."""
    settings.VAR_DIR = tmp_path

    def pack(account, since=""):
        client.force_login(admin)
        sent = client.post(f"{account.get_absolute_url()}act/", {"act": "package", "since": since})
        row = Job.objects.get(kind="exchange.package", state="queued")
        assert sent.headers["Location"] == row.get_absolute_url()
        run_job(row.pk)
        row.refresh_from_db()
        assert row.state == "done", row.error
        answer = client.get(row.result["url"])
        assert answer.headers["Content-Type"] == "application/zip" and ".zip" in answer.headers["Content-Disposition"]
        return zipfile.ZipFile(io.BytesIO(answer.getvalue()))

    return pack


def test_a_package_holds_what_the_account_may_read_with_its_checksums(hazard, mine_system, packed):
    Hazard.objects.filter(pk=hazard.pk).update(description="=HYPERLINK(1)")
    archive = packed(mine_system.account)
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())
    (told,) = json.loads(archive.read("hazards.json"))
    whole = mine_system.get(f"hazards/{hazard.pk}/").json()
    assert {name: whole[name] for name in told} == told and "implementations" in told
    manifest = json.loads(archive.read("manifest.json"))
    assert {one["name"]: one["records"] for one in manifest["files"]}["hazards.xlsx"] == 1
    sheet = load_workbook(io.BytesIO(archive.read("hazards.xlsx"))).active
    heads, row = (list(line) for line in sheet.iter_rows())
    text = row[[cell.value for cell in heads].index("description")]
    assert text.value == "=HYPERLINK(1)" and text.data_type == "s"
    assert Event.objects.filter(verb="serviceaccount.packed").exists()


def test_another_mine_gets_nothing_of_it_and_a_narrow_account_only_its_nouns(
    hazard, sister_system, system, county, packed
):
    assert json.loads(packed(sister_system.account).read("hazards.json")) == []
    Job.objects.all().delete()
    narrow = system(county.bureau, scopes=["units:read"])
    assert set(packed(narrow.account).namelist()) == {
        "units.json", "units.xlsx", "unit-groups.json", "unit-groups.xlsx", "manifest.json", "SHA256SUMS"
    }  # fmt: skip


def test_only_what_changed_since_a_day_and_what_is_gone(hazard, county, bureau_system, packed):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert json.loads(packed(bureau_system.account, tomorrow.isoformat()).read("hazards.json")) == []
    Job.objects.all().delete()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    archive = packed(bureau_system.account, yesterday.isoformat())
    assert len(json.loads(archive.read("hazards.json"))) == 1 and json.loads(archive.read("gone.json")) == []
    Job.objects.all().delete()
    county.mine.region, county.mine.parent = county.other_region, None
    county.mine.save()
    archive = packed(bureau_system.account, yesterday.isoformat())
    gone = [(one["noun"], one["id"]) for one in json.loads(archive.read("gone.json"))]
    assert ("hazards", str(hazard.pk)) in gone and "gone.json" in archive.read("SHA256SUMS").decode()
    assert json.loads(archive.read("hazards.json")) == []


def test_the_words_of_the_other_system(client, hazard, admin, bureau_system, packed):
    client.force_login(admin)
    page = f"{bureau_system.account.get_absolute_url()}mapping/"
    refused = client.post(page, {"mapping": '{"hazards": {"fields": {"colour": "ys"}}}'}).content.decode()
    assert "没有字段“colour”" in refused and "colour" in refused
    assert "不是有效的 JSON" in client.post(page, {"mapping": "{hazards"}).content.decode()
    assert client.post(page, {"mapping": json.dumps(MAPPING)}).status_code == 302
    assert "yhbh" in client.get(page).content.decode()
    bureau_system.account.refresh_from_db()
    archive = packed(bureau_system.account)
    (told,) = json.loads(archive.read("yhxx.json"))
    assert told["yhbh"] == hazard.number and told["state"] == "10"
    assert "place" not in told and "number" not in told
    sheet = load_workbook(io.BytesIO(archive.read("yhxx.xlsx"))).active
    assert "yhms" in [cell.value for cell in next(sheet.iter_rows())]
    client.post(page, {"mapping": ""})
    bureau_system.account.refresh_from_db()
    assert bureau_system.account.mapping == {}


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ([], "应是一个对象"),
        ({"planets": {}}, "没有“planets”"),
        ({"hazards": {"rename": {}}}, "只能有"),
        ({"hazards": {"name": "a/b"}}, "name"),
        ({"hazards": {"fields": {"number": 1}}}, "写成文字"),
        ({"hazards": {"fields": {"number": "x", "place": "x"}}}, "同一个名称"),
        ({"hazards": {"codes": {"level": "1"}}}, "代码表"),
        ({"hazards": {"name": "x"}, "mines": {"name": "x"}}, "同一个名称"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_in_words(mapping, words, admin, bureau_system):
    assert words in "".join(faults_of(mapping))
    with pytest.raises(Refused):
        change_mapping(by=admin, account=bureau_system.account, mapping=mapping)


def test_counting_together(client, admin, clerk, hazard, bureau_system, mine_system, system, county):
    same = bureau_system.post("reconciliations/", {"counts": {"hazards": 1}})
    assert same.status_code == 201 and same.json()["agrees"] is True
    differs = bureau_system.post("reconciliations/", {"counts": {"hazards": 3, "mines": 1}}).json()
    assert differs["agrees"] is False and differs["counts"]["hazards"] == {"ours": 1, "theirs": 3}
    assert mine_system.get("reconciliations/").json()["results"] == []
    narrow = system(county.bureau, scopes=["reconciliations:write", "units:read"])
    assert "hazards" in narrow.post("reconciliations/", {"counts": {"hazards": 1}}).content.decode()
    assert bureau_system.post("reconciliations/", {"counts": {"hazards": -1}}).status_code in (400, 422)
    assert Reconciliation.objects.count() == 2
    client.force_login(admin)
    page = client.get("/accounts/reconciliations/").content.decode()
    assert "隐患 1 / 3（差2）" in page and "有差异" in page and "一致" in page
    client.force_login(clerk)
    assert client.get("/accounts/reconciliations/").status_code == 403
