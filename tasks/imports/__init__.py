"""Spreadsheets that come back filled in: what stands in them and what would become of each row."""
