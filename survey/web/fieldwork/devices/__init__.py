"""Devices of the province: the board of terminals, a device's own page, and the code shown once."""
