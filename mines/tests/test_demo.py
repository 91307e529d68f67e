"""The files of the demo county: every section has lines somewhere, and they warn of what a county would find."""

from __future__ import annotations

import pytest
from django.test import TestCase

from mines.ledgers import all_ledgers
from mines.models import Accident, CreditMark, KeyPost, Mine, ResponsibleLeader
from mines.querysets import first_rows


@pytest.mark.usefixtures("demo_county")
class DemoFiles(TestCase):
    def test_every_section_has_lines_and_sums_them_up(self) -> None:
        for mine in Mine.objects.select_related("unit"):
            found = first_rows({ledger.slug: ledger.rows(mine) for ledger in all_ledgers()}, 40)
            for ledger in all_ledgers():
                lines, total = found[ledger.slug]
                self.assertTrue(ledger.says(mine, ledger.arranged(lines), total))
        for ledger in all_ledgers():
            self.assertTrue(ledger.model.objects.exists(), ledger.title)

    def test_there_is_something_to_warn_of(self) -> None:
        posts = KeyPost.objects.all()
        for found in (posts.vacant(), posts.often(), posts.lacking(), CreditMark.objects.in_force().bad()):
            self.assertTrue(found.exists())
        self.assertEqual(Accident.objects.to_follow_up().count(), 1)
        self.assertFalse(ResponsibleLeader.objects.filter(until=None, prompt_due=None).exists())
