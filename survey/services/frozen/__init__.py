"""Frozen responses as tables for other programs."""
