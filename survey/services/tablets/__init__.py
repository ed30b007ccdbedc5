"""Enumerators' tablets: their work and what they send."""
