"""Where tests find plans: the invented ones of the repository, and real ones lying beside it when they are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent / "samples"
REPOSITORY = Path(__file__).resolve().parents[3]


def shared_plans() -> list[Path]:
    """The plan texts of the folder named by CAMPAIGN_TRACKER_PLANS, else of ../shared/plans; [] without it."""
    folder = Path(os.environ.get("CAMPAIGN_TRACKER_PLANS") or REPOSITORY.parent / "shared" / "plans")
    return sorted((folder / "text").glob("*.txt"))


def every_plan() -> list[object]:
    """Parameters of a test that wants every plan; without the shared ones it says so and runs on the invented one."""
    samples = [pytest.param(path, id=path.stem) for path in sorted(SAMPLES.glob("*.md"))]
    shared = [pytest.param(path, id=path.stem[:3]) for path in shared_plans()]
    missing = pytest.mark.skip(reason="no shared plans: set CAMPAIGN_TRACKER_PLANS to the folder that holds text/*.txt")
    return samples + (shared or [pytest.param(None, id="shared plans", marks=missing)])
