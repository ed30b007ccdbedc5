"""Slips with one-time codes: made a sheet at a time, counted by batch."""
