from supervision.models.channels import Channel, Contact, Delivery, Mute
from supervision.models.notices import Digest, Ladder, Notice, Rung, new_claim

__all__ = ["Channel", "Contact", "Delivery", "Digest", "Ladder", "Mute", "Notice", "Rung", "new_claim"]
