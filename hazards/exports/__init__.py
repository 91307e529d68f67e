"""The forms in which the register, the two lists and the monthly table leave the system."""
