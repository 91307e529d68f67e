"""All nouns that other systems can read, out of the `api.py` of every room below."""

from __future__ import annotations

from common.api import Resource
from hazards import api as hazards
from mines import api as mines
from supervision import api as supervision
from tasks import api as tasks
from units import api as units

RESOURCES: dict[str, Resource] = {
    resource.name: resource for room in (units, mines, tasks, hazards, supervision) for resource in room.RESOURCES
}
