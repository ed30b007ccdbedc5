"""Changes between two rounds as a table for a screen.

Not what is computed (services), nor the tables about one round (analysis_tables.py, analysis_answers.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import click

from survey.cli.analysis_output import Words, item_titles
from survey.cli.words import echo_table
from survey.questionnaires import Questionnaire
from survey.reports import date_text
from survey.services.method_words import said_method
from survey.services.round_changes import FAMILIES, ChangeLine, RoundChanges, Side
from survey.services.unit_names import unit_name

_DIFFERENCES = {
    "population": ("đối tượng khảo sát", "the population"),
    "counted_grades": ("mức bằng chứng được tính", "the evidence grades counted"),
    "questionnaire": ("bộ câu hỏi", "the questionnaire"),
}


def print_changes(result: RoundChanges, questionnaire: Questionnaire, words: Words) -> None:
    """Print what changed, then everything that limits what it says."""
    if result.earlier.simulated or result.later.simulated:
        click.secho(words("DỮ LIỆU MÔ PHỎNG", "SIMULATED DATA"), bold=True)
    title = result.formula.title.in_(words.language)
    click.echo(f"{_side(result.earlier)} → {_side(result.later)} · {title}")
    _print_lines(result, questionnaire, words)
    for line in _notes(result, words):
        click.echo(line)


def _side(side: Side) -> str:
    return f"{side.snapshot} ({date_text(side.day)}, n = {side.rows})"


def _print_lines(result: RoundChanges, questionnaire: Questionnaire, words: Words) -> None:
    head = [
        words("đơn vị", "unit"),
        words("chỉ số, tiêu chí", "index, item"),
        words("trước %", "before %"),
        words("sau %", "after %"),
        words("thay đổi (điểm %)", "change (points)"),
        words("khoảng 95 %", "95 % interval"),
        "n",
        "p",
        "q",
        words("kết luận", "verdict"),
    ]
    titles = _titles(result, questionnaire, words)
    rows = [
        [
            unit_name(line.unit) if line.unit else words("Toàn bộ", "The whole"),
            titles[line.kind, line.name],
            words.percent(line.earlier.value),
            words.percent(line.later.value),
            words.signed(line.change.value),
            words.interval(line.change.ci_low, line.change.ci_high),
            str(line.change.n),
            words.number(line.p, 4),
            words.number(line.q, 4),
            _verdict(line, words),
        ]
        for line in result.lines
    ]
    echo_table(head, rows, numeric=(2, 3, 4, 5, 6, 7, 8))


def _titles(result: RoundChanges, questionnaire: Questionnaire, words: Words) -> dict[tuple[str, str], str]:
    """Give each index and item its title; an item whose words differ says so."""
    titles = {("index", node.id): node.title.in_(words.language) for node in result.formula.nodes()}
    for item, title in item_titles(questionnaire, result.parts.items, words.language).items():
        reworded = words(" (lời hỏi khác)", " (other words)") if item in result.parts.reworded else ""
        titles["item", item] = title + reworded
    return titles


def _verdict(line: ChangeLine, words: Words) -> str:
    if line.q is None:
        return words("không kiểm định được", "no test")
    if not line.significant:
        return words("chưa đủ bằng chứng", "not enough evidence")
    return words("tăng", "up") if (line.change.value or 0.0) > 0 else words("giảm", "down")


def _notes(result: RoundChanges, words: Words) -> list[str]:
    family, said = result.family, FAMILIES[result.family.name]
    told = [
        words(
            f"Một nhóm kiểm định: {said}; {family.tests} kiểm định; {said_method(family.method)}, mức 5%.",
            f"One family of tests: {family.name}; {family.tests} tests; {family.method}, at 5%.",
        ),
        words(
            f"Cụm có ở cả hai đợt: {result.shared_psus}"
            + (" (coi hai mẫu là độc lập)." if result.independent else "."),
            f"Clusters in both rounds: {result.shared_psus}"
            + (" (samples taken as independent)." if result.independent else "."),
        ),
    ]
    for new, old in result.links.parts.items():
        was = ", ".join(unit_name(one) for one in old)
        told.append(words(f"{unit_name(new)} trước đây là: {was}.", f"{unit_name(new)} was before: {was}."))
    for label, names in (
        (words("Đã chia tách hoặc không rõ kế thừa", "Split, or succession unknown"), result.links.split),
        (words("Đợt trước chỉ có một phần", "Only a part was in the earlier round"), result.links.partial),
        (words("Chỉ có ở đợt trước", "Only in the earlier round"), result.only_earlier),
        (words("Chỉ có ở đợt sau", "Only in the later round"), result.only_later),
    ):
        if names:
            told.append(f"{label}: {_listed(unit_name(one) for one in names)}.")
    if result.parts.left_out:
        label = words("Không so sánh vì khác nhau giữa hai đợt", "Not compared, as they differ")
        told.append(f"{label}: {_listed(result.parts.left_out)}.")
    if result.differences:
        named = ", ".join(words(*_DIFFERENCES[one]) for one in result.differences)
        told.append(words(f"Hai đợt còn khác nhau ở: {named}.", f"The rounds also differ in: {named}."))
    return told


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:10]) + (f" (+{len(every) - 10})" if len(every) > 10 else "")
