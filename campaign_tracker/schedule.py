"""What runs by the clock. Times are Asia/Shanghai; each name is a task in the `jobs` module of its app.

Every job may be run twice, and what comes each minute is worth nothing a minute later: it expires in the queue
instead of piling up while no worker is there.
"""

from typing import Any

from celery.schedules import crontab

EVERY_MINUTE: dict[str, Any] = {"schedule": 60.0, "options": {"expires": 55}}

SCHEDULE: dict[str, dict[str, Any]] = {
    "seal the history": {"task": "common.jobs.seal_history", **EVERY_MINUTE},
    "send lost jobs again": {"task": "common.jobs.sweep_jobs", **EVERY_MINUTE},
    "check the history": {"task": "common.jobs.verify_history", "schedule": crontab(hour="4", minute="20")},
    "add published years to the calendar": {
        "task": "common.jobs.extend_calendar",
        "schedule": crontab(hour="5", minute="10"),
    },
    "forget ended sessions": {"task": "units.jobs.forget_ended_sessions", "schedule": 3600.0},
    "forget answers to other systems": {
        "task": "exchange.jobs.forget_answers",
        "schedule": crontab(hour="3", minute="30"),
    },
    "tell other systems of changes": {"task": "exchange.jobs.send_hooks", **EVERY_MINUTE},
    "tell what accounts see no longer": {"task": "exchange.jobs.look_at_sights", "schedule": crontab(minute="50")},
    "exchange with other systems": {"task": "exchange.jobs.run_lines", **EVERY_MINUTE},
    "forget delivered hooks": {"task": "exchange.jobs.forget_hooks", "schedule": crontab(hour="3", minute="40")},
    "make the coming due items": {
        "task": "tasks.jobs.create_due_items",
        "schedule": crontab(hour="0", minute="30"),
    },
    "open what mines owe": {"task": "mines.jobs.open_due_items", "schedule": crontab(hour="0", minute="40")},
    # Reminders are written on working days only, and reach nobody in their quiet hours; what a run missed comes next time.
    "remind of what is due": {
        "task": "supervision.jobs.remind",
        "schedule": crontab(minute="*/5", hour="6-21"),
        "options": {"expires": 290},
    },
    "send what waits": {"task": "supervision.jobs.deliver", **EVERY_MINUTE},
    "keep the numbers of the day": {
        "task": "supervision.jobs.take_snapshots",
        "schedule": crontab(hour="23", minute="40"),
    },
    "make the coming reports": {"task": "tasks.jobs.create_reports", "schedule": crontab(hour="0", minute="40")},
    "make the coming meetings": {
        "task": "supervision.jobs.create_meetings",
        "schedule": crontab(hour="0", minute="40"),
    },
}
