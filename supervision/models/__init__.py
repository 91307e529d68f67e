from supervision.models.channels import Channel, Contact, Delivery, Mute
from supervision.models.letters import LetterItem, LetterReceipt, SupervisionLetter
from supervision.models.notices import Digest, Ladder, Notice, Rung, new_claim

__all__ = [
    "Channel",
    "Contact",
    "Delivery",
    "Digest",
    "Ladder",
    "LetterItem",
    "LetterReceipt",
    "Mute",
    "Notice",
    "Rung",
    "SupervisionLetter",
    "new_claim",
]
