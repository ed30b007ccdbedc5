"""What a report or the API shows of many domains and statistics, decided together and audited.

Not the analyst's computation: nothing here changes an estimate or an analysis. Apply it last, to all
figures that one reader can put side by side, with every sum that binds them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from survey.aggregation.disclosure.audit import Audit
from survey.aggregation.disclosure.candidates import Candidate
from survey.aggregation.disclosure.complementary import Pattern, complete
from survey.aggregation.disclosure.decisions import Decision, Finding, LogLine, log_of
from survey.aggregation.disclosure.errors import RepeatedCell, UnknownCell
from survey.aggregation.disclosure.measured import Measured
from survey.aggregation.disclosure.primary import judge
from survey.aggregation.disclosure.protection import Protection
from survey.aggregation.disclosure.reasons import Reason
from survey.aggregation.disclosure.relations import Tabulation
from survey.aggregation.disclosure.rules import PUBLICATION, Rules
from survey.aggregation.disclosure.tables import Cell, CellId, Relation, Standing, Table
from survey.aggregation.errors import listed
from survey.aggregation.estimates import Estimate

#: The flag that reports and presenters hide a figure for, and the one that waits for a person.
SUPPRESSED: Final = "suppressed"
REVIEW: Final = "review"

#: Reasons that protect people; the others protect readers from thin figures.
CONFIDENTIAL: Final = frozenset[Reason](
    {"below_k", "few_psus", "small_level", "small_complement", "suppressed_before", "reviewer"}
)


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown of every candidate.

    Only `figures` may leave the house: reasons tell a primary from a complementary cell, and the log and
    the audit hold true values.

    Attributes:
        decisions: by (domain, statistic), in the order of the candidates.
        figures: the estimates as they may leave the house: withheld ones without any number.
        pattern: the hidden cells of the table, with the audit.
    """

    decisions: Mapping[CellId, Decision]
    figures: Mapping[CellId, Estimate]
    pattern: Pattern

    @property
    def audit(self) -> Audit:
        """Return what an outsider can say of each hidden cell; it holds true values."""
        return self.pattern.audit

    @property
    def log(self) -> tuple[LogLine, ...]:
        """Return every finding with its figure, for the file that stays inside."""
        return log_of(self.decisions)

    @property
    def exposed(self) -> tuple[CellId, ...]:
        """Return the cells that cannot be protected, whatever is hidden."""
        return tuple(one for one, made in self.decisions.items() if "exposed" in made.reasons)

    def decision(self, domain: Hashable, statistic: str) -> Decision:
        """Return what was decided of one figure.

        Raises:
            UnknownCell.
        """
        return self.decisions[self._known(domain, statistic)]

    def is_shown(self, domain: Hashable, statistic: str) -> bool:
        """Say whether a figure may be shown now; one under review waits for a ruling.

        Raises:
            UnknownCell.
        """
        return self.decision(domain, statistic).verdict == "publish"

    def figure(self, domain: Hashable, statistic: str) -> Estimate:
        """Return one figure as it may leave the house.

        Raises:
            UnknownCell.
        """
        return self.figures[self._known(domain, statistic)]

    def as_earlier(self) -> dict[CellId, float | None]:
        """Return what the next publication must know of this one: values shown, None where withheld.

        A figure under review counts as shown: it may be, later.
        """
        return {one: figure.value for one, figure in self.figures.items()}

    def assert_protected(self) -> None:
        """Refuse the publication if a suppressed figure can be worked out.

        Raises:
            NotProtected.
        """
        self.audit.assert_protected()

    def _known(self, domain: Hashable, statistic: str) -> CellId:
        if (domain, statistic) not in self.decisions:
            raise UnknownCell(cells=f"({domain}, {statistic})", where="Protected")
        return (domain, statistic)


def protect(
    candidates: Sequence[Candidate],
    *,
    relations: Iterable[Relation] = (),
    rules: Rules = PUBLICATION,
    protection: Protection | None = None,
    earlier: Mapping[CellId, float | None] | None = None,
    rulings: Mapping[CellId, Literal["publish", "suppress"]] | None = None,
    unreliable: Literal["protected", "withheld"] = "protected",
    beside: Tabulation | None = None,
    tolerance: float = 1e-6,
) -> Protected:
    """Decide what is shown: each figure by the rules, then complements so that no hidden one is given away.

    Args:
        candidates: every figure of the publication that one reader can see.
        relations: the sums between them; ids are (domain, statistic). Candidates without a figure
            are left out of them.
        earlier: figures published before (`Protected.as_earlier`): a value is known to everybody, None
            stays withheld. Ids that are no candidates (another year's) join the relations as known.
        rulings: what a person decided of figures under review, or of any other.
        unreliable: "protected" guards every suppressed figure; "withheld" only leaves out those that
            are merely imprecise, and guards those that single people out.
        beside: further cells with their relations that no candidate shows: the increments since an
            earlier publication (`update`), or an inner table of which only margins are shown.
        tolerance: how far relations may be off, relative to their terms.

    Raises:
        RepeatedCell, UnknownCell, BadCell, BadColumns, RelationBroken.
    """
    known, ruled, bound = earlier or {}, rulings or {}, tuple(relations)
    by_id = {one.id: one for one in candidates}
    _check_ids(candidates, by_id, known, ruled)
    decisions = {one: _ruled(one, made, known, ruled) for one, made in _judged(candidates, rules).items()}
    bound = tuple(_without_empty(relation, by_id) for relation in bound)
    guarded = {one for one, made in decisions.items() if _is_guarded(made, unreliable)}
    unseen = beside or Tabulation((), ())
    bound += unseen.relations
    cells = [*unseen.cells, *_cells(by_id, decisions, guarded, known, bound)]
    table = Table.build(cells, bound, tolerance=tolerance)
    sensitive = guarded | unseen.small
    pattern = complete(table, [one for one in sensitive if one in table.places], protection)
    final = {one: _completed(one, made, pattern) for one, made in decisions.items()}
    figures = {one: _figure(by_id[one].estimate, made) for one, made in final.items()}
    return Protected(final, figures, pattern)


