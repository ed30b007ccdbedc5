"""Criteria sets as files, by command: a workbook to fill, a check by path and cell, both ways between forms.

Nothing here is kept: importing a set into a site is the services' work.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from survey.cli.words import echo_table, say
from survey.reports.criteria_workbook import (
    CheckedCriteriaWorkbook,
    PlacedProblem,
    check_criteria_workbook,
    criteria_template,
    write_criteria_workbook,
)
from survey.reports.reading import Sheets, error_workbook, read_sheets
from survey.scoring import (
    CriteriaSet,
    Problem,
    check,
    dump,
    framework_problems,
    load,
    load_shipped,
    overlap_problems,
)

_OLD_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_NEW_FILE = click.Path(path_type=Path, dir_okay=False)
_ARCHIVE = b"PK"


@click.group("set")
def set_group() -> None:
    """Fill, check and convert criteria sets as workbooks or JSON."""


@set_group.command("template")
@click.argument("target", type=_NEW_FILE)
@click.option("--like", help="Begin with a set that ships, by its id.")
def template(target: Path, like: str | None) -> None:
    """Write the workbook to fill."""
    target.write_bytes(write_criteria_workbook(load_shipped(like)) if like else criteria_template())
    click.echo(say(f"Đã ghi mẫu: {target}", f"Template written: {target}"))


@set_group.command("check")
@click.argument("file", type=_OLD_FILE)
@click.option("--beside", type=_OLD_FILE, multiple=True, help="A set that must not claim the same days.")
@click.option("--framework", type=_OLD_FILE, help="The set whose maxima this one must keep.")
@click.option("--errors", type=_NEW_FILE, help="Write the workbook here again with its problems marked.")
def check_set(file: Path, beside: tuple[Path, ...], framework: Path | None, errors: Path | None) -> None:
    """Report every problem of a set, by path and by cell; status 1 when there is any."""
    opened = _open(file)
    problems = opened.problems
    if opened.criteria_set is not None:
        others = [_sound(path).criteria_set_or_refuse() for path in beside]
        found = overlap_problems(opened.criteria_set, others)
        if framework is not None:
            found += framework_problems(opened.criteria_set, _sound(framework).criteria_set_or_refuse())
        problems = opened.placed(found)
    if errors is not None and opened.sheets is not None:
        errors.write_bytes(error_workbook(opened.sheets, [one.on_cell() for one in problems]))
    if problems:
        _tell(file, problems)
        sys.exit(1)
    said = opened.criteria_set_or_refuse()
    click.echo(say(f"{file}: đúng ({said.id} {said.version})", f"{file}: sound ({said.id} {said.version})"))


@set_group.command("convert")
@click.argument("file", type=_OLD_FILE)
@click.argument("target", type=_NEW_FILE)
def convert(file: Path, target: Path) -> None:
    """Write a sound set in the other form: TARGET ends in .json or .xlsx."""
    if target.suffix.casefold() not in (".json", ".xlsx"):
        raise click.BadParameter(say("Tên tệp phải kết thúc bằng .json hoặc .xlsx.", "Use .json or .xlsx."))
    kept = _sound(file).criteria_set_or_refuse()
    is_workbook = target.suffix.casefold() == ".xlsx"
    target.write_bytes(write_criteria_workbook(kept) if is_workbook else dump(kept))
    click.echo(say(f"Đã ghi: {target}", f"Written: {target}"))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as it was found: its sheets where it is a workbook, its set where it is sound."""

    raw: bytes
    problems: tuple[PlacedProblem, ...]
    criteria_set: CriteriaSet | None
    sheets: Sheets | None = None
    checked: CheckedCriteriaWorkbook | None = None

    def placed(self, problems: Sequence[Problem]) -> tuple[PlacedProblem, ...]:
        return self.checked.placed(problems) if self.checked else tuple(map(_without_cell, problems))

    def criteria_set_or_refuse(self) -> CriteriaSet:
        return self.criteria_set or load(self.raw)


def _open(file: Path) -> _Opened:
    raw = file.read_bytes()
    if raw.startswith(_ARCHIVE):
        sheets = read_sheets(raw, name=file.name)
        checked = check_criteria_workbook(sheets)
        return _Opened(checked.raw, checked.problems, checked.criteria_set, sheets, checked)
    problems = tuple(map(_without_cell, check(raw)))
    return _Opened(raw, problems, None if problems else load(raw))


def _sound(file: Path) -> _Opened:
    """Open a set that must be sound; tell its problems and end where it is not."""
    opened = _open(file)
    if opened.problems:
        _tell(file, opened.problems)
        sys.exit(1)
    return opened


def _without_cell(one: Problem) -> PlacedProblem:
    return PlacedProblem(one.path, "", "", one.code, one.message)


def _tell(file: Path, problems: Sequence[PlacedProblem]) -> None:
    head = [
        say("Trang tính", "Sheet"),
        say("Ô", "Cell"),
        say("Đường dẫn", "Path"),
        say("Cần sửa", "What to mend"),
    ]
    rows = [
        [one.sheet or "–", one.cell or "–", one.path or "/", f"{one.text(say.language())} [{one.code}]"]
        for one in problems
    ]
    echo_table(head, rows)
    count = len(problems)
    click.echo(say(f"{count} lỗi trong {file}", f"{count} problems in {file}"), err=True)
