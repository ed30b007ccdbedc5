"""How published figures are rounded: half away from zero, on the decimal figure itself.

Binary floats round 79.745 down; an official's calculator, and the ministry's tables, round it
to 79.75. Beside `errors`, this is the floor under the rooms.
"""

from decimal import ROUND_HALF_UP, Decimal


def round_half_up(value: float, places: int = 2) -> float:
    """Round the shortest decimal figure of a number, halves away from zero.

    Figures are first taken at 12 significant digits, so that a sum which is 79.745 but for the
    last bits of a float rounds as 79.745.
    """
    exact = Decimal(f"{value:.12g}")
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
