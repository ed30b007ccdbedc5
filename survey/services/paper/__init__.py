"""Paper forms: printed, counted, keyed twice, settled."""
