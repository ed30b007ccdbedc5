"""Analysts' results about units as tables for a screen: ranks, small areas, changes between rounds.

Not what is computed (services), nor the tables about answers (analysis_answers.py).
"""

from __future__ import annotations

import click

from survey.cli.analysis_output import Words, heading
from survey.cli.words import echo_table
from survey.services.method_words import said_method
from survey.services.rank_result import RankedBlock, UnitRank, UnitRanks
from survey.services.review.flag_texts import flag_text
from survey.services.small_areas import SmallArea, UnitSmallAreas
from survey.services.unit_names import said_kind, unit_name


def print_ranks(result: UnitRanks, words: Words) -> None:
    """Print each block's units by rank, then the units that have none."""
    heading(words, result.snapshot, result.formula, simulated=result.simulated)
    for block in result.blocks:
        click.echo()
        _print_block(block, words)
    draws = words.number(result.draws, 0)
    click.echo()
    click.echo(
        words(
            f"Xác suất thứ hạng: {draws} lần mô phỏng, số khởi tạo {result.seed}.",
            f"Chances of ranks: {draws} draws, seed {result.seed}.",
        )
    )


def _print_block(block: RankedBlock, words: Words) -> None:
    count = len(block.ranked)
    name = said_kind(block.block, words.language) or words("Mọi đơn vị", "All units")
    click.secho(
        words(f"{name}: xếp hạng {count} đơn vị", f"{name}: {count} units ranked"),
        bold=True,
    )
    if block.ranked:
        _print_ranked(block, words)
        for line in _notes(block, words):
            click.echo(line)
    if block.apart:
        click.echo(words("Không xếp hạng:", "Not ranked:"))
        head = [words("đơn vị", "unit"), "%", "se", words("khoảng 95 %", "95 % interval"), "n"]
        echo_table(
            [*head, words("vì sao", "why")],
            [
                [
                    unit_name(one.unit),
                    *words.of(one.index),
                    ", ".join(flag_text(word, words.language) for word in one.why),
                ]
                for one in block.apart
            ],
            numeric=(1, 2, 3, 4),
        )


def _notes(block: RankedBlock, words: Words) -> list[str]:
    """Say how the ranks were found, and what limits them."""
    count, df = len(block.ranked), words.number(block.typical_df, 0)
    if count == 1:
        return [words("Chỉ có một đơn vị, không có gì để so sánh.", "One unit only: nothing to compare.")]
    told = [
        said_method(block.method, words.language),
        words(
            f"{block.told_apart} trên {count} đơn vị có khoảng hạng hẹp hơn cả danh sách.",
            f"{block.told_apart} of {count} units have a rank interval narrower than the list.",
        ),
    ]
    if block.drawn < count:
        told.append(
            words(
                f"Xác suất tính giữa {block.drawn} đơn vị có sai số chuẩn.",
                f"Chances are among the {block.drawn} units with a standard error.",
            )
        )
    if block.few_df:
        told.append(
            words(
                f"Mỗi đơn vị chỉ có khoảng {df} bậc tự do (số cụm trừ số tầng): khoảng hạng vì thế rộng; "
                "các xác suất coi sai số chuẩn là đã biết nên trông chắc chắn hơn thực tế.",
                f"Each unit has about {df} degrees of freedom (clusters less strata): rank intervals are "
                "wide for it; the chances take standard errors for known, so they look surer than they are.",
            )
        )
    return told


def _print_ranked(block: RankedBlock, words: Words) -> None:
    m = block.m
    head = [
        words("hạng", "rank"),
        words("khoảng hạng 95 %", "95 % rank interval"),
        words("đơn vị", "unit"),
        "%",
        "se",
        words("khoảng 95 %", "95 % interval"),
        "n",
        words("hạng bình quân", "mean rank"),
        words("hạng 90 %", "90 % of draws"),
        words("P(hạng 1)", "P(rank 1)"),
        words(f"P({m} đầu)", f"P(first {m})"),
        words(f"P({m} cuối)", f"P(last {m})"),
    ]
    rows = [
        [
            str(one.rank),
            f"{one.low} – {one.high}",
            unit_name(one.unit),
            *words.of(one.index),
            *_chances(one, words),
        ]
        for one in block.ranked
    ]
    echo_table(head, rows, numeric=(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11))


