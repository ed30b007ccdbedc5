"""Snapshots and indices by command: freeze, recompute, verify, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from survey.cli.context import CLOCK, actor, settings, store
from survey.cli.words import echo_table, say
from survey.reports import FORMATS, interval_text, number_text
from survey.services.exports import export_recorded
from survey.services.frozen.microdata import export_microdata
from survey.services.indices import Indices, indices_document, recompute_anywhere
from survey.services.microdata import export_responses
from survey.services.ranked_units import tree_order
from survey.services.refreshing import WholeBecause
from survey.services.rounds import judged_units
from survey.services.snapshots import Frozen, freeze_snapshot
from survey.services.verification import verify_snapshot
from survey.units import load_units


@click.command()
@click.argument("round_code", metavar="ROUND")
@click.option("--full", is_flag=True, help="Read every response again, not only the new ones.")
def snapshot(round_code: str, full: bool) -> None:
    """Freeze a round's responses as Parquet with a manifest.

    Only responses that came since the last snapshot are read from the database.
    """
    frozen = freeze_snapshot(store=store(), clock=CLOCK, round_code=round_code, actor=actor(), full=full)
    click.echo(
        say(f"Đã chốt {frozen.code}: {frozen.rows} phiếu", f"Froze {frozen.code}: {frozen.rows} responses")
    )
    click.echo(f"  {_carried(frozen)}")
    for reason, count in frozen.exclusions.items():
        click.echo(say(f"  không tính {count}: {reason}", f"  {count} not counted: {reason}"))
    click.echo(f"  {frozen.folder}")
    click.echo(f"  SHA-256 {frozen.data_sha256}")


_WHOLE: Mapping[WholeBecause, tuple[str, str]] = {
    "asked": ("theo yêu cầu", "as asked"),
    "personal": ("đợt trả lời bằng đường dẫn riêng", "the round is answered by personal link"),
    "nothing_before": ("chưa có bản chốt nào để nối tiếp", "there is no snapshot to build on"),
    "damaged": ("bản chốt trước bị mất, hỏng hoặc sửa", "the last snapshot is lost, damaged or edited"),
    "other_terms": (
        "bản chốt trước theo phiên bản phần mềm hoặc quy định khác",
        "the last snapshot was made by another version or on other terms",
    ),
    "other_database": (
        "cơ sở dữ liệu thiếu phiếu của bản chốt trước",
        "the database lacks responses of the last snapshot",
    ),
}


def _carried(frozen: Frozen) -> str:
    if frozen.whole_because is not None:
        vi, en = _WHOLE[frozen.whole_because]
        return say(f"đọc lại toàn bộ từ cơ sở dữ liệu: {vi}", f"all read from the database: {en}")
    return say(
        f"{frozen.fresh} phiếu mới, {frozen.reused} dùng lại, {frozen.rewritten} ghi lại",
        f"{frozen.fresh} new, {frozen.reused} reused, {frozen.rewritten} rewritten",
    )


@click.command()
@click.argument("code", metavar="SNAPSHOT")
@click.option("--formula", help="Id of the formula; the questionnaire's own default if left out.")
@click.option("--unit", "unit_id", default="", help="Id of a unit; the whole if left out.")
@click.option("--items", is_flag=True, help="Show the items too.")
@click.option("--by-unit", is_flag=True, help="Show the overall index of every unit.")
@click.option(
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    help="json: every figure of every unit, every digit.",
)
def recompute(code: str, formula: str | None, unit_id: str, items: bool, by_unit: bool, output: str) -> None:
    """Compute a snapshot's indices again: the same snapshot gives the same result hash.

    SNAPSHOT is a code, or the folder of a snapshot; for a folder no database is needed.
    """
    computed = recompute_anywhere(
        settings=settings(), clock=CLOCK, snapshot_code=code, actor=actor(), formula_id=formula
    )
    if output == "json":
        click.echo(json.dumps(indices_document(computed), ensure_ascii=False, indent=1))
        return
    _print_indices(computed, unit_id, items=items)
    if by_unit:
        _print_units(computed)
    click.echo(f"{say('Dữ liệu', 'Data')}   SHA-256 {computed.data_sha256}")
    click.echo(f"{say('Kết quả', 'Result')}   SHA-256 {computed.result_sha256}")


@click.command()
@click.argument("code", metavar="SNAPSHOT")
def verify(code: str) -> None:
    """Prove that a snapshot and its kept results are what they were; exit 1 when they are not."""
    found = verify_snapshot(store=store(), code=code)
    for check in found:
        click.echo(f"{'✓' if check.holds else '✗'} {check.what.get(say.language(), check.what['vi'])}")
    if not all(check.holds for check in found):
        sys.exit(1)


@click.command()
@click.argument("round_code", metavar="ROUND")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; exports/ if left out.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--responses", is_flag=True, help="Write the responses themselves instead (.xlsx or .csv).")
@click.option("--comments", is_flag=True, help="With --responses: free text too; never by personal link.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(FORMATS),
    help="Write frozen responses with labels, weights and codebook; ROUND may be a snapshot or its folder.",
)
def export(
    round_code: str,
    output: Path | None,
    language: str,
    responses: bool,
    comments: bool,
    file_format: str | None,
) -> None:
    """Write the Excel summary of a round's newest results, or its responses."""
    if file_format is not None:
        if responses or comments:
            raise click.UsageError(
                say("--format không đi cùng --responses", "--format goes without --responses")
            )
        _export_frozen(round_code, file_format, language, output)
        return
    name = "phieu" if responses else "tong-hop"
    opened = store()
    # Only the code of a round that is there is sure to be one plain name of a file.
    judged_units(store=opened, code=round_code)
    target = output or settings().exports / f"{name}-{round_code}.xlsx"
    if output is None:
        target.parent.mkdir(parents=True, exist_ok=True)
    else:
        _refuse_no_folder(target)
    if responses:
        written = export_responses(
            store=opened, clock=CLOCK, code=round_code, target=target, actor=actor(), comments=comments
        )
        click.echo(f"{target}  {written.rows} × {written.columns}  SHA-256 {written.content_sha256}")
        return
    export_recorded(
        store=opened, clock=CLOCK, code=round_code, target=target, language=language, actor=actor()
    )
    click.echo(str(target))


