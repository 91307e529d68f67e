"""Revisions: `revising` is the service, `revision` writes it, `standing` compares and replaces what stands."""

from tasks.services.revisions.revising import revise_campaign

__all__ = [
    "revise_campaign",
]
