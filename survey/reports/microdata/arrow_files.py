"""Parquet and CSV, written batch by batch: memory does not grow with the rows.

Not SPSS and Stata, whose writers want the whole table (statistical_files.py).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from survey.reports.cells import csv_text
from survey.reports.microdata.codebook import SCHEMA_VERSION
from survey.reports.microdata.labels import one_line
from survey.reports.microdata.values import Microdata, Variable, schema_of
from survey.reports.responses.columns import Kind


def write_parquet(microdata: Microdata, path: Path, codebook: Mapping[str, Any], language: str) -> None:
    """Write Parquet; each column carries its labels and missing codes, the file its snapshot and design."""
    described = {one["name"]: one for one in codebook["variables"]}
    fields = [
        field.with_metadata(_column_metadata(described[field.name], language))
        for field in schema_of(microdata.variables)
    ]
    whole = {
        "survey.codebook_version": SCHEMA_VERSION,
        **{f"survey.{part}": _json(codebook[part]) for part in ("snapshot", "questionnaire", "design")},
        "survey.data_sha256": microdata.about.data_sha256,
    }
    schema = pa.schema(fields, metadata=whole)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in microdata.checked():
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))


def _column_metadata(described: Mapping[str, Any], language: str) -> dict[str, str]:
    told = {
        "label": described["label"][language],
        "label.vi": described["label"]["vi"],
        "label.en": described["label"]["en"],
        "source": described["source"],
        "role": described["role"],
    }
    if described["values"]:
        told["values"] = _json({value["code"]: value["label"] for value in described["values"]})
        told["missing"] = _json(described["missing_codes"])
    return told


def write_csv(microdata: Microdata, path: Path, codebook: Mapping[str, Any], language: str) -> None:
    """Write CSV: UTF-8 with BOM, codes as numbers, every digit of a weight, guarded text."""
    schema = schema_of(microdata.variables)
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    with path.open("wb") as made:
        made.write("\ufeff".encode() + ",".join(schema.names).encode() + b"\n")
        with pa_csv.CSVWriter(made, schema, write_options=options) as writer:
            for batch in microdata.checked():
                writer.write_batch(_guarded(batch, microdata.variables))


def _guarded(batch: Any, variables: tuple[Variable, ...]) -> Any:
    columns = [
        _guarded_text(batch.column(one.name)) if one.kind is Kind.TEXT else batch.column(one.name)
        for one in variables
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _guarded_text(column: Any) -> Any:
    """Guard each different text once: a unit's name stands in thousands of rows."""
    coded = column.dictionary_encode()
    guarded = pa.array([csv_text(text) for text in coded.dictionary.to_pylist()], pa.string())
    return guarded.take(coded.indices)


def write_labels(path: Path, codebook: Mapping[str, Any]) -> None:
    """Write what the codes of the CSV mean: a line a code, and one for a variable without codes."""
    with path.open("w", encoding="utf-8-sig", newline="") as made:
        lines = csv.writer(made)
        lines.writerow(
            (
                "variable",
                "source",
                "label_vi",
                "label_en",
                "code",
                "option",
                "value_vi",
                "value_en",
                "missing",
            )
        )
        for variable in codebook["variables"]:
            begin = [variable["name"], variable["source"], variable["label"]["vi"], variable["label"]["en"]]
            start = [csv_text(one_line(text)) for text in begin]
            for value in variable["values"] or [None]:
                lines.writerow([*start, *_value_cells(value)])


def _value_cells(value: Mapping[str, Any] | None) -> list[str | int]:
    if value is None:
        return [""] * 5
    texts = (value["option"], value["label"]["vi"], value["label"]["en"])
    return [value["code"], *(csv_text(one_line(text)) for text in texts), int(value["missing"])]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
