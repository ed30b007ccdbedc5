"""Criteria sets from files: checked, then frozen; and those that come with the package.

Not the checking (checking.py) nor a store of imported sets (the storage room keeps those).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from survey.scoring.bands import BandScale, read_scale, shipped_scales
from survey.scoring.checking import check
from survey.scoring.criteria import CriteriaSet, Criterion, Cut, Decision, Part, Source
from survey.scoring.errors import CorruptCriteriaSet, MissingCriteriaSet
from survey.scoring.rules import read_rule
from survey.scoring.setting_documents import read_settings, with_survey

Json = Mapping[str, Any]
SETS = files("survey.scoring").joinpath("sets")


def load(raw: bytes) -> CriteriaSet:
    """Read a criteria set from the bytes of its file.

    Raises:
        CorruptCriteriaSet: with every problem of the file.
    """
    problems = check(raw)
    if problems:
        raise CorruptCriteriaSet(problems)
    return read_set(json.loads(raw.decode("utf-8-sig")), hashlib.sha256(raw).hexdigest())


def load_file(path: Path) -> CriteriaSet:
    """Read a criteria set from a file.

    Raises:
        MissingCriteriaSet: there is no such file.
        CorruptCriteriaSet: with every problem of the file.
    """
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise MissingCriteriaSet(str(fault), name=path.name) from fault
    return load(raw)


def shipped() -> tuple[str, ...]:
    """Give the ids of the criteria sets that come with the package, in order."""
    names = (entry.name for entry in SETS.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


@cache
def load_shipped(set_id: str) -> CriteriaSet:
    """Read a criteria set that comes with the package.

    Raises:
        MissingCriteriaSet: none of that id comes with it.
    """
    if set_id not in shipped():
        raise MissingCriteriaSet(name=set_id)
    return load(SETS.joinpath(f"{set_id}.json").read_bytes())


def read_set(document: Json, sha256: str) -> CriteriaSet:
    ends, surveys = document["valid_to"], document.get("surveys", ())
    return CriteriaSet(
        id=document["id"],
        version=document["version"],
        title=document["title"],
        status=document["status"],
        unit_type=document["unit_type"],
        years=tuple(document["years"]),
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_to=None if ends is None else date.fromisoformat(ends),
        decision=read_decision(document.get("decision")),
        base=float(document["base"]),
        bounded=document.get("bounded", True),
        bands=read_bands(document["bands"]),
        sources={source["id"]: Source(**source) for source in document["sources"]},
        notes=tuple(document.get("notes", ())),
        tree=tuple(read_node(node, surveys) for node in document["tree"]),
        cuts=tuple(read_cut(cut) for cut in document.get("cuts", ())),
        sha256=sha256,
        **read_settings(document),
    )


def read_decision(document: Json | None) -> Decision | None:
    if document is None:
        return None
    return Decision(document["number"], date.fromisoformat(document["date"]), document["issuer"])


def read_bands(named: str | Json) -> BandScale:
    return shipped_scales()[named] if isinstance(named, str) else read_scale(named)


def read_node(document: Json, surveys: Sequence[Json] = ()) -> Criterion:
    rule = document.get("rule")
    return Criterion(
        id=document["id"],
        name=document["name"],
        maximum=points(document["maximum"]),
        confidence=document["confidence"],
        note=document.get("note"),
        sources=tuple(document.get("sources", ())),
        children=tuple(read_node(child, surveys) for child in document.get("children", ())),
        method=document.get("method"),
        rule=None if rule is None else read_rule(with_survey(rule, surveys)),
        parts=tuple(document.get("parts", ())),
        exemptible=document.get("exemptible", False),
        outside_base=document.get("outside_base", False),
    )


def read_cut(document: Json) -> Cut:
    parts = tuple(read_part(part) for part in document["parts"])
    return Cut(document["id"], document["name"], document["complete"], parts)


def read_part(document: Json) -> Part:
    return Part(
        id=document["id"],
        name=document["name"],
        maximum=points(document["maximum"]),
        confidence=document["confidence"],
        note=document.get("note"),
        sources=tuple(document.get("sources", ())),
    )


def points(figure: float | None) -> float | None:
    return None if figure is None else float(figure)
