"""A local criteria set beside the framework of a higher authority: what is fixed stays fixed.

Hà Nội's framework for communes fixes the maxima of criteria and leaves those of sub-criteria to
the districts (2940/QĐ-UBND 2022). Not the sums within one set (meaning_tree.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from survey.scoring.criteria import CriteriaSet, Criterion
from survey.scoring.problems import Problem, problem
from survey.scoring.writing import dump

TOLERANCE = 1e-9


def framework_problems(local: CriteriaSet, framework: CriteriaSet) -> list[Problem]:
    """Find everything in a local set that its framework does not leave to it; [] when it keeps to it."""
    if not names(local, framework):
        return [problem("/framework", "framework_other", id=framework.id, version=framework.version)]
    return list(compared("/tree", local.tree, framework.tree))


def names(local: CriteriaSet, framework: CriteriaSet) -> bool:
    """Say whether a set names this framework, by its file or by the same set written anew."""
    named = local.framework
    if named is None or (named.id, named.version) != (framework.id, framework.version):
        return False
    return named.sha256 in (framework.sha256, hashlib.sha256(dump(framework)).hexdigest())


def compared(path: str, mine: Sequence[Criterion], theirs: Sequence[Criterion]) -> Iterator[Problem]:
    """Compare the nodes of one level by id, and what is below each of them."""
    fixed = {node.id: node for node in theirs}
    present = {node.id for node in mine}
    whole = path.removesuffix("/children")
    yield from (problem(whole, "framework_missing", id=name) for name in fixed if name not in present)
    for index, node in enumerate(mine):
        here = f"{path}/{index}"
        if node.id not in fixed:
            yield problem(f"{here}/id", "framework_extra", id=node.id)
            continue
        yield from maximum_problems(here, node, fixed[node.id])
        yield from compared(f"{here}/children", node.children, fixed[node.id].children)


def maximum_problems(path: str, mine: Criterion, fixed: Criterion) -> Iterator[Problem]:
    if fixed.maximum is None:
        return
    if mine.maximum is None or abs(mine.maximum - fixed.maximum) > TOLERANCE:
        got = "–" if mine.maximum is None else mine.maximum
        yield problem(f"{path}/maximum", "framework_maximum", got=got, expected=fixed.maximum)
