"""Forms of checklists, visits and documents."""
