"""Mutation testing of the numeric modules: `python -m tests.mutation` (docs/mutation.md).

Not part of `make test`: some hundred mutants take the better part of an hour.
"""
