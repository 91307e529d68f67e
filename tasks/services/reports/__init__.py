"""Reports: `answers` are typed, `saving` keeps them, `moving` takes the report on its way."""

from tasks.services.reports.answers import Answers, FigureAnswer, LineAnswer, WordsAnswer
from tasks.services.reports.moving import correct_report, decide_report, move_report, sign_report
from tasks.services.reports.saving import Saved, check_may_write, locked, save_report

__all__ = [
    "Answers",
    "FigureAnswer",
    "LineAnswer",
    "Saved",
    "WordsAnswer",
    "check_may_write",
    "correct_report",
    "decide_report",
    "locked",
    "move_report",
    "save_report",
    "sign_report",
]
