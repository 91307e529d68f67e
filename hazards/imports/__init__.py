"""Registers of hazards out of spreadsheets: read, check every row, and say what would become of it."""
