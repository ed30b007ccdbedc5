"""Numbers against references: golden values of R `survey`, and simulation. Not the room's unit tests."""
