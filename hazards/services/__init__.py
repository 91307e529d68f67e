"""Everything that writes hazards, one module a subject."""
