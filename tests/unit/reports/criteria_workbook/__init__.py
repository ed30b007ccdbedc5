"""Criteria sets as workbooks."""
