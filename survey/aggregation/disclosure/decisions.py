"""What is decided about a cell, for which reasons, and the log of it.

Not how it is decided (primary.py, complementary.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

from survey.aggregation.disclosure.reasons import Reason, Verdict, text_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, the figure that was measured and the limit it was held against (None where none)."""

    reason: Reason
    measured: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a cell.

    Attributes:
        verdict: "publish", "review" (a person decides) or "suppress".
        findings: why; a published cell may carry a footnote such as "complement_relatively_wide".
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return the stable words, worst first."""
        return tuple(finding.reason for finding in self.findings)

    def texts(self, language: str = "vi") -> tuple[str, ...]:
        """Say the reasons to a reader."""
        return tuple(text_of(reason, language) for reason in self.reasons)

    def suppressed_for(self, reason: Reason) -> Decision:
        """Return the decision to suppress, with one more reason."""
        known = reason in self.reasons
        return replace(
            self,
            verdict="suppress",
            findings=self.findings if known else (*self.findings, Finding(reason)),
        )


PUBLISHED = Decision("publish")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One finding about one cell, for the log that stays inside: it holds figures that are withheld."""

    cell: Hashable
    verdict: Verdict
    reason: Reason
    measured: float | None
    limit: float | None


def log_of(decisions: Mapping[Hashable, Decision]) -> tuple[LogLine, ...]:
    """List every finding of every cell, in the order of the cells."""
    return tuple(_lines(decisions.items()))


def _lines(decided: Iterable[tuple[Hashable, Decision]]) -> Iterable[LogLine]:
    for cell, decision in decided:
        for finding in decision.findings:
            yield LogLine(cell, decision.verdict, finding.reason, finding.measured, finding.limit)
