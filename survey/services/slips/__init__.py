"""Slips with one-time codes."""
