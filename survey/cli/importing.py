"""Import of responses by command: the workbook to fill, a check, and taking a file whole."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.context import CLOCK, actor, store
from survey.cli.words import echo_table, say
from survey.services.importing import CheckedFile, check_file, import_template, take_file
from survey.services.importing.errors import WrongFile

_SHOWN = 50
_NEW_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("import")
def import_group() -> None:
    """Take responses from a workbook or CSV, whole or not at all."""


@import_group.command("template")
@click.argument("target", type=_NEW_FILE)
@click.option("--round", "code", required=True, help="Code of the round.")
def template(target: Path, code: str) -> None:
    """Write the workbook to fill for a round."""
    target.write_bytes(import_template(store=store(), code=code))
    click.echo(say(f"Đã ghi mẫu: {target}", f"Template written: {target}"))


@import_group.command("responses")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--round", "code", required=True, help="Code of the round.")
@click.option("--dry-run", is_flag=True, help="Only check; record nothing.")
@click.option("--errors", type=_NEW_FILE, help="Write the file here again with its problems marked.")
def responses(file: Path, code: str, dry_run: bool, errors: Path | None) -> None:
    """Check a file and take it; the same file again adds nothing. Status 2 where something is wrong."""
    opened, raw = store(), file.read_bytes()
    checked = check_file(store=opened, clock=CLOCK, code=code, raw=raw, name=file.name)
    if checked.problems:
        _tell(checked, errors)
        raise WrongFile(checked.problems, unlisted=checked.unlisted)
    if dry_run:
        new, there = len(checked.forms), checked.already
        click.echo(
            say(
                f"Tệp đúng: {new} phiếu mới, {there} phiếu đã có, mức {checked.grade}. Chưa ghi gì.",
                f"The file is right: {new} new forms, {there} there already, grade {checked.grade}. "
                "Nothing was recorded.",
            )
        )
        return
    taken = take_file(store=opened, clock=CLOCK, code=code, raw=raw, name=file.name, actor=actor())
    click.echo(
        say(
            f"Đã nhập {taken.rows} phiếu, mức {taken.grade}; {taken.already} phiếu đã có từ trước.",
            f"{taken.rows} forms taken, grade {taken.grade}; {taken.already} were there before.",
        )
    )


def _tell(checked: CheckedFile, errors: Path | None) -> None:
    head = [say("Trang tính", "Sheet"), say("Ô", "Cell"), say("Cần sửa", "What to mend")]
    shown = checked.problems[:_SHOWN]
    echo_table(head, [[one.sheet, one.cell, one.message.in_(say.language())] for one in shown])
    left = checked.problem_count - len(shown)
    if left:
        click.echo(say(f"… và {left} chỗ nữa.", f"… and {left} more."))
    if errors is not None:
        errors.write_bytes(checked.marked())
        click.echo(say(f"Tệp có đánh dấu: {errors}", f"Marked file: {errors}"))
