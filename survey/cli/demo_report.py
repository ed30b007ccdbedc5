"""What the demonstration prints: a bar while it works, a short table, the addresses to open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from survey.cli.words import echo_table, say
from survey.reports import interval_text, number_text, percent_text
from survey.services.demo import DemoResult
from survey.services.indices import Indices
from survey.services.places import kiosk_key
from survey.services.settings import Settings
from survey.units import load_units

_WIDTH = 28
_STEPS = {
    "database": ("Cơ sở dữ liệu, đơn vị, bộ câu hỏi", "Database, units, questionnaires"),
    "indices": ("Chốt số liệu và tính chỉ số", "Snapshots and indices"),
    "excel": ("Bảng tổng hợp Excel", "Excel summaries"),
}


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that draws how far each step is; on a file it prints each step once."""
    terminal = sys.stdout.isatty()

    def show(step: str, done: int, total: int) -> None:
        label = say(*_STEPS[step]) if step in _STEPS else step
        if terminal:
            filled = _WIDTH * done // max(total, 1)
            bar = "█" * filled + "·" * (_WIDTH - filled)
            click.echo(f"\r{bar} {label} {done}/{total}\033[K", nl=done >= total)
        elif done >= total:
            click.echo(f"{'█' * _WIDTH} {label} {done}/{total}")

    yield show


def print_demo(result: DemoResult, settings: Settings, port: int, *, serving: bool) -> None:
    """Print the results, the score and where to look."""
    click.echo()
    click.secho(
        say(
            "DỮ LIỆU MÔ PHỎNG – không phải kết quả thật",
            "SIMULATED DATA – not real results",
        ),
        bold=True,
    )
    echo_table(
        [
            say("Đợt", "Round"),
            "n",
            say("Chỉ số %", "Index %"),
            say("Khoảng 95 %", "95 % interval"),
            "SHA-256",
        ],
        [_line(code, indices) for code, indices in result.indices.items()],
        numeric=(1, 2),
    )
    _print_score(result)
    _print_places(result, settings, port, serving=serving)


def _line(code: str, indices: Indices) -> list[str]:
    share = indices.as_percent(indices.overall)
    language = say.language()
    return [
        code,
        number_text(indices.rows, 0, language),
        number_text(share.value, 2, language),
        interval_text(share.ci_low, share.ci_high, 2, language),
        indices.result_sha256[:12],
    ]


def _print_score(result: DemoResult) -> None:
    made, language = result.score.score, say.language()
    unit = load_units().get(result.score.unit_id).full_name
    interval = interval_text(*made.percent_ci, 2, language) if made.percent_ci else "–"
    band = made.band.id if made.band else "–"
    click.echo()
    click.echo(
        say(
            f"{unit} {result.score.year}: {percent_text(made.percent, 2, language)} "
            f"(khoảng 95 %: {interval}), nhóm {band}; bộ tiêu chí {made.criteria_set}",
            f"{unit} {result.score.year}: {percent_text(made.percent, 2, language)} "
            f"(95 % interval {interval}), band {band}; criteria set {made.criteria_set}",
        )
    )
    for path in result.workbooks:
        click.echo(f"  Excel: {path}")


def _print_places(result: DemoResult, settings: Settings, port: int, *, serving: bool) -> None:
    base = f"http://127.0.0.1:{port}"
    code, unit = result.kiosk
    key = kiosk_key(settings.secret_key or "", code, unit)
    rows = [
        [say("Trang đầu", "First page"), f"{base}/"],
        [say("Điện thoại", "Phone"), f"{base}/r/{next(iter(result.indices))}/"],
        [say("Máy tại quầy (ghi danh)", "Kiosk (enrol it)"), f"{base}/device/#{result.enrolment.code}"],
        [say("Màn hình tại quầy (thử)", "Counter's screen (trial)"), f"{base}/kiosk/{code}/{unit}/{key}/"],
        *[
            [f"{say('Đường dẫn riêng', 'Personal link')} {one.round_code}", f"{base}/p/link/{one.link.token}"]
            for one in result.links
        ],
        [say("Cán bộ, phân tích", "Officials, analysts"), f"{base}/office/"],
    ]
    click.echo()
    echo_table([say("Mở", "Open"), say("Địa chỉ", "Address")], rows)
    click.echo(
        say(
            "Chưa có tài khoản nào: tạo bằng  .venv/bin/survey user add TEN --role analyst",
            "There is no account yet: make one with  .venv/bin/survey user add NAME --role analyst",
        )
    )
    if not serving:
        click.echo(
            say(
                "Chưa phục vụ trang: chạy  .venv/bin/survey serve",
                "Not serving: run  .venv/bin/survey serve",
            )
        )
