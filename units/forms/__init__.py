"""Forms of units and accounts."""
