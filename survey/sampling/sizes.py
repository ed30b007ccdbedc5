"""How many to ask: the rule of thumb that Vietnamese survey plans name.

Not a statement about precision: it knows neither the design effect nor the rate of response.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

from survey.sampling.errors import InvalidSampleSize


def slovin(population: int, error: float | Decimal = 0.05) -> int:
    """Give n = N / (1 + N·e²), rounded up (Slovin, Yamane 1967).

    It is the formula of the 2013 manual for Decision 1383, with N the transactions of a service
    in the period and e = 5 %. Reckoned on the decimal figure of e, so that N = 400 gives 200, not 201.

    Raises:
        InvalidSampleSize: N below 1, or e outside 0 to 1.
    """
    if population < 1 or not 0 < error < 1:
        raise InvalidSampleSize(population=population, error=error)
    share = Fraction(str(error))
    return ceil(population / (1 + population * share * share))
