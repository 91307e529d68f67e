"""Everything that writes checklists, visits and what follows from them."""
