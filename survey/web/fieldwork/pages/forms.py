"""Nothing is posted here."""
