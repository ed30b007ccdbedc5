"""A judging plan: read from JSON with every problem and its path, and asked which units a person judges.

Not who the people are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from survey.questionnaires import Text
from survey.services.links.errors import BadJudgingPlan, PlanProblem
from survey.units import UnitTree, UnknownUnitId, fold, load_units

_HERE = Path(__file__).parent
SCHEMA_VERSION = "1.0"
#: Which units a rule names: those above the rater's own, their own, those below it, the province's agencies
#: or communes, the province itself.
WHICH_UNITS = ("superiors", "own", "below", "agencies", "communes", "province")
_LEVELS = {"agencies": "agency", "communes": "commune"}
_LARGEST = 256 * 1024
_OF_PLAN = {"schema_version", "id", "illustration", "title", "sources", "groups"}
_OF_GROUP = {"id", "name", "stratum", "judges"}
_OF_RULE = {"units", "weight", "own"}


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Units that a group judges.

    Attributes:
        units: a word of WHICH_UNITS, or the ids of units.
        weight: base weight of these judgements.
        own: True when raters may judge their own unit too; it is left out otherwise.
    """

    units: str | tuple[str, ...]
    weight: float
    own: bool


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """A group of raters; its stratum is its Vietnamese name unless the plan gives one."""

    id: str
    name: Text
    stratum: str
    rules: tuple[PlanRule, ...]


@dataclass(frozen=True, slots=True)
class JudgingPlan:
    """Who judges whom."""

    id: str
    title: Text
    illustration: bool
    sources: tuple[str, ...]
    groups: tuple[PlanGroup, ...]

    def group(self, name: str) -> PlanGroup | None:
        """Find a group by its id or its name, whatever the case and the way tones are written."""
        wanted = fold(name)
        for one in self.groups:
            if wanted in {fold(word) for word in (one.id, one.name.in_("vi"), one.name.in_("en"))}:
                return one
        return None

    def judged_by(
        self, group: PlanGroup, own_unit: str, judged: Sequence[str], *, province: str, day: date
    ) -> Mapping[str, float]:
        """Give the units that a rater judges, each with its weight: of several rules the first holds.

        Args:
            own_unit: where the rater works; not judged unless a rule says so.
            judged: units that the round judges, in their order; no other is given.
            province: the round's unit.
            day: as of which units stand.
        """
        found: dict[str, float] = {}
        for rule in group.rules:
            meant = _meant(rule.units, own_unit, province, day)
            for unit in judged:
                if unit in meant and (rule.own or unit != own_unit) and unit not in found:
                    found[unit] = rule.weight
        return found


def _meant(units: str | tuple[str, ...], own_unit: str, province: str, day: date) -> frozenset[str]:
    tree = load_units()
    if isinstance(units, tuple):
        return frozenset(units)
    if units == "own":
        return frozenset({own_unit})
    if units == "province":
        return frozenset({province})
    if units == "superiors":
        return frozenset(one.id for one in tree.ancestors(own_unit))
    if units == "below":
        return frozenset(one.id for one in tree.children(own_unit, day))
    return frozenset(one.id for one in tree.children(province, day) if one.level == _LEVELS[units])


