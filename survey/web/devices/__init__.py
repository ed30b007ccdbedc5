"""Kiosks and tablets as devices: the page that enrols a browser, and its signs of life."""
