"""Variances written out in plain loops from the formulas, to hold the room's array code against.

Source: statistics.md §2.2, §2.5; R survey 4.5 `svyrecvar`, `surveyoptions`. Slow, and on purpose without numpy.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any


class Lone(Exception):
    """Strata that the rule "fail" refuses."""


@dataclass(frozen=True)
class Plan:
    """How a sample was drawn: a stratum and PSU a row, sizes by stratum, and the rule for lone PSUs."""

    stratum: Sequence[Hashable]
    psu: Sequence[Hashable]
    sizes: dict[Hashable, float] | None = None
    rule: str = "fail"
    lonely_domains: bool = False


def influences(
    kind: str, weights: Sequence[float], y: Sequence[float], answered: Sequence[bool], inside: Sequence[bool]
) -> list[float]:
    """Return w u of each row: w y for a total, w (y - m) / W for a mean, 0 outside the domain."""
    counts = [w if r and d else 0.0 for w, r, d in zip(weights, answered, inside, strict=True)]
    if kind == "total":
        return [w * float(one) if w else 0.0 for w, one in zip(counts, y, strict=True)]
    total = math.fsum(counts)
    mean = math.fsum(w * float(one) for w, one in zip(counts, y, strict=True) if w) / total
    return [w * (float(one) - mean) / total if w else 0.0 for w, one in zip(counts, y, strict=True)]


def first_stage(plan: Plan, z: Sequence[float], inside: Sequence[bool]) -> float:
    """Return the variance between PSUs, strata and PSUs being those of the whole sample."""
    groups, sizes = _strata(plan)
    here = {(h, i) for h, i, d in zip(plan.stratum, plan.psu, inside, strict=True) if d}
    present = [group for group in groups if any(h in group for h, _ in here)]
    if plan.lonely_domains and plan.rule == "collapse":
        alone = [_is_alone(plan, group, sizes, here) for group in present]
        present = merged(present, alone)
    totals = _totals(plan.stratum, plan.psu, z)
    every = [totals[key] for group in present for key in totals if key[0] in group]
    overall = math.fsum(every) / len(every)
    variance, apart = 0.0, 0
    for group in present:
        values = [totals[key] for key in totals if key[0] in group]
        n, size = len(values), math.fsum(sizes[h] for h in group)
        alone = plan.lonely_domains and plan.rule != "collapse" and _is_alone(plan, group, sizes, here)
        rest = 1 - n / size
        if alone or (n == 1 and size > 1):
            if plan.rule == "fail":
                raise Lone(group)
            apart += 1
            if plan.rule == "adjust":
                spread = math.fsum((value - overall) ** 2 for value in values)
                variance += rest * (n / (n - 1) if n > 1 else 1) * spread
        elif n > 1:
            mean = math.fsum(values) / n
            variance += rest * n / (n - 1) * math.fsum((value - mean) ** 2 for value in values)
    if plan.rule == "average":
        strata = len(present)
        return variance * strata / (strata - apart) if strata > apart else math.nan
    return variance


def second_stage(
    plan: Plan, ssu: Sequence[Hashable], ssu_sizes: dict[Any, float], z: Sequence[float]
) -> float:
    """Return Σ_h f_h Σ_i (1 - m/M) m/(m-1) Σ_j (z_ij - mean)² over all PSUs of the sample."""
    psus = {h: {i for g, i in zip(plan.stratum, plan.psu, strict=True) if g == h} for h in plan.stratum}
    variance = 0.0
    for (h, i), size in ssu_sizes.items():
        rows = [at for at, key in enumerate(zip(plan.stratum, plan.psu, strict=True)) if key == (h, i)]
        totals = _totals([0] * len(rows), [ssu[at] for at in rows], [z[at] for at in rows])
        m = len(totals)
        if m > 1:
            mean = math.fsum(totals.values()) / m
            spread = math.fsum((value - mean) ** 2 for value in totals.values())
            f = len(psus[h]) / (plan.sizes or {})[h]
            variance += f * (1 - m / size) * m / (m - 1) * spread
    return variance


def merged(groups: list[list[Hashable]], lone: list[bool]) -> list[list[Hashable]]:
    """Let each lone group join the next, the last one the one before."""
    kept: list[list[Hashable]] = []
    at = 0
    while at < len(groups):
        if lone[at] and at + 1 < len(groups):
            kept.append([*groups[at], *groups[at + 1]])
            at += 2
        elif lone[at] and kept:
            kept[-1].extend(groups[at])
            at += 1
        else:
            kept.append(list(groups[at]))
            at += 1
    return kept


def _strata(plan: Plan) -> tuple[list[list[Hashable]], dict[Hashable, float]]:
    labels = sorted(set(plan.stratum), key=str)
    sizes = plan.sizes or dict.fromkeys(labels, math.inf)
    groups: list[list[Hashable]] = [[h] for h in labels]
    if plan.rule == "collapse":
        lone = [_count(plan, [h]) == 1 and sizes[h] > 1 for h in labels]
        groups = merged(groups, lone)
    return groups, sizes


def _count(plan: Plan, group: Sequence[Hashable]) -> int:
    return len({(h, i) for h, i in zip(plan.stratum, plan.psu, strict=True) if h in group})


def _is_alone(
    plan: Plan, group: Sequence[Hashable], sizes: dict[Hashable, float], here: set[tuple[Hashable, Hashable]]
) -> bool:
    n = _count(plan, group)
    whole = n == math.fsum(sizes[h] for h in group) and plan.rule in ("fail", "collapse")
    return n > 1 and not whole and len([key for key in here if key[0] in group]) == 1


def _totals(
    outer: Sequence[Hashable], inner: Sequence[Hashable], z: Sequence[float]
) -> dict[tuple[Hashable, Hashable], float]:
    parts: dict[tuple[Hashable, Hashable], list[float]] = {}
    for h, i, one in zip(outer, inner, z, strict=True):
        parts.setdefault((h, i), []).append(one)
    return {key: math.fsum(each) for key, each in parts.items()}
