"""Whether the site can serve: for the IT officer's watch."""
