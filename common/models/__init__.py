"""What every floor stands on: history, evidence, the calendar, long jobs, running numbers."""

from .calendar import CalendarDay
from .evidence import Evidence
from .history import Event, Seal
from .jobs import Job
from .serials import Serial

__all__ = ["CalendarDay", "Event", "Evidence", "Job", "Seal", "Serial"]
