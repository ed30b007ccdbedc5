"""Personal links post no form of their own: their pages are those of every long form (longform.py)."""