def _chances(one: UnitRank, words: Words) -> list[str]:
    chances = one.chances
    if chances is None:
        return ["–"] * 5
    likely = f"{chances.likely_low} – {chances.likely_high}"
    shares = (words.number(p) for p in (chances.first, chances.top, chances.bottom))
    return [words.number(chances.mean_rank, 1), likely, *shares]


def print_areas(result: UnitSmallAreas, words: Words) -> None:
    """Print direct and model-based estimates side by side, under a name that nobody can overlook."""
    heading(words, result.snapshot, result.formula, simulated=result.simulated)
    click.secho(model_based_text(words).upper(), bold=True)
    head = [
        words("đơn vị", "unit"),
        "n",
        words("trực tiếp %", "direct %"),
        "se",
        words("khoảng 95 %", "95 % interval"),
        words("theo mô hình %", "model-based %"),
        words("căn MSE", "root MSE"),
        words("khoảng 95 %", "95 % interval"),
        words("trọng số trực tiếp", "weight of direct"),
        words("ghi chú", "notes"),
    ]
    rows = [_area_row(one, words) for one in result.areas]
    echo_table(head, rows, numeric=(1, 2, 3, 4, 5, 6, 7, 8))
    overall, factor = words.of(result.overall), words.number(result.benchmark.adjustment, 4)
    click.echo(
        words(
            f"Toàn bộ, ước lượng trực tiếp: {overall[0]}% ({overall[2]}), n = {overall[3]}; "
            f"ước lượng theo mô hình được nhân {factor} để cộng lại bằng đó.",
            f"The whole, direct: {overall[0]}% ({overall[2]}), n = {overall[3]}; model-based estimates are "
            f"multiplied by {factor} to add up to it.",
        )
    )
    for line in model_texts(result, words):
        click.echo(line)


def model_based_text(words: Words) -> str:
    """Name what the estimates are, as every table of them must."""
    return words(
        "Ước lượng theo mô hình (Fay-Herriot), không phải ước lượng trực tiếp",
        "Model-based estimates (Fay-Herriot), not direct estimates",
    )


def model_texts(result: UnitSmallAreas, words: Words) -> list[str]:
    """Say what a person should know of the model before using its estimates."""
    fit = result.fit
    spread = words.percent(fit.sigma2_u**0.5)
    told = [
        words(
            f"Mô hình chỉ có hằng số, {fit.areas} đơn vị; "
            f"độ lệch chuẩn giữa các đơn vị {spread} điểm phần trăm.",
            f"The model has a constant only, {fit.areas} units; "
            f"standard deviation between units {spread} percentage points.",
        ),
        words(
            f"Kiểm tra phân bố chuẩn của phần dư: p = {words.number(fit.residuals.normality_p)}.",
            f"Test that the residuals are normal: p = {words.number(fit.residuals.normality_p)}.",
        ),
        said_method(fit.variance_method, words.language),
    ]
    if fit.is_at_zero:
        told.append(
            words(
                "Mô hình không thấy khác biệt giữa các đơn vị (phương sai giữa chúng bằng 0): đừng dùng.",
                "The model sees no difference between units (their variance is 0): do not use it.",
            )
        )
    return told


def _area_row(one: SmallArea, words: Words) -> list[str]:
    direct = words.of(one.direct)
    notes = [flag_text(word, words.language) for word in dict.fromkeys((*one.direct.flags, *one.model.flags))]
    if one.variance_imputed:
        notes.append(words("phương sai lấy từ đường làm trơn", "variance from the smoothed line"))
    return [
        unit_name(one.unit),
        direct[3],
        *direct[:3],
        words.percent(one.model.value),
        words.percent(one.model.rmse, 3),
        words.interval(one.model.ci_low, one.model.ci_high),
        words.number(one.model.gamma),
        "; ".join(notes) or "–",
    ]
