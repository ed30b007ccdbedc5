"""A year's assessing, from opening to remedy: one module a use case."""
