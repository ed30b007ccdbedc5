"""What the command line says, in Vietnamese or English, and how it lays out a table."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence

import click


class _Say:
    """Chooses between two sentences by SURVEY_LANG."""

    def language(self) -> str:
        return "en" if os.environ.get("SURVEY_LANG") == "en" else "vi"

    def __call__(self, vi: str, en: str) -> str:
        return en if self.language() == "en" else vi


say = _Say()


def echo_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[int] = ()) -> None:
    """Print a table with aligned columns; `numeric` columns stand to the right."""
    cells = [list(head), *[list(row) for row in rows]]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(head))]
    for place, row in enumerate(cells):
        line = "  ".join(
            _pad(cell, widths[column], right=column in numeric) for column, cell in enumerate(row)
        )
        click.echo(line.rstrip())
        if place == 0:
            click.echo("  ".join("─" * width for width in widths))


def _pad(text: str, width: int, *, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap


def _width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)
