"""Outsiders of two other makes, to check the solver against: they enumerate, and know no solver.

Not for tables of more than a handful of hidden cells.
"""

import itertools

import numpy as np

from survey.aggregation.disclosure import Table


def equations_of(table: Table, hidden: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the equations over hidden cells and what the published ones leave on their right."""
    matrix = table.matrix.toarray()
    shown = [place for place in range(len(table)) if place not in hidden]
    constant = matrix @ table.value
    return matrix[:, hidden], constant - matrix[:, shown] @ table.value[shown]


def whole_intervals(table: Table, hidden: list[int], most: int) -> list[tuple[int, int]]:
    """Try every whole number from 0 to `most` in every hidden cell; return the range of those that fit."""
    left, right = equations_of(table, hidden)
    tried = np.array(list(itertools.product(range(most + 1), repeat=len(hidden))), dtype=np.float64)
    fits = tried[np.all(np.abs(tried @ left.T - right) < 1e-9, axis=1)]
    return [(int(column.min()), int(column.max())) for column in fits.T]


def real_intervals(
    table: Table, hidden: list[int], lower: np.ndarray, upper: np.ndarray
) -> list[tuple[float, float]]:
    """Enumerate the vertices of the polytope of all real tables that fit; return the range over them."""
    left, right = equations_of(table, hidden)
    rank = np.linalg.matrix_rank(left) if left.size else 0
    found = []
    for basis in itertools.combinations(range(len(hidden)), rank):
        basic = list(basis)
        if rank and np.linalg.matrix_rank(left[:, basic]) < rank:
            continue
        others = [place for place in range(len(hidden)) if place not in basis]
        for ends in itertools.product(*((lower[one], upper[one]) for one in others)):
            point = np.zeros(len(hidden))
            point[others] = ends
            if rank:
                rest = right - left[:, others] @ np.array(ends, dtype=np.float64)
                point[basic] = np.linalg.lstsq(left[:, basic], rest, rcond=None)[0]
            inside = np.all(point >= lower - 1e-7) and np.all(point <= upper + 1e-7)
            if inside and np.allclose(left @ point, right, atol=1e-7):
                found.append(point)
    column = np.array(found)
    return [(float(one.min()), float(one.max())) for one in column.T]
