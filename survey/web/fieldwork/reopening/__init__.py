"""Asking that a closed round takes answers again, which two persons decide."""
