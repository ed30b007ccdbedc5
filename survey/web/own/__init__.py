"""A judged unit's own page: late, in batches, with no time finer than a day (K14)."""
