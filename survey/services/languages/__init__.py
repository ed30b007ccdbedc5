"""Language packs and recordings."""
