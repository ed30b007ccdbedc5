"""What runs apart from the site to read one uploaded file: it has little memory, little time and no secrets.

It stands alone: nothing here imports the rest of `survey`, whose libraries alone would fill its memory.
"""
