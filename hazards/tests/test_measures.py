"""The list of institutional measures: kept by the bureau, reported by the lead unit, in and out as a table."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from common.errors import NotAllowed, Refused
from common.history import history_of
from common.transitions import advance
from hazards.models import InstitutionalMeasure
from hazards.services.measures import change_measure, create_measure, import_measures
from hazards.tests.tables import workbook

HEAD = ["序号", "制度/措施名称", "主要内容", "牵头单位", "责任单位", "完成时限", "进展"]


@pytest.fixture
def measure(staff, county):
    return create_measure(by=staff, name="入井带班公示制度", gist="每日公示", lead_unit=county.energy, due_on=None)


def test_a_measure_from_draft_to_issue(measure, staff, liaison):
    with pytest.raises(Refused, match="印发文件"):
        advance(measure, "issue", by=liaison)
    change_measure(by=liaison, measure=measure, progress="已送审", document="青能发〔2026〕3号")
    advance(measure, "issue", by=liaison)
    assert measure.state == "issued"
    with pytest.raises(Refused, match="改正"):
        change_measure(by=staff, measure=measure, document="")
    verbs = list(history_of(measure).values_list("verb", flat=True))
    assert verbs == ["institutionalmeasure.issue", "institutionalmeasure.changed", "institutionalmeasure.created"]


def test_the_lead_unit_reports_and_the_bureau_decides(measure, liaison, leader, staff):
    with pytest.raises(NotAllowed):
        change_measure(by=liaison, measure=measure, name="别的名称")
    with pytest.raises(NotAllowed):
        change_measure(by=leader, measure=measure, progress="看看")
    with pytest.raises(NotAllowed):
        advance(measure, "drop", by=liaison, note="不做了")
    with pytest.raises(NotAllowed):
        create_measure(by=liaison, name="自拟", lead_unit=liaison.unit)
    with pytest.raises(Refused, match="改正"):
        create_measure(by=staff, name=measure.name, lead_unit=measure.lead_unit)


def test_pages_by_people(measure, staff, liaison, leader, stranger, sister_clerk, client):
    page, change = measure.get_absolute_url(), reverse("hazards:measure_change", args=[measure.pk])
    for person, read, write in ((staff, 200, 200), (liaison, 200, 200), (leader, 200, 403), (stranger, 404, 404),
                                (sister_clerk, 404, 404)):  # fmt: skip
        client.force_login(person)
        assert client.get(page).status_code == read, person
        assert client.get(change).status_code == write, person
        listed = client.get(reverse("hazards:measures")).content.decode()
        assert (measure.name in listed) == (read == 200)
    client.force_login(liaison)
    answer = client.post(change, {"progress": "起草完成", "document": "", "issued_on": ""})
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (measure.progress, measure.name) == ("起草完成", "入井带班公示制度")
    assert client.post(reverse("hazards:measure_new"), {"name": "x"}).status_code == 403


def test_new_through_the_page(staff, county, client):
    client.force_login(staff)
    data = {"name": "隐患报告奖励制度", "lead_unit": county.bureau.pk, "due_on": "2026-12-31"}
    assert client.post(reverse("hazards:measure_new"), data).status_code == 302
    assert client.post(reverse("hazards:measure_new"), data).status_code == 422
    assert InstitutionalMeasure.objects.get().region == county.region


def test_the_list_costs_the_same_for_two_and_for_twenty(measure, staff, county, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(staff)
    create_measure(by=staff, name="第二项", lead_unit=county.bureau)
    client.get(reverse("hazards:measures"))
    with CaptureQueriesContext(
        connection,
    ) as two:
        client.get(reverse("hazards:measures"))
    for number in range(18):
        create_measure(by=staff, name=f"制度{number}", lead_unit=county.bureau)
    with django_assert_num_queries(len(two)):
        client.get(reverse("hazards:measures"))
    assert len(two) <= 12


def test_a_table_as_offices_write_it(measure, staff, county, client):
    client.force_login(staff)
    head = ["序号", "制度（措施）名称", "牵头部门", "完成时限"]
    rows = [[1, "举报奖励办法", county.bureau.name, "长期坚持"], [2, "带班下井办法", county.bureau.name, "12月底前"]]
    two = [[3, "两家牵头", f"{county.bureau.name}、{county.energy.name}", ""]]
    address = reverse("hazards:measure_import")
    answer = client.post(address, {"file": SimpleUploadedFile("表.xlsx", workbook([head, *rows, *two]).read())})
    assert answer.status_code == 422 and "只能写一个" in answer.content.decode()
    answer = client.post(address, {"file": SimpleUploadedFile("表.xlsx", workbook([head, *rows]).read())})
    assert answer.status_code == 302
    due = dict(InstitutionalMeasure.objects.values_list("name", "due_on"))
    assert due["举报奖励办法"] is None and (due["带班下井办法"].month, due["带班下井办法"].day) == (12, 31)


def test_rows_that_the_file_hides_are_told_and_stay_out_when_asked(measure, staff, county, client):
    client.force_login(staff)
    rows = [["制度名称", "牵头单位"], ["甲办法", f"{county.bureau.name}牵头"], ["乙办法", county.bureau.name]]
    book = load_workbook(workbook(rows))
    book.active.row_dimensions[3].hidden = True
    data = io.BytesIO()
    book.save(data)
    for choice, words, names in (("leave", "没有导入", {"甲办法"}), ("read", "也导入了", {"甲办法", "乙办法"})):
        file = SimpleUploadedFile("表.xlsx", data.getvalue())
        page = client.post(reverse("hazards:measure_import"), {"file": file, "hidden": choice}, follow=True)
        assert f"第 3 行在文件里是隐藏的，{words}" in page.content.decode()
        assert set(InstitutionalMeasure.objects.exclude(pk=measure.pk).values_list("name", flat=True)) == names


def test_what_goes_out_comes_in_unchanged(measure, staff, client):
    client.force_login(staff)
    data = b"".join(client.get(reverse("hazards:measures"), {"export": "xlsx"}).streaming_content)
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).active.iter_rows()]
    assert rows[1] == HEAD and rows[2][1] == measure.name
    assert import_measures(by=staff, data=data).counts["unchanged"] == 1


def test_a_table_is_written_whole_or_not_at_all(measure, staff, county, client):
    bad = workbook(
        [HEAD, [1, "甲制度", "内容", "能源局吧", "", "2026.12", ""], [2, "", "x", "青岚县能源局", "", "", ""]]
    )
    result = import_measures(by=staff, data=bad.read())
    assert result.counts["wrong"] == 2 and InstitutionalMeasure.objects.count() == 1
    assert "青岚县能源局" in str(result.errors[0])
    client.force_login(staff)
    good = workbook([HEAD, [1, "甲制度", "内容", "县能源局", "各煤矿", "2026年12月底", "起草"],
                     [2, measure.name, "", "青岚县能源局", "", "", "已报批"]])  # fmt: skip
    upload = SimpleUploadedFile("清单.xlsx", good.read())
    assert client.post(reverse("hazards:measure_import"), {"file": upload}).status_code == 302
    measure.refresh_from_db()
    assert (measure.progress, measure.gist) == ("已报批", "每日公示")
    assert str(InstitutionalMeasure.objects.get(name="甲制度").due_on) == "2026-12-31"
    upload = SimpleUploadedFile("清单.xlsx", bad.read() or b"x")
    assert client.post(reverse("hazards:measure_import"), {"file": upload}).status_code == 422