def shipped_plans() -> tuple[str, ...]:
    """List the ids of the plans that come with the program."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.json")))


def load_plan(name_or_path: str) -> JudgingPlan:
    """Read a shipped plan by its id, or a file by its path.

    Raises:
        BadJudgingPlan: with every problem and its path.
    """
    if name_or_path in shipped_plans():
        return read_plan((_HERE / f"{name_or_path}.json").read_bytes())
    return read_plan(Path(name_or_path).read_bytes())


def read_plan(raw: bytes) -> JudgingPlan:
    """Read and check a plan.

    Raises:
        BadJudgingPlan: with every problem and its path.
    """
    try:
        if len(raw) > _LARGEST:
            raise ValueError("larger than 256 KiB")
        document = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadJudgingPlan(
            [PlanProblem("$", "không phải tệp JSON (UTF-8).", f"this is not JSON in UTF-8: {error}.")]
        ) from error
    problems = list(_problems(document))
    if problems:
        raise BadJudgingPlan(problems)
    return JudgingPlan(
        id=document["id"],
        title=Text.of(document["title"]),
        illustration=document["illustration"],
        sources=tuple(document["sources"]),
        groups=tuple(map(_group, document["groups"])),
    )


def _group(told: Mapping[str, Any]) -> PlanGroup:
    rules = tuple(
        PlanRule(
            rule["units"] if isinstance(rule["units"], str) else tuple(rule["units"]),
            float(rule.get("weight", 1)),
            rule.get("own", False),
        )
        for rule in told["judges"]
    )
    return PlanGroup(told["id"], Text.of(told["name"]), told.get("stratum", told["name"]["vi"]), rules)


def _problems(document: Any) -> Iterator[PlanProblem]:
    if not isinstance(document, dict):
        yield PlanProblem("$", "cần một đối tượng JSON.", "a JSON object is needed.")
        return
    yield from _unknown("$", document, _OF_PLAN)
    if document.get("schema_version") != SCHEMA_VERSION:
        yield PlanProblem("$.schema_version", f"cần “{SCHEMA_VERSION}”.", f"must be “{SCHEMA_VERSION}”.")
    if not _is_words(document.get("id")):
        yield _needs("$.id", "một mã", "an id")
    yield from _texts("$.title", document.get("title"))
    if not isinstance(document.get("illustration"), bool):
        yield _needs("$.illustration", "true hoặc false", "true or false")
    sources = document.get("sources")
    if not (isinstance(sources, list) and sources and all(map(_is_words, sources))):
        yield _needs("$.sources", "ít nhất một nguồn", "at least one source")
    groups = document.get("groups")
    if not (isinstance(groups, list) and groups):
        yield _needs("$.groups", "ít nhất một nhóm", "at least one group")
        return
    yield from _groups_problems(groups)


def _groups_problems(groups: Sequence[Any]) -> Iterator[PlanProblem]:
    seen: dict[str, str] = {}
    for place, group in enumerate(groups):
        path = f"$.groups[{place}]"
        if not isinstance(group, dict):
            yield _needs(path, "một đối tượng JSON", "a JSON object")
            continue
        yield from _unknown(path, group, _OF_GROUP)
        if not _is_words(group.get("id")):
            yield _needs(f"{path}.id", "một mã", "an id")
        elif fold(group["id"]) in seen:
            first = seen[fold(group["id"])]
            yield PlanProblem(f"{path}.id", f"trùng với {first}.", f"it repeats {first}.")
        else:
            seen[fold(group["id"])] = f"{path}.id"
        yield from _texts(f"{path}.name", group.get("name"))
        if "stratum" in group and not (_is_words(group["stratum"]) and len(group["stratum"]) <= 80):
            yield _needs(f"{path}.stratum", "từ 1 đến 80 ký tự", "1 to 80 characters")
        rules = group.get("judges")
        if not (isinstance(rules, list) and rules):
            yield _needs(f"{path}.judges", "ít nhất một quy tắc", "at least one rule")
            continue
        for number, rule in enumerate(rules):
            yield from _rule_problems(f"{path}.judges[{number}]", rule)


def _rule_problems(path: str, rule: Any) -> Iterator[PlanProblem]:
    if not isinstance(rule, dict):
        yield _needs(path, "một đối tượng JSON", "a JSON object")
        return
    yield from _unknown(path, rule, _OF_RULE)
    weight = rule.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < 1e9:
        yield _needs(f"{path}.weight", "một số dương", "a positive number")
    if not isinstance(rule.get("own", False), bool):
        yield _needs(f"{path}.own", "true hoặc false", "true or false")
    units = rule.get("units")
    if isinstance(units, list) and units:
        tree = load_units()
        for number, unit in enumerate(units):
            if not (isinstance(unit, str) and _is_unit(tree, unit)):
                yield PlanProblem(
                    f"{path}.units[{number}]", f"không có đơn vị {unit!r}.", f"there is no unit {unit!r}."
                )
    elif units not in WHICH_UNITS:
        words = ", ".join(WHICH_UNITS)
        yield _needs(
            f"{path}.units", f"một trong: {words}; hoặc danh sách mã", f"one of {words}, or a list of ids"
        )


def _unknown(path: str, told: Mapping[str, Any], known: set[str]) -> Iterator[PlanProblem]:
    for name in sorted(set(told) - known):
        yield PlanProblem(f"{path}.{name}", "không có mục này.", "there is no such field.")


def _texts(path: str, told: Any) -> Iterator[PlanProblem]:
    for language in ("vi", "en"):
        if not (isinstance(told, dict) and _is_words(told.get(language))):
            yield _needs(f"{path}.{language}", "lời", "words")


def _needs(path: str, vi: str, en: str) -> PlanProblem:
    return PlanProblem(path, f"cần {vi}.", f"{en} is needed.")


def _is_words(told: Any) -> bool:
    return isinstance(told, str) and 0 < len(told.strip()) <= 500


def _is_unit(tree: UnitTree, unit_id: str) -> bool:
    try:
        tree.get(unit_id)
    except UnknownUnitId:
        return False
    return True
