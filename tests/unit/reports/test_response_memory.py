"""A hundred thousand responses stream through a bounded memory (fault 7: exports that ran out of it)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

GROWTH_LIMIT_MB = 40
"""XlsxWriter without streaming grows by some 200 MB on this table, 600 MB on three times the columns."""

PROGRAM = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from survey.reports import Kind, ResponseColumn, write_responses

columns = [ResponseColumn("comment", "Ý kiến", Kind.TEXT)]
columns += [ResponseColumn(f"q{i}", f"Câu {i}", Kind.INTEGER) for i in range(19)]

def rows(count):
    for number in range(count):
        yield (f"Ý kiến số {number}: cán bộ nhiệt tình", *((number + i) % 5 + 1 for i in range(19)))

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def write(count):
    options = dict(simulated=True, made_at=datetime(2027, 1, 5, tzinfo=UTC), expected_rows=count)
    return write_responses(columns, rows(count), Path(sys.argv[1]), **options)

write(100)
before = peak()
print(write(100_000).rows, peak() - before)
"""


def test_a_hundred_thousand_responses_stream_in_bounded_memory(tmp_path: Path) -> None:
    target = tmp_path / "responses.xlsx"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(target)], capture_output=True, text=True, check=True, timeout=240
    )
    rows, growth = done.stdout.split()
    assert int(rows) == 100_000
    assert float(growth) < GROWTH_LIMIT_MB
    with ZipFile(target) as packed, packed.open("xl/worksheets/sheet1.xml") as sheet:
        assert sum(chunk.count(b"<row ") for chunk in sheet) == 100_002
