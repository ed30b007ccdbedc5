"""Computed indices as one document for programs: every figure of every unit, with every digit.

Not the table that the command prints, nor the tidy sheet of the summary (summaries/).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from survey.services.indices.result import Indices
from survey.services.snapshot_sample import LEVEL, LONELY


def indices_document(computed: Indices) -> dict[str, Any]:
    """Set indices out as JSON takes them; the unit "" is the whole, and a figure that is not there is null.

    Figures are in the formula's own scale: a share from 0 to 1, or a score.
    """
    return {
        "snapshot": computed.snapshot,
        "data_sha256": computed.data_sha256,
        "result_sha256": computed.result_sha256,
        "simulated": computed.simulated,
        "formula": computed.formula.id,
        "level": LEVEL,
        "lonely": LONELY,
        "rows": computed.rows,
        "figures": [
            {
                "unit": line.unit,
                "kind": line.kind,
                "statistic": line.statistic,
                **{
                    ("scale" if name == "unit" else name): figure
                    for name, figure in asdict(line.estimate).items()
                },
            }
            for line in computed.lines
        ],
    }
