"""Personal links: who is invited, by what address, and how it is sealed."""
