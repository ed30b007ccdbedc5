"""The time stamp inside .sav and .dta files, set to the snapshot's own: same snapshot, same bytes.

Places: SPSS system file header (creation date at byte 92, time at 101; PSPP developer's guide), Stata
dta 118 header (<timestamp>, one byte of length, "dd Mon yyyy hh:mm"; Stata's `help dta`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAV_PLACE = 92
_DTA_MARK = b"<timestamp>"
_DTA_LENGTH = 17


def stamp_sav(path: Path, moment: datetime) -> None:
    """Write the date and time of `moment` (with a time zone) into an SPSS file's header, in UTC."""
    at = moment.astimezone(UTC)
    told = f"{at.day:02d} {_MONTHS[at.month - 1]} {at:%y%H:%M:%S}".encode()
    with path.open("rb+") as made:
        if made.read(4) not in (b"$FL2", b"$FL3"):
            raise ValueError(f"{path.name} is no SPSS file")
        made.seek(_SAV_PLACE)
        made.write(told)


def stamp_dta(path: Path, moment: datetime) -> None:
    """Write the date and time of `moment` (with a time zone) into a Stata file's header, in UTC."""
    at = moment.astimezone(UTC)
    told = f"{at.day:02d} {_MONTHS[at.month - 1]} {at:%Y %H:%M}".encode()
    with path.open("rb+") as made:
        place = made.read(1_000).find(_DTA_MARK + bytes([_DTA_LENGTH]))
        if place < 0:
            raise ValueError(f"{path.name} has no time stamp")
        made.seek(place + len(_DTA_MARK) + 1)
        made.write(told)
