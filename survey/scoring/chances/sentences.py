"""A plain sentence about two neighbours: whether their difference is more than the error.

Not the probabilities it is made from (pairs.py). The thresholds are stated with every sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.rounding import round_half_up
from survey.scoring.chances.pairs import PairChance

Verdict = Literal["clear", "likely", "within_error", "tied", "exact", "unknown"]


@dataclass(frozen=True, slots=True)
class Clarity:
    """From which probability of standing above a difference is called clear, and likely."""

    clear: float = 0.95
    likely: float = 0.80


@dataclass(frozen=True, slots=True)
class PairSentence:
    """One sentence in both languages, what it says in one word, and what it was made from."""

    verdict: Verdict
    texts: Mapping[str, str]
    chance: PairChance
    clarity: Clarity


#: verdict: (Vietnamese, English).
SENTENCES: dict[Verdict, tuple[str, str]] = {
    "clear": (
        "{first} đứng trên {second}: chênh lệch {gap} điểm phần trăm lớn hơn sai số "
        "(khả năng thực sự cao hơn là {chance}).",
        "{first} stands above {second}: the difference of {gap} percentage points is more than the error "
        "(it is truly higher with a probability of {chance}).",
    ),
    "likely": (
        "{first} có nhiều khả năng đứng trên {second} ({chance}), nhưng chênh lệch {gap} điểm phần trăm "
        "chưa vượt hẳn sai số.",
        "{first} is likely above {second} ({chance}), but the difference of {gap} percentage points does not "
        "clearly exceed the error.",
    ),
    "within_error": (
        "Chênh lệch {gap} điểm phần trăm giữa {first} và {second} nằm trong sai số: "
        "khả năng {first} thực sự cao hơn là {chance}.",
        "The difference of {gap} percentage points between {first} and {second} is within the error: "
        "{first} is truly higher with a probability of {chance}.",
    ),
    "tied": (
        "{first} và {second} cùng đạt {value}%; chênh lệch thực sự, nếu có, nằm trong sai số.",
        "{first} and {second} both have {value} %; any true difference is within the error.",
    ),
    "exact": (
        "{first} và {second} chênh nhau {gap} điểm phần trăm; hai kết quả này không có sai số khảo sát.",
        "{first} and {second} differ by {gap} percentage points; neither result has any survey error.",
    ),
    "unknown": (
        "Chưa biết sai số của {unknown}, nên chưa thể nói chênh lệch {gap} điểm phần trăm giữa "
        "{first} và {second} có nằm trong sai số hay không.",
        "The error of {unknown} is not known, so it cannot be said whether the difference of {gap} "
        "percentage points between {first} and {second} is within the error.",
    ),
}


def pair_sentence(
    chance: PairChance, *, names: Mapping[str, str] | None = None, clarity: Clarity | None = None
) -> PairSentence:
    """Say in one sentence whether two units' difference is more than the error.

    Args:
        names: how units are called, by unit; their ids where left out.
    """
    kept = clarity or Clarity()
    verdict = verdict_of(chance, kept)
    texts = {
        language: SENTENCES[verdict][at].format(**words(chance, names or {}, language))
        for at, language in enumerate(("vi", "en"))
    }
    return PairSentence(verdict, texts, chance, kept)


def verdict_of(chance: PairChance, clarity: Clarity) -> Verdict:
    """Say in one word how two units compare."""
    if chance.without_error:
        return "unknown"
    if chance.is_exact:
        return "exact"
    shown = [round_half_up(value, chance.places) for value in chance.value]
    if shown[0] == shown[1]:
        return "tied"
    if chance.above >= clarity.clear:
        return "clear"
    return "likely" if chance.above >= clarity.likely else "within_error"


def words(chance: PairChance, names: Mapping[str, str], language: str) -> dict[str, str]:
    """Give what a sentence is filled with."""
    joiner = " và " if language == "vi" else " and "
    return {
        "first": names.get(chance.first, chance.first),
        "second": names.get(chance.second, chance.second),
        "gap": decimals(shown_gap(chance), chance.places, language),
        "value": decimals(chance.value[0], chance.places, language),
        "chance": in_percent(chance.above, language),
        "unknown": joiner.join(names.get(unit, unit) for unit in chance.without_error),
    }


def shown_gap(chance: PairChance) -> float:
    """Subtract the values as they are printed, so that the sentence agrees with the table."""
    first, second = (round_half_up(value, chance.places) for value in chance.value)
    return first - second


def decimals(figure: float, places: int, language: str) -> str:
    written = f"{round_half_up(figure, places):.{places}f}"
    return written.replace(".", ",") if language == "vi" else written


def in_percent(probability: float, language: str) -> str:
    """Write a probability in whole percent; never as certain or impossible."""
    if probability != probability:
        return "–"
    space = "" if language == "vi" else " "
    if probability >= 0.995:
        return f"{'trên' if language == 'vi' else 'above'} 99{space}%"
    if probability < 0.005:
        return f"{'dưới' if language == 'vi' else 'below'} 1{space}%"
    return f"{round_half_up(100 * probability, 0):.0f}{space}%"
