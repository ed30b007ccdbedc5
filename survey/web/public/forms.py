"""The public pages post nothing but the choice of language, which needs no form of its own."""
