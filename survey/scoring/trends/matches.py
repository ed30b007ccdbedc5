"""Which node of one year's criteria set is which of another's: by id, or as a mapping file says.

Not the comparison of their points (change.py). What a mapping names is never matched by id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.scoring.criteria import CriteriaSet, Criterion
from survey.scoring.errors import RefusedMatches
from survey.scoring.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class NodeMatch:
    """One line of a mapping; None on a side says that the other side's node has no counterpart."""

    before: str | None
    after: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NodeMatches:
    """A mapping between two criteria sets, each as "id version", with where it comes from."""

    before: str
    after: str
    pairs: tuple[NodeMatch, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """The nodes of two sets, side by side: pairs in the order of the later set, and those alone."""

    pairs: tuple[tuple[Criterion, Criterion], ...]
    dropped: tuple[Criterion, ...]
    added: tuple[Criterion, ...]


def named(criteria_set: CriteriaSet) -> str:
    """Name a set as a mapping does."""
    return f"{criteria_set.id} {criteria_set.version}"


def read_matches(raw: bytes) -> NodeMatches:
    """Read a mapping file.

    {"schema_version": 1, "before": "id version", "after": "id version", "sources": ["…"],
    "pairs": [{"before": "2.1", "after": "2.3", "note": "…"}, {"before": "4.2", "after": null}]}

    Raises:
        RefusedMatches: it is no such file; with the path of every problem.
    """
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise RefusedMatches([problem("", "not_utf8", at=fault.start)]) from fault
    except json.JSONDecodeError as fault:
        raise RefusedMatches([problem("", "not_json", line=fault.lineno, column=fault.colno)]) from fault
    problems = [*misshapen(document)]
    if problems:
        raise RefusedMatches(problems)
    pairs = tuple(
        NodeMatch(pair["before"], pair["after"], pair.get("note", "")) for pair in document["pairs"]
    )
    return NodeMatches(document["before"], document["after"], pairs, tuple(document["sources"]))


SHAPE: Mapping[str, type] = {
    "schema_version": int,
    "before": str,
    "after": str,
    "sources": list,
    "pairs": list,
}


def misshapen(document: Any) -> Iterator[Problem]:
    """Find what does not have the shape of a mapping."""
    if not isinstance(document, dict):
        yield problem("", "wrong_type", expected="object")
        return
    for key, kind in SHAPE.items():
        if key not in document:
            yield problem("", "missing_key", key=key)
        elif not isinstance(document[key], kind):
            yield problem(f"/{key}", "wrong_type", expected=kind.__name__)
    pairs = document.get("pairs")
    for number, pair in enumerate(pairs if isinstance(pairs, list) else []):
        yield from misshapen_pair(f"/pairs/{number}", pair)


def misshapen_pair(path: str, pair: Any) -> Iterator[Problem]:
    if not isinstance(pair, dict):
        yield problem(path, "wrong_type", expected="object")
        return
    for key in ("before", "after"):
        if key not in pair:
            yield problem(path, "missing_key", key=key)
        elif not isinstance(pair[key], str | None):
            yield problem(f"{path}/{key}", "wrong_type", expected="str, null")


def match_nodes(before: CriteriaSet, after: CriteriaSet, matches: NodeMatches | None = None) -> Matched:
    """Put the nodes of two sets side by side: as the mapping says, and the rest by id.

    Raises:
        RefusedMatches: the mapping is for other sets, names a node that is not there, or one twice.
    """
    old, new = ({node.id: node for node in one.walk()} for one in (before, after))
    pairs = matches.pairs if matches else ()
    if matches:
        problems = [*misfits(matches, (named(before), named(after)), (old, new))]
        if problems:
            raise RefusedMatches(problems)
    said_before = {pair.before for pair in pairs}
    said_after = {pair.after for pair in pairs}
    origin = {pair.after: pair.before for pair in pairs if pair.after and pair.before}
    origin |= {name: name for name in new if name in old and name not in said_before | said_after}
    return Matched(
        pairs=tuple((old[origin[name]], node) for name, node in new.items() if name in origin),
        dropped=tuple(node for name, node in old.items() if name not in origin.values()),
        added=tuple(node for name, node in new.items() if name not in origin),
    )


def misfits(
    matches: NodeMatches,
    names: tuple[str, str],
    nodes: tuple[Mapping[str, Criterion], Mapping[str, Criterion]],
) -> Iterator[Problem]:
    """Find where a mapping does not fit the two sets."""
    sides = (
        ("before", matches.before, names[0], nodes[0], [pair.before for pair in matches.pairs]),
        ("after", matches.after, names[1], nodes[1], [pair.after for pair in matches.pairs]),
    )
    for side, said, name, there, listed in sides:
        if said != name:
            yield problem(f"/{side}", "other_set", got=name, expected=said)
        yield from strangers(side, there, listed)


def strangers(side: str, there: Mapping[str, Criterion], listed: Sequence[str | None]) -> Iterator[Problem]:
    times = Counter(listed)
    for number, name in enumerate(listed):
        if name is not None and name not in there:
            yield problem(f"/pairs/{number}/{side}", "unknown_node", id=name)
        elif name is not None and times[name] > 1:
            yield problem(f"/pairs/{number}/{side}", "matched_twice", id=name)
