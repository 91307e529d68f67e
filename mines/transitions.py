"""The legal moves of a mine's state of production."""

from __future__ import annotations

from common.transitions import FORMER, Move, Moves

MINE_MOVES: Moves = {
    ("producing", "suspend"): Move("suspended", "停产", ("bureau", "mine"), needs_note=True),
    ("building", "suspend"): Move("suspended", "停建", ("bureau", "mine"), needs_note=True),
    ("suspended", "resume"): Move(FORMER, "恢复生产建设", ("bureau",), style="primary"),
    ("producing", "rebuild"): Move("building", "转入建设（改扩建）", ("bureau",), needs_note=True),
    ("building", "complete"): Move("producing", "竣工验收，转入生产", ("bureau",), needs_note=True),
    **{
        (state, "begin_closing"): Move("closing", "进入关闭（闭库）", ("bureau",), needs_note=True)
        for state in ("producing", "building", "suspended")
    },
    ("closing", "close"): Move("closed", "关闭（闭库）完成", ("bureau",), needs_note=True),
    ("suspended", "close"): Move("closed", "关闭", ("bureau",), needs_note=True, style="danger"),
}
