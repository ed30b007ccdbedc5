"""How a response came about (paradata): by which device, with whose help, in how long. Not what was answered.

A personal link's response has none of it (docs/architecture.md, "The split").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the answers; each field is a column of `response_paradata`, None when unknown.

    Attributes:
        collected_by: login of the enumerator who asked, or of the clerk who keyed.
        option_order: "written" or "reversed" (K5).
        language: BCP-47 tag that the questions were shown in.
        assisted_by: "family", "enumerator" or "official" (A5).
        duration_s: seconds from the first page to the sending.
        clock_offset_s: the client's clock minus the server's, in seconds (O6).
        late: completed before the round closed, received after (O5).
        flags: words such as "soon_after_another" or "speeding"; they never leave a response out.
    """

    device_id: UUID | None = None
    collected_by: str | None = None
    assignment_id: UUID | None = None
    option_order: str | None = None
    language: str | None = None
    assisted_by: str | None = None
    duration_s: int | None = None
    clock_offset_s: int | None = None
    late: bool = False
    procedure_group: str | None = None
    procedure_month: date | None = None
    flags: tuple[str, ...] = ()

    def columns(self) -> Mapping[str, Any]:
        """Give the values of the columns."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**told, "flags": list(self.flags)}
