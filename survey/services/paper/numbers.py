"""Numbers of paper forms: round, serial, and a check digit that catches a wrong or a swapped digit.

The check digit is Damm's (H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004): one decimal
digit that catches every single wrong digit and every swap of two neighbours. Digits only, because they are
typed with one hand and read the same in every hand.
"""

from __future__ import annotations

import re

from survey.services.paper.errors import BadFormNumbers

#: Damm's quasigroup of order 10, as in his thesis, p. 111.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
SERIAL_DIGITS = 5
LAST_SERIAL = 10**SERIAL_DIGITS - 1
_SHORTEST = 1 + SERIAL_DIGITS + 1
_LONGEST = 12
#: What stands between digits: blanks, full stops, and the hyphens and dashes that programs put there.
_BETWEEN = re.compile("[\\s.\\-\u2010-\u2015\u2212]")


def form_number(round_id: int, serial: int) -> str:
    """Write the number of a form: "3-00345-6" is the 345th form of round 3."""
    assert 1 <= serial <= LAST_SERIAL, serial
    body = f"{round_id}{serial:0{SERIAL_DIGITS}d}"
    return _written(body + str(_check(body)))


def serial_of(number: str) -> int:
    """Give the serial within the round."""
    return int(number.split("-")[1])


def number_in(round_id: int, typed: str) -> str | None:
    """Read a text as the number of a form of one round; None where it is none of its numbers."""
    digits = _digits(typed)
    if digits is None or _check(digits) != 0:
        return None
    is_ours = int(digits[: -SERIAL_DIGITS - 1]) == round_id and int(digits[-SERIAL_DIGITS - 1 : -1]) > 0
    return _written(f"{round_id}{digits[-SERIAL_DIGITS - 1 :]}") if is_ours else None


def is_form_number(number: str) -> bool:
    """Say whether a number as typed has its right check digit, whatever stands between its digits."""
    digits = _digits(number)
    return digits is not None and _check(digits) == 0


def read_number(typed: str) -> str:
    """Read one number as it was typed or scanned, with or without its hyphens.

    Raises:
        BadFormNumbers: it has no right check digit.
    """
    return read_numbers(typed)[0]


def read_numbers(typed: str) -> tuple[str, ...]:
    """Read numbers typed or scanned one a line; each stands once, in the order given.

    Raises:
        BadFormNumbers: naming every one that is wrong, or that there is none.
    """
    lines = [line.strip() for line in re.split(r"[\n,;]+", typed) if line.strip()]
    wrong = [line[:20] for line in lines if not is_form_number(line)]
    if wrong or not lines:
        raise BadFormNumbers(str(len(wrong)), numbers=", ".join(wrong) or "–")
    return tuple(dict.fromkeys(_written(_digits(line) or "") for line in lines))


def _written(digits: str) -> str:
    return f"{digits[: -SERIAL_DIGITS - 1]}-{digits[-SERIAL_DIGITS - 1 : -1]}-{digits[-1]}"


def _digits(typed: str) -> str | None:
    plain = _BETWEEN.sub("", typed)
    fits = _SHORTEST <= len(plain) <= _LONGEST and plain.isascii() and plain.isdecimal()
    return plain if fits else None


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