def _check_ids(
    candidates: Sequence[Candidate],
    by_id: Mapping[CellId, Candidate],
    earlier: Mapping[CellId, float | None],
    rulings: Mapping[CellId, str],
) -> None:
    if len(by_id) != len(candidates):
        raise RepeatedCell(cells=listed(one.id for one in candidates if by_id[one.id] is not one))
    unknown = [one for one in rulings if one not in by_id]
    if unknown:
        raise UnknownCell(cells=listed(unknown), where="rulings")
    lost = [one for one, value in earlier.items() if value is None and one not in by_id]
    if lost:
        raise UnknownCell(cells=listed(lost), where="earlier")


def _judged(candidates: Sequence[Candidate], rules: Rules) -> dict[CellId, Decision]:
    """Judge the candidates, each set of rules in one pass."""
    made: dict[CellId, Decision] = {one.id: Decision("publish") for one in candidates}
    for own in {one.rules or rules: None for one in candidates}:
        judged = [one for one in candidates if (one.rules or rules) == own]
        measured = Measured.of_estimates(
            [one.estimate for one in judged],
            psus=[one.psus for one in judged],
            counts=[one.count for one in judged],
            kinds=[one.kind for one in judged],
        )
        made.update(zip((one.id for one in judged), judge(measured, own), strict=True))
    return made


def _ruled(
    one: CellId,
    made: Decision,
    earlier: Mapping[CellId, float | None],
    rulings: Mapping[CellId, Literal["publish", "suppress"]],
) -> Decision:
    """Apply a person's ruling, which never lifts a confidential suppression, and an earlier one."""
    if one in earlier and earlier[one] is None:
        made = made.suppressed_for("suppressed_before")
    ruling = rulings.get(one)
    if ruling is None or (ruling == "publish" and CONFIDENTIAL & set(made.reasons)):
        return made
    return Decision(ruling, (*made.findings, Finding("reviewer")))


def _is_guarded(made: Decision, unreliable: str) -> bool:
    if made.verdict != "suppress":
        return False
    return unreliable == "protected" or bool(CONFIDENTIAL & set(made.reasons))


def _without_empty(relation: Relation, by_id: Mapping[CellId, Candidate]) -> Relation:
    held = {one: a for one, a in relation.coefficients.items() if not (one in by_id and by_id[one].is_empty)}
    return replace(relation, coefficients=held)


def _cells(
    by_id: Mapping[CellId, Candidate],
    decisions: Mapping[CellId, Decision],
    guarded: set[CellId],
    earlier: Mapping[CellId, float | None],
    relations: Iterable[Relation],
) -> list[Cell]:
    """Make cells of the candidates that stand in a relation, and of earlier figures beside them."""
    bound = dict.fromkeys(one for relation in relations for one in relation.coefficients)
    cells = []
    for one in bound:
        value = earlier.get(one)
        if one in by_id:
            hidden = decisions[one].verdict == "suppress"
            standing = _standing(by_id[one], value, withheld=hidden and one not in guarded)
            cells.append(by_id[one].cell(standing))
        elif value is not None:
            cells.append(Cell(one, value, lower=-float("inf"), standing="public"))
    return cells


def _standing(candidate: Candidate, earlier: float | None, *, withheld: bool) -> Standing:
    value = candidate.estimate.value
    if earlier is not None and value is not None and abs(value - earlier) <= 1e-9 * max(1.0, abs(value)):
        return "public"
    return "latent" if withheld else candidate.standing


def _completed(one: CellId, made: Decision, pattern: Pattern) -> Decision:
    reasons: list[tuple[Reason, tuple[CellId, ...]]] = [
        ("complementary", pattern.complementary),
        ("total_withheld", pattern.forced),
        ("exposed", pattern.exposed),
    ]
    for reason, cells in reasons:
        if one in cells:
            made = made.suppressed_for(reason)
    return made


def _figure(estimate: Estimate, made: Decision) -> Estimate:
    """Return an estimate as it may leave the house: with its warnings, or without any number."""
    if made.verdict == "publish":
        return replace(estimate, flags=_flags(estimate.flags, made.reasons))
    if made.verdict == "review":
        return replace(estimate, flags=_flags(estimate.flags, (REVIEW, *made.reasons)))
    return withheld(estimate)


def withheld(estimate: Estimate) -> Estimate:
    """Take every number out of an estimate.

    It keeps its unit, level and method; n and df are 0 and mean nothing. It does not say why: that a
    figure was withheld for a count below k would itself bound the count.
    """
    return replace(
        estimate,
        value=None,
        se=None,
        ci_low=None,
        ci_high=None,
        n=0,
        n_eff=None,
        deff=None,
        df=0,
        flags=(SUPPRESSED,),
    )


def _flags(first: Sequence[str], then: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *then)))
