"""Which tables stay small however many counties there are, for the day when one PostgreSQL is not enough.

Every other table is large and carries the county of its rows (`common.county`); docs/operations.md tells what for. A
test asks of each new model to which side it belongs.
"""

SAME_EVERYWHERE = (
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "common.CalendarDay",
    "contenttypes.ContentType",
    "hazards.Category",
    "hazards.Clause",
    "hazards.Standard",
    "hazards.Standard_companions",
    "units.Region",
    "units.UnitTag",
)
"""Laws, calendar and places: a copy on every node."""

GROWS_WITH_UNITS = (
    "exchange.ExchangeLine",
    "exchange.ServiceAccount",
    "exchange.Subscription",
    "hazards.ListingAcceptance_officers",
    "hazards.LookBack_officers",
    "hazards.RememberedHeading",
    "inspections.Certificate",
    "inspections.PatrolGroup_members",
    "inspections.PatrolGroup_mines",
    "mines.AcceptanceItem",
    "mines.Accident",
    "mines.Contractor",
    "mines.ContractorCheck",
    "mines.CreditMark",
    "mines.FileConfirmation",
    "mines.FileProposal",
    "mines.GradeRecord",
    "mines.HiddenCause",
    "mines.KeyPost",
    "mines.LeaderAct",
    "mines.Licence",
    "mines.Mine",
    "mines.MonthlyOutput",
    "mines.PhaseOut",
    "mines.ProductionSpan",
    "mines.ResponsibleLeader",
    "mines.ResumptionSignature",
    "mines.Suspension",
    "supervision.Contact",
    "supervision.Mute",
    "units.Activation",
    "units.DirectoryImport",
    "units.FormerPassword",
    "units.RecoveryCode",
    "units.RuleSetting",
    "units.SecondFactor",
    "units.Unit",
    "units.Unit_tags",
    "units.UnitAlias",
    "units.UnitGroup",
    "units.UnitGroup_extra_members",
    "units.UnitGroup_tags",
    "units.User",
    "units.User_groups",
    "units.User_user_permissions",
)
"""Bodies, mines and people with what is on file about them: a copy on every node, because everything asks for them."""

ON_ONE_NODE = (
    "axes.AccessAttempt",
    "axes.AccessAttemptExpiration",
    "axes.AccessFailureLog",
    "axes.AccessLog",
    "common.Job",
    "common.Seal",
    "common.Serial",
    "exchange.NarrowToken",
    "hazards.Knock",
    "knox.AuthToken",
    "sessions.Session",
    "units.AccountSession",
)
"""Log-ins, jobs and seals: nothing of a county's is joined with them, and what is old is cleared away or never read."""

SMALL = frozenset(SAME_EVERYWHERE + GROWS_WITH_UNITS + ON_ONE_NODE)
