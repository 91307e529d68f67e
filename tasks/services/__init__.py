"""Everything that writes campaigns, assignments and imports, one module a subject."""
