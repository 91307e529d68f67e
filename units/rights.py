"""Which roles can stand in which relation to a row: where a move's `who` becomes people.

`relations_of` of each noun decides for one row and one person, by region and unit as well; this table says which roles
that may come to at most. A test holds every person and every row of the demo county against it.
"""

from __future__ import annotations

from units.models import Role

BUREAU = (Role.BUREAU_ADMIN, Role.BUREAU_STAFF)
INSPECTORS = (*BUREAU, Role.INSPECTOR)
MINE = (Role.MINE_CLERK, Role.MINE_HEAD)
REPORTERS = (*INSPECTORS, Role.LIAISON, *MINE)

HOLDERS: dict[str, tuple[Role, ...]] = {
    "admin": (Role.BUREAU_ADMIN,),
    "bureau": BUREAU,
    "reviewer": BUREAU,
    "lister": BUREAU,
    "keeper": BUREAU,
    "approver": BUREAU,
    "inspector": INSPECTORS,
    "finder": INSPECTORS,
    "officer": INSPECTORS,
    "leader": (Role.LEADER,),
    "mine": MINE,
    "self_checker": MINE,
    "head": (Role.MINE_HEAD,),
    "unit": REPORTERS,
    "lead": REPORTERS,
    "receiver": REPORTERS,
    "signer": REPORTERS,
    "corrector": REPORTERS,
    "acceptor": (*BUREAU, *MINE),
    # The head of the county's government approves letters as well.
    "supervision.SupervisionLetter:approver": (*BUREAU, Role.LEADER),
    "mines.Suspension:signer": (*BUREAU, Role.MINE_HEAD),
}

RELATIONS = {
    "admin": "本地区的局管理员",
    "bureau": "本地区应急管理局的人",
    "reviewer": "审核的人（应急管理局）",
    "lister": "挂牌单位的人",
    "keeper": "能看举报人的人（局管理员、指定的专办员）",
    "approver": "审批的人（不是起草人）",
    "inspector": "本地区的检查人员",
    "finder": "检查中登记这条隐患的人",
    "officer": "参加这次检查的人",
    "leader": "包保这座矿山的领导",
    "mine": "这座矿山的人",
    "self_checker": "自查出这条隐患的矿山的人",
    "head": "这座矿山的矿长",
    "unit": "责任单位的人",
    "lead": "牵头单位的人",
    "receiver": "收到移送的单位的人",
    "signer": "签发的人（单位负责人）",
    "corrector": "更正报告的单位的人",
    "acceptor": "验收的人",
}


def holders(noun: str, relation: str) -> tuple[Role, ...]:
    """The roles that may stand in a relation to rows of a noun (`app.Model`). Raises KeyError for an unknown relation."""
    return HOLDERS.get(f"{noun}:{relation}") or HOLDERS[relation]
