"""Analysts: snapshots frozen, indices computed again, hashes compared."""
