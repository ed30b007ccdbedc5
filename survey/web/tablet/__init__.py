"""Enumerators' tablets: a page that works without a network, its worker, and the door of its forms."""
