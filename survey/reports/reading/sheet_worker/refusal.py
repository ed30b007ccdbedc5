"""Why a whole file is refused, by a word that the site has sentences for.

Not what is wrong with single cells: those are told one by one (telling.py).
"""

from __future__ import annotations


class Refused(Exception):
    """The file is not read on; `code` is a word of `problems.py`, `places` fill its sentence."""

    def __init__(self, code: str, **places: str | int) -> None:
        self.code = code
        self.places = places
        super().__init__(code)
