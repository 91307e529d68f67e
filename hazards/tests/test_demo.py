"""The register of the demo county: lively, told by the right people, true to its own rules."""

from __future__ import annotations

import pytest
from django.test import TestCase

from common.history import history_of
from hazards.models import (
    Clause,
    Hazard,
    HazardExtension,
    Listing,
    LookBack,
    MineArea,
    Risk,
    TipOff,
    TipOffContact,
)
from hazards.querysets import WAITING_STATES
from mines.models import Mine
from units.models import Role


@pytest.mark.usefixtures("demo_county")
class DemoRegister(TestCase):
    def test_every_mine_has_its_kind_and_its_hazards(self) -> None:
        self.assertEqual(Mine.objects.count(), 20)
        self.assertEqual(Hazard.objects.values("mine").distinct().count(), 20)
        self.assertGreaterEqual(Hazard.objects.count(), 60)
        self.assertGreater(Clause.objects.count(), 100)

    def test_every_state_and_level_occurs(self) -> None:
        states = {"registered", "graded", "treating", "awaiting", "returned", "closed", "void"} | set(WAITING_STATES)
        self.assertEqual(set(Hazard.objects.values_list("state", flat=True)), states)
        self.assertGreater(Hazard.objects.filter(level="major", state="closed").count(), 2)
        self.assertGreater(Hazard.objects.overdue().count(), 0)
        self.assertEqual(set(HazardExtension.objects.values_list("state", flat=True)), {"requested", "approved"})

    def test_some_are_listed(self) -> None:
        self.assertEqual(
            set(Listing.objects.values_list("state", flat=True)),
            {"listed", "extension_asked", "acceptance_asked", "lifted"},
        )

    def test_every_mine_is_drawn_in_four_colours(self) -> None:
        self.assertEqual(Risk.objects.values("area__mine").distinct().count(), 20)
        self.assertEqual(set(Risk.objects.values_list("level", flat=True)), set(Risk.Level.values))
        self.assertTrue(all(area.is_placed for area in MineArea.objects.all()))
        self.assertEqual(Risk.objects.overdue().count(), 5)
        self.assertGreater(Hazard.objects.filter(area__isnull=False).count(), 20)

    def test_tip_offs_stand_at_all_steps_and_name_nobody(self) -> None:
        self.assertEqual(
            set(TipOff.objects.values_list("state", flat=True)),
            {"received", "verified", "handled", "closed", "not_accepted"},
        )
        self.assertFalse(TipOffContact.objects.exists())

    def test_one_is_looked_at_again(self) -> None:
        look_back = LookBack.objects.get(sign__isnull=False)
        self.assertEqual((look_back.hazard.state, look_back.sign.verdict), ("closed", "suspicious"))
        self.assertGreater(Hazard.objects.filter(task__isnull=False).count(), 5)

    def test_what_is_closed_was_checked_by_others(self) -> None:
        for hazard in Hazard.objects.filter(state="closed"):
            officers = hazard.reinspections.get(result="passed").officers.all()
            self.assertEqual(len(officers), 2 if hazard.is_major else 1)
            self.assertNotIn(hazard.rectifier, officers)
            self.assertEqual({officer.role for officer in officers}, {Role.INSPECTOR})
            self.assertTrue(history_of(hazard).filter(verb="hazard.close").exists())
            self.assertLessEqual(hazard.found_on, hazard.closed_on)
