"""What runs by the clock. Times are Asia/Shanghai; each name is a task in the `jobs` module of its app."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {}
