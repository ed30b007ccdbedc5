"""Everybody: the first page, the privacy notice, the language."""
