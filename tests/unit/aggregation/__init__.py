"""Unit tests of survey.aggregation; numbers against R stand in tests/statistics."""
