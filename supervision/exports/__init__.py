"""Tables and papers to download."""
