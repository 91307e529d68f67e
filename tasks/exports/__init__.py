"""Papers made of the ledger: the official task list in Word and Excel, and the form that is filled in off line."""
