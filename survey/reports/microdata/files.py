"""One export: the data in the format asked for, and beside it the codebook, all or none.

Not the formats themselves (arrow_files.py, statistical_files.py, codebook_files.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.reports.microdata.arrow_files import write_csv, write_labels, write_parquet
from survey.reports.microdata.codebook import codebook_of
from survey.reports.microdata.codebook_files import write_codebook_json, write_codebook_xlsx
from survey.reports.microdata.errors import SuffixDiffers
from survey.reports.microdata.statistical_files import write_dta, write_sav
from survey.reports.microdata.tallies import tallies
from survey.reports.microdata.values import Microdata
from survey.reports.targets import whole_file

_Write = Callable[[Microdata, Path, Mapping[str, Any], str], None]
_WRITERS: Mapping[str, _Write] = {
    "parquet": write_parquet,
    "csv": write_csv,
    "sav": write_sav,
    "dta": write_dta,
}
FORMATS = tuple(_WRITERS)


@dataclass(frozen=True, slots=True)
class MicrodataFiles:
    """What was written: the data first, then what explains them, each with its SHA-256."""

    rows: int
    columns: int
    files: tuple[tuple[Path, str], ...]


def write_microdata(
    microdata: Microdata, target: Path, file_format: str, *, language: str = "vi"
) -> MicrodataFiles:
    """Write `NAME.FORMAT` with NAME.codebook.xlsx, NAME.codebook.json and, for CSV, NAME.labels.csv.

    Labels of .sav and .dta are in `language`; the other files hold both. The same snapshot gives the
    same bytes.

    Raises:
        SuffixDiffers: the target is named as another format.
        RowsMissing: fewer or more rows than the snapshot holds. No file is touched then.
    """
    if target.suffix != f".{file_format}":
        raise SuffixDiffers(name=target.name, suffix=file_format)
    codebook = codebook_of(microdata, tallies(microdata))
    beside = {"codebook.xlsx": write_codebook_xlsx, "codebook.json": write_codebook_json}
    if file_format == "csv":
        beside["labels.csv"] = write_labels
    paths = [target, *(target.with_name(f"{target.stem}.{name}") for name in beside)]
    with ExitStack() as files:
        work = [files.enter_context(whole_file(path)) for path in paths]
        _WRITERS[file_format](microdata, work[0], codebook, language)
        for path, write in zip(work[1:], beside.values(), strict=True):
            write(path, codebook)
    written = tuple((path, file_sha256(path)) for path in paths)
    return MicrodataFiles(microdata.about.rows, len(microdata.variables), written)


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
