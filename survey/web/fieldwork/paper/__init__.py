"""Officials at the paper desk: printing, the ledger, what two keyings disagree on, corrections."""
