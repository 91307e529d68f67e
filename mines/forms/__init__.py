"""Forms of mines' files."""
