"""A plan document in, a structured plan out. Pure Python: nothing here imports Django."""
