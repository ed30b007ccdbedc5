"""The section of a summary that shows the score which its round feeds.

Not the computing of scores (scores.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.reports import ScoreRow, ScoreSection
from survey.services.errors import NotYetComputed
from survey.services.scores import latest_score
from survey.services.summaries.words import WORDS
from survey.storage.models import RoundRow
from survey.storage.store import Store


def score_fed_by(store: Store, round_: RoundRow) -> dict[str, Any] | None:
    """Give the newest score of the round's unit and year, if this round is among what feeds it."""
    try:
        document = latest_score(store=store, unit_id=round_.unit_id, year=round_.year)
    except NotYetComputed:
        return None
    fed = any(f"{round_.code}-" in node["source"] for node in document["nodes"])
    return document if fed else None


def score_section(document: Mapping[str, Any], language: str, secret: str | None) -> ScoreSection:
    """Make the section of the score; points that give the withheld index of a round away are left out."""
    gone = _betraying(document["nodes"], secret)
    rows = tuple(
        ScoreRow(
            code=str(number),
            title=node["name"].get(language, node["name"]["vi"]),
            level=node["depth"],
            maximum=node["maximum"],
            points=None if number - 1 in gone else node["points"],
            points_low=node["ci"][0] if node["ci"] and number - 1 not in gone else None,
            points_high=node["ci"][1] if node["ci"] and number - 1 not in gone else None,
            source_note=node["source"],
        )
        for number, node in enumerate(document["nodes"], start=1)
    )
    low, high = (None if gone else document["percent_ci"]) or (None, None)
    set_title = document["criteria_set"]["title"]
    return ScoreSection(
        title=set_title.get(language, set_title["vi"]),
        status_note=" ".join(_score_notes(document["criteria_set"], language)),
        rows=rows,
        total=ScoreRow("", "", 0, document["base"], None if gone else document["percent"], low, high),
        band=document["band"]["name"].get(language, "") if document["band"] and not gone else "",
    )


def _betraying(nodes: Sequence[Mapping[str, Any]], secret: str | None) -> frozenset[int]:
    """List the places of nodes that a round feeds, and of those above them."""
    found: set[int] = set()
    for place, node in enumerate(nodes):
        if secret is not None and f"{secret}-" in node["source"]:
            depth = node["depth"] + 1
            for above in range(place, -1, -1):
                if nodes[above]["depth"] < depth:
                    depth = nodes[above]["depth"]
                    found.add(above)
    return frozenset(found)


def _score_notes(criteria_set: Mapping[str, Any], language: str) -> Iterator[str]:
    if criteria_set["illustration"]:
        yield WORDS[language]["illustration"]
    for note in criteria_set["notes"]:
        yield note.get(language, note["vi"])
