"""Pages of campaigns, assignments and imports, one module a subject."""
