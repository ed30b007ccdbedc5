"""Bulk import of a round's responses: template, check, marked file, confirmation."""
