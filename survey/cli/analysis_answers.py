"""Analysts' results about answers as tables for a screen: the review of quality, reliability and drivers.

Not what is computed (services), nor the tables about units (analysis_tables.py).
"""

from __future__ import annotations

import click

from survey.aggregation import Estimate
from survey.aggregation.quality import describe_word
from survey.cli.analysis_output import Words, heading, item_titles
from survey.cli.words import echo_table
from survey.questionnaires import Questionnaire
from survey.services.method_words import said_method
from survey.services.quality_result import DataQuality, IndexChange, RuleLine
from survey.services.quality_texts import ENUMERATOR_TEXT, missing_text
from survey.services.reliability_drivers import FactorReliability, ReliabilityDrivers
from survey.services.review.flag_texts import flag_text
from survey.services.unit_names import unit_name

#: Units that the table of changes shows; JSON and CSV have them all.
SHOWN = 10


def print_quality(result: DataQuality, words: Words) -> None:
    """Print the rules with what each found, then the index with and without what is flagged."""
    heading(words, result.snapshot, result.formula, simulated=result.simulated)
    head = [
        words("quy tắc", "rule"),
        words("phiếu xét được", "judged"),
        words("phiếu đánh dấu", "flagged"),
        words("chỉ số khi bỏ ra %", "index without %"),
    ]
    rows = [_rule_row(line, words) for line in result.rules]
    if result.enumerators is None:
        missing = missing_text("no_enumerator", words.language)
        rows.append([ENUMERATOR_TEXT[words.language], "–", missing, "–"])
    echo_table(head, rows, numeric=(1, 3))
    flagged = words.number(len(result.flagged), 0)
    click.echo(
        words(
            f"{flagged} phiếu bị đánh dấu trên {result.rows}: để xem xét, không phiếu nào bị loại.",
            f"{flagged} of {result.rows} responses are flagged: for review, none is excluded.",
        )
    )
    _print_suspected(result, words)
    _print_enumerators(result, words)
    if result.whole is None:
        click.echo(missing_text("nothing_left", words.language))
    elif result.whole.flagged:
        _print_changes([result.whole, *(one for one in result.units if one.flagged)][: SHOWN + 1], words)


def _print_suspected(result: DataQuality, words: Words) -> None:
    """Print the index without what the snapshot marks by circumstances or alarms (K11)."""
    if not result.suspected:
        return
    without = words.percent(result.without_suspected.value) if result.without_suspected else "–"
    click.echo(
        words(
            f"{result.suspected} phiếu bị nghi vấn (cờ khi thu hoặc báo động): "
            f"chỉ số {words.percent(result.overall.value)} %, không tính chúng {without} %.",
            f"{result.suspected} responses are suspected (flagged when collected, or under an alarm): "
            f"index {words.percent(result.overall.value)} %, without them {without} %.",
        )
    )


def _rule_row(line: RuleLine, words: Words) -> list[str]:
    text = describe_word(line.word, words.language)
    if line.finding is None:
        return [text, "–", missing_text(line.missing or "no_items", words.language), "–"]
    without = missing_text(line.missing, words.language) if line.missing else "–"
    if line.without is not None:
        without = words.percent(line.without.value)
    return [text, words.number(line.finding.judged, 0), words.number(line.finding.count, 0), without]


def _print_enumerators(result: DataQuality, words: Words) -> None:
    found = result.enumerators
    if found is None:
        return
    far = [str(label) for label, is_far in zip(found.labels, found.far, strict=True) if is_far]
    click.echo(
        f"{ENUMERATOR_TEXT[words.language]}: ICC {words.number(found.icc, 3)} "
        f"({words.number(found.ci_low, 3)} – {words.number(found.ci_high, 3)}), "
        f"F = {words.number(found.f)}, p = {words.number(found.p, 3)}; "
        + words(f"cần xem: {', '.join(far) or 'không ai'}", f"to look at: {', '.join(far) or 'nobody'}")
    )


def _print_changes(changes: list[IndexChange], words: Words) -> None:
    head = [
        words("đơn vị", "unit"),
        "n",
        words("đánh dấu", "flagged"),
        words("mọi phiếu %", "all responses %"),
        words("bỏ phiếu đánh dấu %", "without flagged %"),
        words("chênh lệch (điểm %)", "difference (points)"),
    ]
    rows = [
        [
            unit_name(one.unit) if one.unit else words("Toàn bộ", "The whole"),
            str(one.n),
            str(one.flagged),
            words.percent(one.with_flagged),
            words.percent(one.without_flagged),
            words.signed(one.difference),
        ]
        for one in changes
    ]
    click.echo()
    echo_table(head, rows, numeric=(1, 2, 3, 4, 5))


