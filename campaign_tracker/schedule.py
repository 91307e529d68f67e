"""What runs by the clock. Times are Asia/Shanghai; each name is a task in the `jobs` module of its app."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "seal-history": {"task": "common.jobs.seal_history", "schedule": 60.0},
    "sweep-jobs": {"task": "common.jobs.sweep_jobs", "schedule": 30.0},
}
