"""Citizen-satisfaction surveys: from a citizen's answer to a province's reform score, with intervals."""

__version__ = "0.1.0"
