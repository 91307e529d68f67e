"""Everything that writes: letters, ranking, meetings."""
