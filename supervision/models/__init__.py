from supervision.models.channels import Channel, Contact, Delivery, Mute
from supervision.models.consolidation import ConsolidatedNarrative
from supervision.models.desks import DeskOfficer
from supervision.models.letters import LetterItem, LetterReceipt, SupervisionLetter
from supervision.models.meetings import Decision, Meeting, MeetingSeries
from supervision.models.notices import Digest, Ladder, Notice, Rung, new_claim
from supervision.models.snapshots import AccidentCount, DailySnapshot

__all__ = [
    "AccidentCount",
    "Channel",
    "ConsolidatedNarrative",
    "Contact",
    "DailySnapshot",
    "Decision",
    "Delivery",
    "DeskOfficer",
    "Digest",
    "Ladder",
    "LetterItem",
    "LetterReceipt",
    "Meeting",
    "MeetingSeries",
    "Mute",
    "Notice",
    "Rung",
    "SupervisionLetter",
    "new_claim",
]
