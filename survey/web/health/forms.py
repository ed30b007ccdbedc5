"""The health page posts nothing."""
