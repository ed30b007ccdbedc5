"""Personal links of a round: invite from a list, hand out, remind, revoke, make anew, ask for sealing."""
