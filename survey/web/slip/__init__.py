"""Citizens with a slip: a one-time code, typed or scanned, opens one long form."""
