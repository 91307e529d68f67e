"""Forms of the hazard register."""
