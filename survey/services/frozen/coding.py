"""The rows of a snapshot as analysts get them: codes for answers, numbers for strata and PSUs.

Not what the codes mean (frozen_variables.py). Rows stand in the snapshot's order, a batch at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from survey.questionnaires import Questionnaire
from survey.reports import NOT_ASKED
from survey.services.frozen.variables import WEIGHTS, Answers, known_labels
from survey.services.routing_gaps import RoutingGaps
from survey.storage.errors import SnapshotUnreadable
from survey.storage.snapshots import Snapshot, columns_of
from survey.units import UnitTree, load_units
from survey.units.errors import UnknownUnitId

ROWS_A_BATCH = 50_000
_SEPARATOR = "\x1f"
_LOWEST, _CODES = -128, 256
_UNKNOWN = -10_000


class FrozenRows:
    """The rows of one snapshot, coded; iterate as often as needed.

    Raises:
        SnapshotUnreadable: a column is missing, of another type, or holds a code that no option has.
    """

    def __init__(self, snapshot: Snapshot, questionnaire: Questionnaire, answers: Sequence[Answers]) -> None:
        self._snapshot = snapshot
        self._answers = [(one, _table_of(one.recode)) for one in answers]
        _check_columns(snapshot, questionnaire)
        self._gaps = RoutingGaps(questionnaire)
        units = load_units()
        self._unit_names = {unit: _name(units, unit) for unit in snapshot.codes("unit")[1]}
        self._labels = {
            column: known_labels(snapshot.codes(column)[1], column)
            for column in ("stratum", "channel", "evidence")
        }
        self._psus = self._psu_keys()

    def batches(self) -> Iterator[Any]:
        """Give the rows as Arrow record batches."""
        for batch in self._snapshot.table.to_batches(max_chunksize=ROWS_A_BATCH):
            columns = {**self._design(batch), **self._answered(batch)}
            yield pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))

    def _design(self, batch: Any) -> Mapping[str, Any]:
        units = _text(batch.column("unit"))
        return {
            "snapshot": pa.repeat(self._snapshot.code, batch.num_rows),
            "simulated": pa.repeat(
                pa.scalar(int(self._snapshot.manifest["simulated"]), pa.int32()), batch.num_rows
            ),
            "unit_id": units,
            "unit_name": _translated(units, self._unit_names),
            "stratum": self._numbered(batch, "stratum"),
            "psu": _numbered(self._keys_of(batch), self._psus),
            "psu_id": _text(batch.column("psu")),
            **{name: batch.column(name) for name in WEIGHTS if name in batch.schema.names},
            "channel": self._numbered(batch, "channel"),
            "evidence": self._numbered(batch, "evidence"),
            "day": batch.column("day"),
        }

    def _answered(self, batch: Any) -> Mapping[str, Any]:
        gaps = self._gaps.not_asked(batch)
        nothing = np.zeros(batch.num_rows, dtype=np.bool_)
        return {
            one.variable.name: self._coded(batch, one.variable.source, table, gaps.get(one.item, nothing))
            for one, table in self._answers
        }

    def _coded(self, batch: Any, source: str, table: NDArray[np.int32], gap: NDArray[np.bool_]) -> Any:
        column = batch.column(source).cast(pa.int8())
        blank = column.is_null().to_numpy(zero_copy_only=False)
        stored = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.intp)
        codes = table[stored - _LOWEST]
        if (codes[~blank] == _UNKNOWN).any():
            raise SnapshotUnreadable(f"{source} holds an unknown code", snapshot=self._snapshot.code)
        codes[blank] = NOT_ASKED
        return pa.array(codes, pa.int32(), mask=blank & ~gap)

    def _numbered(self, batch: Any, column: str) -> Any:
        return _numbered(_text(batch.column(column)), pa.array(self._labels[column], pa.string()))

    def _psu_keys(self) -> Any:
        """Number PSUs in the order of stratum and label; a label may stand in several strata."""
        chunks = [self._keys_of(batch) for batch in self._snapshot.table.to_batches(ROWS_A_BATCH)]
        found = pc.unique(pa.chunked_array(chunks, pa.string())).to_pylist()
        return pa.array(sorted(found, key=_stratum_and_label), pa.string())

    def _keys_of(self, batch: Any) -> Any:
        stratum = self._numbered(batch, "stratum").cast(pa.string())
        return pc.binary_join_element_wise(stratum, _text(batch.column("psu")), _SEPARATOR)


def _stratum_and_label(key: str) -> tuple[int, str]:
    stratum, _, label = key.partition(_SEPARATOR)
    return int(stratum), label


def _check_columns(snapshot: Snapshot, questionnaire: Questionnaire) -> None:
    schema = snapshot.table.schema
    wanted = {
        name: pa.bool_() if column.kind == "multiple" else pa.int8()
        for column in columns_of(questionnaire)
        for name in column.names
    } | {"psu": pa.string(), "base_weight": pa.float64(), "day": pa.date32()}
    wrong = [
        name for name, kind in wanted.items() if name not in schema.names or schema.field(name).type != kind
    ]
    wrong += [name for name in ("unit", "stratum", "channel", "evidence") if name not in schema.names]
    weights = snapshot.manifest["design"]["weights"]
    wrong += [] if weights in schema.names and weights in WEIGHTS else [weights]
    if wrong:
        raise SnapshotUnreadable(f"columns {', '.join(wrong[:10])}", snapshot=snapshot.code)


def _table_of(recode: Mapping[int, int]) -> NDArray[np.int32]:
    table = np.full(_CODES, _UNKNOWN, dtype=np.int32)
    for stored, code in recode.items():
        table[stored - _LOWEST] = code
    return table


def _name(units: UnitTree, unit: str) -> str:
    try:
        return units.get(unit).full_name
    except UnknownUnitId:
        return unit


def _translated(column: Any, names: Mapping[str, str]) -> Any:
    places = pc.index_in(column, value_set=pa.array(list(names), pa.string()))
    return pa.array(list(names.values()), pa.string()).take(places)


def _numbered(column: Any, labels: Any) -> Any:
    return pc.add(pc.index_in(column, value_set=labels), pa.scalar(1, pa.int32()))


def _text(column: Any) -> Any:
    return column.cast(pa.string())
