"""The page of a mine after five years: readable, and no dearer than on its first day."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mines.ledgers import all_ledgers
from mines.models import FileConfirmation, KeyPost, ProductionSpan
from mines.querysets import first_rows
from mines.tests.conftest import desk
from mines.tests.lines import five_years


def test_the_page_keeps_its_budget_with_five_years_of_history(mine, staff, clerk, today):
    lines = five_years(mine, today)
    days = [today - dt.timedelta(days=30 * back) for back in range(60)]
    ProductionSpan.objects.bulk_create(ProductionSpan(mine=mine, state="producing", since=day) for day in days)
    FileConfirmation.objects.bulk_create(
        FileConfirmation(mine=mine, month=day.replace(day=1), due_on=day) for day in days[::2]
    )
    for user in (staff, clerk):
        client = desk(user)
        client.get(f"/mines/{mine.pk}/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/mines/{mine.pk}/?open=posts")
        assert answer.status_code == 200 and len(queries) <= 20, [one["sql"][:120] for one in queries]
        shown = answer.content.decode()
        assert f"共{lines}行" in shown and "姓名0" in shown and "姓名50" not in shown
        assert '<details class="panel folded" id="posts" open>' in shown


def test_first_rows_are_those_of_each_table_in_its_order(mine, sister, today, django_assert_num_queries):
    five_years(mine, today, months=8)
    wanted = {ledger.slug: ledger.rows(mine) for ledger in all_ledgers()}
    with django_assert_num_queries(1):
        found = first_rows(wanted | {"none": KeyPost.objects.filter(mine=sister)}, 5)
    assert found.pop("none") == ([], 0)
    for slug, (rows, total) in found.items():
        assert rows == list(wanted[slug][:5]) and total == 8
        fields = [field.attname for field in wanted[slug].model._meta.concrete_fields if field.attname != "created_at"]
        for row, same in zip(rows, wanted[slug], strict=False):
            assert [getattr(row, name) for name in fields] == [getattr(same, name) for name in fields]
