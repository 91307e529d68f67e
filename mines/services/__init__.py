"""Everything that writes a mine's file."""
