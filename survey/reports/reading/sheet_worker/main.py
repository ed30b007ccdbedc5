"""The door of the worker: one file on its input, what it holds on its output, and nothing else.

Whatever goes wrong is told as a word, or not at all; the site takes silence for a refusal.
"""

from __future__ import annotations

import sys

from .limits import confine


def main(kind: str) -> None:
    """Tie this process's hands, then read the file."""
    confine()
    # Only now: nothing of the file has been touched before the limits hold.
    from .comma_text import read_comma_text
    from .refusal import Refused
    from .telling import Telling
    from .workbook import read_workbook

    telling = Telling(sys.stdout.buffer)
    try:
        (read_workbook if kind == "xlsx" else read_comma_text)(sys.stdin.buffer, telling)
        telling.end()
    except Refused as refused:
        telling.refuse(refused.code, refused.places)
    except MemoryError:
        telling.refuse("too-heavy", {})
    except Exception:
        # Archives and XML can be broken in more ways than there are classes for.
        telling.refuse("damaged", {})
    sys.stdout.buffer.flush()
