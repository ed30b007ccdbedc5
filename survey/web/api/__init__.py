"""Machines: a whole form sent as JSON, acknowledged once."""
