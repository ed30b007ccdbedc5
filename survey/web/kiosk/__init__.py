"""The screen at a counter: one question, big targets, nothing left for the next person."""
