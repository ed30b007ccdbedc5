"""Assignments of a round: made by a form or a list, watched, withdrawn; exported queues taken in."""
