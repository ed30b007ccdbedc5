"""Analysts' files: names, labels, the four formats and the codebook."""
