"""Pages of mines."""
