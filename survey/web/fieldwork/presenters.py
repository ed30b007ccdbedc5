"""What stands on the first page of a round's fieldwork: each place with its count, and what waits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey.web.fieldwork.frame import Place
from survey.web.office.figures import count


@dataclass(frozen=True, slots=True)
class Card:
    """One place: where it is, how much there is, and what waits for somebody."""

    label: str
    address: str
    value: str
    unit: str
    waits: str | None


def cards(places: Sequence[Place], counts: Mapping[str, int]) -> list[Card]:
    """Make the cards of the places that a person may go to.

    Args:
        places: of fieldwork, by endpoint; those that count nothing have no card.
    """
    told = _told(counts)
    return [Card(one.label, one.address, *told[one.endpoint]) for one in places if one.endpoint in told]


def _told(counts: Mapping[str, int]) -> Mapping[str, tuple[str, str, str | None]]:
    to_review = counts["alarms"] + counts["quarantined"] + counts["conflicts"] + counts["requests"]
    silent, to_key = counts["devices_silent"], counts["paper_to_key"]
    return {
        "fieldwork_invitations.show": (count(counts["invitations"]), _("người được mời"), None),
        "fieldwork_slips.show": (count(counts["slips"]), _("mã đã in"), None),
        "fieldwork_assignments.show": (count(counts["assignments"]), _("phân công đang làm"), None),
        "paper.desk": (
            count(counts["paper_issued"]),
            _("phiếu đã phát"),
            _("%(count)s phiếu chờ nhập", count=count(to_key)) if to_key else None,
        ),
        "fieldwork_imports.show": (count(counts["imports"]), _("tệp đã nhập"), None),
        "fieldwork_devices.show": (
            count(counts["devices"]),
            _("máy tại quầy"),
            _("%(count)s máy quá 15 phút không báo", count=count(silent)) if silent else None,
        ),
        "review.alarms": (count(to_review), _("việc chờ xem xét"), None),
    }