def _export_frozen(source: str, file_format: str, language: str, output: Path | None) -> None:
    if output is not None:
        _refuse_no_folder(output)
    written = export_microdata(
        settings=settings(),
        clock=CLOCK,
        source=source,
        file_format=file_format,
        actor=actor(),
        language=language,
        target=output,
    )
    click.echo(
        say(
            f"{written.rows} phiếu × {written.columns} biến",
            f"{written.rows} responses × {written.columns} variables",
        )
    )
    for path, sha256 in written.files:
        click.echo(f"{path}  SHA-256 {sha256}")


def _refuse_no_folder(target: Path) -> None:
    if not target.parent.is_dir():
        raise click.FileError(str(target), say("không có thư mục này", "there is no such folder"))


def _print_indices(computed: Indices, unit_id: str, *, items: bool) -> None:
    language = say.language()
    if computed.simulated:
        click.secho(say("DỮ LIỆU MÔ PHỎNG", "SIMULATED DATA"), bold=True)
    name = load_units().get(unit_id).full_name if unit_id else say("toàn bộ", "the whole")
    click.echo(f"{computed.snapshot} · {computed.formula.title.in_(language)} · {name}")
    rows = []
    for node, depth in tree_order(computed.formula.root):
        rows.append(_row(computed, "  " * depth + node.title.in_(language), "index", node.id, unit_id))
    if items:
        kind = "mean" if computed.formula.measure == "mean" else "share"
        for line in computed.lines:
            if line.kind == kind and line.unit == unit_id:
                title = computed.questionnaire.item(line.statistic).text.in_(language)
                rows.append(_row(computed, f"{line.statistic} {title}"[:70], kind, line.statistic, unit_id))
    head = [
        say("Chỉ số", "Index"),
        "%",
        "se",
        say("khoảng 95 %", "95 % interval"),
        "n",
        "n_eff",
        "deff",
        "df",
    ]
    echo_table(head, rows, numeric=(1, 2, 3, 4, 5, 6, 7))


def _print_units(computed: Indices) -> None:
    root, tree = computed.formula.root.id, load_units()
    click.echo()
    rows = [
        _row(computed, tree.get(unit).full_name, "index", root, unit)
        for unit in computed.by_unit("index", root)
    ]
    echo_table([say("Đơn vị", "Unit"), *_head()[1:]], rows, numeric=(1, 2, 3, 4, 5, 6, 7))


def _head() -> list[str]:
    interval = say("khoảng 95 %", "95 % interval")
    return [say("Chỉ số", "Index"), "%", "se", interval, "n", "n_eff", "deff", "df"]


def _row(computed: Indices, title: str, kind: str, statistic: str, unit_id: str) -> list[str]:
    language = say.language()
    one = computed.as_percent(computed.line(kind, statistic, unit_id))  # type: ignore[arg-type]  # kinds are words
    return [
        title,
        number_text(one.value, 2, language),
        number_text(one.se, 3, language),
        interval_text(one.ci_low, one.ci_high, 2, language),
        str(one.n),
        number_text(one.n_eff, 1, language),
        number_text(one.deff, 2, language),
        str(one.df),
    ]