def print_drivers(result: ReliabilityDrivers, questionnaire: Questionnaire, words: Words) -> None:
    """Print each factor's reliability, then the items by importance against performance."""
    heading(words, result.snapshot, result.formula, simulated=result.simulated)
    head = [words("yếu tố", "factor"), words("số tiêu chí", "items"), "n", "alpha"]
    head += [words("khoảng 95 %", "95 % interval"), "omega", words("khoảng 95 %", "95 % interval")]
    echo_table(
        [*head, words("ghi chú", "notes")],
        [_factor_row(one, words) for one in result.factors],
        numeric=(1, 2, 3, 4, 5, 6),
    )
    click.echo()
    click.echo(_against(result, questionnaire, words))
    _print_drivers(result, questionnaire, words)
    for one in result.left_out:
        click.echo(f"{one.item}: {one.problem.text(words.language)}")


def _factor_row(one: FactorReliability, words: Words) -> list[str]:
    title = one.node.title.in_(words.language)
    if one.found is None:
        problem = one.problem.text(words.language) if one.problem else "–"
        return [title, str(len(one.node.items)), "–", "–", "–", "–", "–", problem]
    omega = one.found.omega.estimate if one.found.omega else None
    flags = (*one.found.alpha.flags, *(omega.flags if omega else ()))
    return [
        title,
        str(len(one.found.items)),
        str(one.found.n),
        *_coefficient(one.found.alpha, words),
        *(_coefficient(omega, words) if omega else ["–", "–"]),
        "; ".join(flag_text(flag, words.language) for flag in dict.fromkeys(flags)) or "–",
    ]


def _coefficient(estimate: Estimate, words: Words) -> list[str]:
    low, high = estimate.ci_low, estimate.ci_high
    interval = "–" if low is None else f"{words.number(low)} – {words.number(high)}"
    return [words.number(estimate.value), interval]


def _against(result: ReliabilityDrivers, questionnaire: Questionnaire, words: Words) -> str:
    """Name what importance is derived from."""
    if result.overall is None:
        return words(
            "Tầm quan trọng: tương quan của tiêu chí với điểm bình quân các tiêu chí còn lại của cùng người "
            "(bộ câu hỏi không có câu hài lòng chung; --overall để chỉ định).",
            "Importance: correlation of the item with the same person's mean over the other items (the "
            "questionnaire has no item on satisfaction overall; name one by --overall).",
        )
    title = questionnaire.item(result.overall).text.in_(words.language)
    share = words.percent(result.r_squared.value if result.r_squared else None, 0)
    return words(
        f"Tầm quan trọng: trọng số tương đối đối với {result.overall} ({title}); R² = {share}%.",
        f"Importance: relative weight for {result.overall} ({title}); R² = {share}%.",
    )


def _print_drivers(result: ReliabilityDrivers, questionnaire: Questionnaire, words: Words) -> None:
    head = [
        words("tiêu chí", "item"),
        words("quan trọng", "importance"),
        words("khoảng 95 %", "95 % interval"),
        words("kết quả %", "performance %"),
        words("khoảng 95 %", "95 % interval"),
        "n",
        words("góc phần tư", "quadrant"),
        words("chắc chắn", "sure"),
    ]
    titles = item_titles(questionnaire, [one.item for one in result.drivers], words.language)
    rows = []
    for one in sorted(result.drivers, key=lambda driver: -(driver.importance.value or 0.0)):
        performance = words.of(one.performance)
        rows.append(
            [
                titles[one.item],
                *_coefficient(one.importance, words),
                performance[0],
                performance[2],
                performance[3],
                one.text(words.language),
                words("chưa chắc", "not sure") if one.uncertain else words("chắc", "sure"),
            ]
        )
    echo_table(head, rows, numeric=(1, 2, 3, 4, 5))
    click.echo(
        words(
            f"Đường chia: quan trọng {words.number(result.importance_line)}, kết quả "
            f"{words.percent(result.performance_line)}% (bình quân các tiêu chí). "
            "“Chưa chắc”: khoảng tin cậy chạm đường chia.",
            f"Lines: importance {words.number(result.importance_line)}, performance "
            f"{words.percent(result.performance_line)}% (means of the items). "
            "“Not sure”: an interval reaches its line.",
        )
    )
    if result.drivers:
        click.echo(said_method(result.drivers[0].importance.method, words.language))
