"""`./run`: everything the program needs, on one machine, from one command."""
