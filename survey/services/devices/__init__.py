"""Enrolled devices: kiosks and tablets."""
