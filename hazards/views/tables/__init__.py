"""Pages of the two lists, of registers that come in as spreadsheets, and of the monthly table."""
