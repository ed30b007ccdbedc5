"""Citizens on a phone, by the open address of a round."""
