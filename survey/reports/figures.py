"""Figures as words: decimal comma, dot thousands, “tăng 1,28 điểm phần trăm”.

For sentences, pages and documents. Cells of a workbook hold true numbers instead, and Excel
draws the comma (Accounting Law, and Decree 30/2020/NĐ-CP for the form of dates).
"""

from __future__ import annotations

from datetime import date

from survey.rounding import round_half_up

DASH = "–"
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def number_text(value: float | None, places: int = 2, language: str = "vi") -> str:
    """Write a number with fixed decimals: 36525.5 as “36.525,50”; a dash where there is none."""
    if value is None:
        return DASH
    rounded = round_half_up(value, places)
    english = f"{rounded + 0.0:,.{places}f}"
    return english if language == "en" else english.translate({44: ".", 46: ","})


def count_text(value: int | None, language: str = "vi") -> str:
    """Write a count: 36525 as “36.525”."""
    return number_text(value, 0, language)


def percent_text(value: float | None, places: int = 2, language: str = "vi") -> str:
    """Write a percentage that is already in percent: 83.94 as “83,94%”."""
    return DASH if value is None else f"{number_text(value, places, language)}%"


def interval_text(low: float | None, high: float | None, places: int = 1, language: str = "vi") -> str:
    """Write an interval, “82,1 – 85,7”; a dash where there is none."""
    if low is None or high is None:
        return DASH
    return f"{number_text(low, places, language)} – {number_text(high, places, language)}"


def points_change_text(change: float | None, places: int = 2, language: str = "vi") -> str:
    """Say a change between two percentages, in percentage points, as it reads after rounding."""
    if change is None:
        return "chưa có số liệu so sánh" if language == "vi" else "no figure to compare with"
    size = number_text(abs(change), places, language)
    direction = round_half_up(change, places)
    if direction == 0:
        return "không đổi" if language == "vi" else "unchanged"
    if language == "vi":
        return f"{'tăng' if direction > 0 else 'giảm'} {size} điểm phần trăm"
    noun = "percentage point" if abs(direction) == 1 else "percentage points"
    return f"{'up' if direction > 0 else 'down'} {size} {noun}"


def rank_change_text(places_gained: int | None, language: str = "vi") -> str:
    """Say a change of rank; a gain of 2 (from 5th to 3rd) is “tăng 2 bậc”."""
    if places_gained is None:
        return "chưa có thứ hạng so sánh" if language == "vi" else "no rank to compare with"
    if places_gained == 0:
        return "giữ nguyên thứ hạng" if language == "vi" else "same rank"
    size = abs(places_gained)
    if language == "vi":
        return f"{'tăng' if places_gained > 0 else 'giảm'} {count_text(size)} bậc"
    return f"{'up' if places_gained > 0 else 'down'} {size} {'place' if size == 1 else 'places'}"


def rank_text(first: int | None, last: int | None = None) -> str:
    """Write a rank; a shared one as “5–6”."""
    if first is None:
        return DASH
    return str(first) if last in (None, first) else f"{first}–{last}"


def date_text(day: date | None) -> str:
    """Write a date as dd/mm/yyyy."""
    return DASH if day is None else f"{day:%d/%m}/{day.year:04d}"


def place_and_date_text(place: str, day: date | None, language: str = "vi") -> str:
    """Write the place and date of a document: day under 10 and months 1-2 take a leading 0.

    Decree 30/2020/NĐ-CP, Annex I. Without a date the places are left to be filled by hand.
    """
    if language == "en":
        return f"{place}, {date_text(day) if day else '…/…/…'}"
    if day is None:
        return f"{place}, ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def roman(number: int) -> str:
    """Write the Roman numeral of a group, 1 to 89."""
    letters = ""
    for size, letter in _ROMAN:
        letters += letter * (number // size)
        number %= size
    return letters
