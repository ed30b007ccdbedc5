"""A small year's assessing for the tests: three blocks, two agencies that appraise, people of every role.

Not tests. The criteria set is an illustration of 20 points that uses every way by which points come.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey.scoring import ChosenOption, LeafInput, Points, Rate
from survey.services.accounts import Account
from survey.services.assessments.appraisal import appraise, to_appraise
from survey.services.assessments.areas import Area, set_areas
from survey.services.assessments.criteria import publish_criteria_set
from survey.services.assessments.opening import (
    NewAssessment,
    NewBlock,
    NewUnit,
    add_blocks,
    add_units,
    open_assessment,
)
from survey.services.assessments.self_assessment import approve, save_entry, submit
from survey.services.assessments.stages import next_stage
from survey.storage.models import AuditEventRow
from survey.storage.store import Store
from tests.conftest import SetClock
from tests.rounds import PROVINCE

CODE = "cchc-2026"
NOI_VU, TAI_CHINH, TU_PHAP = "a68-noi-vu", "a68-tai-chinh", "a68-tu-phap"
WARDS = ("c34-24823", "c34-24820")
ZONE = "c34-23272"
BLOCKS = {"khoi-so": (NOI_VU, TU_PHAP), "khoi-phuong": WARDS, "khoi-xa": (ZONE,)}
UNITS = tuple(unit for units in BLOCKS.values() for unit in units)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\x00\x00\x00\rIHDR" + b"\x00" * 20

LAN = Account("lan", "Nguyễn Thị Lan", "official", PROVINCE)
MINH = Account("minh", "Trần Văn Minh", "official", PROVINCE)


def contact(unit: str) -> Account:
    return Account(f"cchc.{unit}", f"Đầu mối {unit}", "unit", unit)


def head(unit: str) -> Account:
    return Account(f"truong.{unit}", f"Thủ trưởng {unit}", "unit_head", unit)


def appraiser(unit: str) -> Account:
    return Account(f"td.{unit}", f"Thẩm định {unit}", "appraiser", unit)


def leaf(node: str, maximum: float, rule: Mapping[str, Any], method: str = "appraisal") -> dict[str, Any]:
    return {**named(node, maximum), "method": method, "rule": dict(rule)}


def named(node: str, maximum: float) -> dict[str, Any]:
    return {
        "id": node,
        "name": {"vi": f"Tiêu chí {node}", "en": f"Criterion {node}"},
        "maximum": maximum,
        "confidence": "illustration",
    }


PLAN = {
    "kind": "choice",
    "options": [
        {"id": "on-time", "name": {"vi": "Kịp thời", "en": "On time"}, "points": 2},
        {"id": "late", "name": {"vi": "Muộn", "en": "Late"}, "points": 1},
        {"id": "none", "name": {"vi": "Không", "en": "None"}, "points": 0},
    ],
}
SIPAS = {"kind": "external_index", "index": "sipas", "scale": 100}


def set_document(unit_type: str = "department", **changes: Any) -> dict[str, Any]:
    """Write a set: two areas that people enter, the second of which may be exempted, and SIPAS."""
    tree = [
        {**named("1", 8), "children": [leaf("1.1", 2, PLAN), leaf("1.2", 6, {"kind": "direct"})]},
        {
            **named("2", 6),
            "exemptible": True,
            "children": [leaf("2.1", 4, {"kind": "linear"}), leaf("2.2", 2, {"kind": "direct"})],
        },
        {**named("3", 6), "children": [{**leaf("3.1", 6, SIPAS, "sipas"), "exemptible": True}]},
    ]
    return {
        "schema_version": 1,
        "id": f"thu-{unit_type}",
        "version": "1",
        "title": {
            "vi": "Bộ tiêu chí minh họa của bộ kiểm thử",
            "en": "A criteria set of the tests, illustration",
        },
        "status": "illustration",
        "sources": [{"id": "tests", "title": "minh họa, do bộ kiểm thử đặt ra"}],
        "unit_type": unit_type,
        "years": [],
        "valid_from": "2024-01-01",
        "valid_to": None,
        "base": 20,
        "bounded": True,
        "bands": "abc",
        "notes": [{"vi": "Minh họa.", "en": "Illustration."}],
        "tree": tree,
        "cuts": [],
        **changes,
    }


def raw_set(**changes: Any) -> bytes:
    return json.dumps(set_document(**changes), ensure_ascii=False).encode()


#: What a unit gives of itself where a test says nothing else.
GIVEN: Mapping[str, LeafInput] = {
    "1.1": ChosenOption(option="on-time"),
    "1.2": Points(points=5.0),
    "2.1": Rate(numerator=80, denominator=100),
    "2.2": Points(points=1.5),
}


@dataclass
class Year:
    """An assessment of the tests with the people in it."""

    store: Store
    clock: SetClock
    code: str = CODE
    blocks: Mapping[str, Sequence[str]] = field(default_factory=lambda: BLOCKS)

    def open(self, **changes: Any) -> Year:
        """Open the year with its blocks, units and areas; it is being prepared."""
        new = {"year": 2026, "unit_id": PROVINCE, "title_vi": "CCHC 2026", "title_en": "PAR 2026", **changes}
        open_assessment(**self.by(LAN, code=None), new=NewAssessment(code=self.code, **new))
        made = publish_criteria_set(**self.by(LAN, code=None), raw=raw_set())
        add_blocks(
            **self.by(LAN), blocks=[NewBlock(block, block, block, made.sha256) for block in self.blocks]
        )
        units = [NewUnit(unit, block) for block, units in self.blocks.items() for unit in units]
        add_units(**self.by(LAN), units=units)
        areas = [Area(block, "1", NOI_VU) for block in self.blocks]
        areas += [Area(block, "2", TAI_CHINH) for block in self.blocks]
        set_areas(**self.by(LAN), areas=areas)
        return self

    def by(self, account: Account, code: str | None = "") -> dict[str, Any]:
        """Give what every deed needs: the store, the clock, who does it, and the assessment's code."""
        needed: dict[str, Any] = {"store": self.store, "clock": self.clock, "account": account}
        return needed if code is None else {**needed, "code": code or self.code}

    def seen_by(self, account: Account) -> dict[str, Any]:
        """Give what every reading needs."""
        return {"store": self.store, "account": account, "code": self.code}

    def move_on(self, despite: str = "") -> str:
        return next_stage(**self.by(LAN), despite=despite)

    def save(
        self, unit: str, node: str, given: LeafInput | None, seen: int = 0, why: str = "Có căn cứ"
    ) -> None:
        save_entry(**self.by(contact(unit)), leaf=node, given=given, explanation=why, seen=seen)

    def fill(self, unit: str, given: Mapping[str, LeafInput] = GIVEN) -> None:
        for node, one in given.items():
            self.save(unit, node, one)

    def submitted(self, *units: str, given: Mapping[str, LeafInput] = GIVEN) -> Year:
        """Let units assess themselves, whole."""
        for unit in units or UNITS:
            self.fill(unit, given)
            approve(**self.by(head(unit)))
            submit(**self.by(head(unit)))
        return self

    def decide(self, unit: str, node: str, decision: Any, account: Account = LAN, **more: Any) -> None:
        appraise(
            **self.by(account),
            **{"unit_id": unit, "leaf": node, "decision": decision, "seen": 0, **more},
        )

    def accept_all(self) -> Year:
        for one in to_appraise(**self.seen_by(LAN)):
            self.decide(one.unit_id, one.leaf, "accepted", seen=one.seen)
        return self

    def actions(self) -> list[str]:
        with self.store.reading() as session:
            return [row.action for row in session.query(AuditEventRow).order_by(AuditEventRow.id)]


def office_file(content_type: str, *parts: str) -> bytes:
    """Make a file that looks like an Office file by its content types and parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{content_type}"/></Types>')
        for part in parts:
            archive.writestr(part, b"x")
    return held.getvalue()


MAY_2027 = date(2027, 5, 1)
