"""Paper by command: number and print forms by a plan, a specimen, a count; draw and show re-checks."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.context import CLOCK, actor, settings, store
from survey.cli.words import echo_table, say
from survey.questionnaires import load_file, load_shipped
from survey.reports.figures import DASH, interval_text, percent_text
from survey.services.paper.desk import batch_sizes, paper_round
from survey.services.paper.ledger import print_forms, unit_counts
from survey.services.paper.plan import read_plan
from survey.services.paper.printing import COPIES_A_FILE, parts_of, printing_pdf, questionnaire_pdf
from survey.services.review import rechecks
from survey.services.review.recheck_results import CollectorLine, recheck_table
from survey.storage.store import Store

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("paper")
def paper_group() -> None:
    """Print paper forms and count them."""


@paper_group.command("print")
@click.argument("code")
@click.option("--plan", type=_FILE, required=True, help="xlsx or CSV: Đơn vị, Tầng, Cụm, Trọng số, Số phiếu.")
@click.option("--folder", type=_FOLDER, required=True, help="Where the PDFs go.")
def print_plan(code: str, plan: Path, folder: Path) -> None:
    """Number the forms of a plan and write their PDFs, thirty forms a file."""
    open_store = store()
    lines = read_plan(store=open_store, code=code, raw=plan.read_bytes(), name=plan.name)
    batch, numbers = print_forms(store=open_store, clock=CLOCK, actor=actor(), code=code, lines=lines)
    _write_batch(open_store, code, batch, len(numbers), folder)


@paper_group.command("reprint")
@click.argument("code")
@click.argument("batch", type=int)
@click.option("--folder", type=_FOLDER, required=True, help="Where the PDFs go.")
def reprint(code: str, batch: int, folder: Path) -> None:
    """Write the PDFs of an earlier printing again; no number is new."""
    open_store = store()
    forms = batch_sizes(store=open_store, code=code).get(batch, 0)
    _write_batch(open_store, code, batch, forms, folder)


@paper_group.command("specimen")
@click.argument("questionnaire")
@click.argument("file", type=_FILE)
def specimen(questionnaire: str, file: Path) -> None:
    """Write the paper form of a questionnaire (its id, or a file) without a number."""
    asked = load_file(Path(questionnaire)) if Path(questionnaire).is_file() else load_shipped(questionnaire)
    file.write_bytes(questionnaire_pdf(asked))
    click.echo(say(f"Đã ghi {file}.", f"{file} written."))


@paper_group.command("show")
@click.argument("code")
def show_counts(code: str) -> None:
    """Count printed, handed out, returned, valid, rejected and lost forms by unit."""
    open_store = store()
    counts = unit_counts(store=open_store, round_id=paper_round(store=open_store, code=code).id)
    rows = [
        [one.unit, *map(str, (one.printed, one.issued, one.returned, one.valid, one.rejected, one.lost))]
        for one in counts
    ]
    head = [say("đơn vị", "unit"), say("đã in", "printed"), say("phát ra", "issued")]
    head += [say("thu về", "returned"), say("hợp lệ", "valid"), say("bị loại", "rejected")]
    echo_table([*head, say("thất lạc", "lost")], rows, numeric=range(1, 7))


@click.group("recheck")
def recheck_group() -> None:
    """Draw and show re-checks (phúc tra)."""


@recheck_group.command("draw")
@click.argument("code")
@click.option("--percent", type=int, default=10, show_default=True, help="Of each collector's responses.")
@click.option("--seed", help="Only to repeat a draw made elsewhere.")
def draw_sample(code: str, percent: int, seed: str | None) -> None:
    """Draw responses of tablet and paper to ask again, at least one of each who collected."""
    sample = rechecks.draw(store=store(), clock=CLOCK, actor=actor(), code=code, percent=percent, seed=seed)
    click.echo(say(f"Đã chọn mẫu phúc tra {sample}.", f"Re-check sample {sample} is drawn."))


@recheck_group.command("show")
@click.argument("code")
@click.option("--sample", type=int, help="Number of the sample; the newest if left out.")
def show_sample(code: str, sample: int | None) -> None:
    """Show a round's samples with their seeds, and what one of them found."""
    open_store = store()
    round_ = paper_round(store=open_store, code=code)
    listed = rechecks.samples(store=open_store, round_id=round_.id)
    if not listed:
        click.echo(say("Chưa có mẫu phúc tra nào.", "No re-check sample yet."))
        return
    for one in listed:
        holds = say("ra đúng mẫu", "same sample") if one.holds else say("KHÁC MẪU", "NOT THE SAMPLE")
        click.echo(f"{one.id}: {one.drawn_on} · {one.size}/{one.frame_size} · seed {one.seed} · {holds}")
    table = recheck_table(store=open_store, round_=round_, sample_id=sample or listed[0].id)
    head = [say("người hỏi", "collector"), say("chọn", "drawn"), say("hỏi được", "reached")]
    head += [say("không gặp", "not reached"), say("từ chối", "refused"), say("câu khớp", "agree")]
    lines = [*table.lines, table.total]
    echo_table([*head, say("khoảng", "interval")], [_line(one) for one in lines], numeric=range(1, 6))


def _line(one: CollectorLine) -> list[str]:
    found, language = one.agreement, say.language()
    share = None if found.share is None else 100 * found.share
    low, high = (None if end is None else 100 * end for end in (found.low, found.high))
    return [
        one.collected_by or say("cộng", "all"),
        *map(str, (one.drawn, one.reached, one.not_reached, one.refused)),
        percent_text(share, 1, language) if share is not None else DASH,
        interval_text(low, high, 1, language),
    ]


def _write_batch(open_store: Store, code: str, batch: int, forms: int, folder: Path) -> None:
    round_, phone = paper_round(store=open_store, code=code), settings().help_phone
    folder.mkdir(parents=True, exist_ok=True)
    for part in range(1, parts_of(forms) + 1):
        made = printing_pdf(store=open_store, round_=round_, batch=batch, part=part, help_phone=phone)
        file = folder / f"phieu-{code}-{batch}-{part}.pdf"
        file.write_bytes(made)
        held = min(COPIES_A_FILE, forms - (part - 1) * COPIES_A_FILE)
        click.echo(say(f"{file}: {held} phiếu", f"{file}: {held} forms"))
