"""Routing told in words for paper: when to answer, and where to go on. Generated from the rules alone.

What cannot be told as "go on to question …" for certain is told as a condition where it is asked; the
condition is always there, so a reader who overlooks the way is still told right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.questionnaires import AllOf, Answered, AnyOf, Item, Not, OneOf, Questionnaire, Rule


@dataclass(frozen=True, slots=True)
class Way:
    """After one of these options the next question is `number`; None where the form ends."""

    options: tuple[str, ...]
    number: int | None


class RoutingWords:
    """Tells the rules of one questionnaire, its items numbered from 1 in their order."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._order = questionnaire.items
        self._place = {item.id: place for place, item in enumerate(self._order)}
        self._around = {
            item.id: section.show_if for section in questionnaire.sections for item in section.items
        }

    def number(self, item_id: str) -> int:
        """Give the number of an item on the form."""
        return self._place[item_id] + 1

    def condition(self, rule: Rule, what: str) -> str:
        """Say when a part is answered; `what` is "câu" or "phần"."""
        if isinstance(rule, Not):
            return f"Bỏ qua {what} này nếu {self._said(rule.rule)}."
        return f"Chỉ trả lời {what} này nếu {self._said(rule)}."

    def ways(self, item: Item) -> tuple[Way, ...]:
        """List where the options of a single choice lead when questions follow that they leave out."""
        if item.kind != "single" or item.scale is None:
            return ()
        by_target: dict[int | None, list[str]] = {}
        for option in item.scale.options:
            target = self._next_asked(item.id, option.id)
            if (len(self._order) if target is None else target) != self._place[item.id] + 1:
                by_target.setdefault(target, []).append(option.id)
        return tuple(
            Way(tuple(options), None if target is None else target + 1)
            for target, options in by_target.items()
        )

    def way_sentence(self, item: Item, way: Way) -> str:
        """Say one way: after which words, to which question."""
        words = self._quoted(item, way.options)
        where = f"sang câu {way.number}" if way.number else "phiếu kết thúc ở đây"
        return f"Nếu chọn {words}: {where}."

    def _next_asked(self, item_id: str, option: str) -> int | None:
        """Find the next item that this answer does not leave out for certain."""
        for place in range(self._place[item_id] + 1, len(self._order)):
            item = self._order[place]
            rules = (self._around[item.id], item.show_if)
            if all(rule is None or _holds(rule, item_id, option) is not False for rule in rules):
                return place
        return None

    def _said(self, rule: Rule, *, inner: bool = False) -> str:
        match rule:
            case OneOf(item, options):
                asked = self._questionnaire.item(item)
                ordered = (
                    tuple(one.id for one in asked.scale.options if one.id in options) if asked.scale else ()
                )
                said = f"ở câu {self.number(item)} Ông/Bà chọn {self._quoted(asked, ordered)}"
                return f"({said})" if inner and len(ordered) > 1 else said
            case Answered(item):
                return f"Ông/Bà có trả lời câu {self.number(item)}"
            case Not(negated):
                return f"không phải trường hợp ({self._said(negated)})"
            case AllOf(rules):
                return self._joined(rules, " và ", inner)
            case AnyOf(rules):
                return self._joined(rules, " hoặc ", inner)

    def _joined(self, rules: tuple[Rule, ...], word: str, inner: bool) -> str:
        said = word.join(self._said(rule, inner=len(rules) > 1) for rule in rules)
        return f"({said})" if inner and len(rules) > 1 else said

    def _quoted(self, item: Item, options: tuple[str, ...]) -> str:
        assert item.scale is not None, "only choices have options"
        words = [f"“{item.scale.option(option).label.in_('vi')}”" for option in options]
        return " hoặc ".join(words)


def numbered(questionnaire: Questionnaire) -> Mapping[str, int]:
    """Give the number that each item has on the paper form."""
    return {item.id: number for number, item in enumerate(questionnaire.items, start=1)}


def _holds(rule: Rule, item: str, option: str) -> bool | None:
    """Decide a rule when only one answer is known; None when it rests on others too (Kleene's logic)."""
    match rule:
        case OneOf(asked, options):
            return option in options if asked == item else None
        case Answered(asked):
            return True if asked == item else None
        case Not(negated):
            inner = _holds(negated, item, option)
            return None if inner is None else not inner
        case AllOf(rules) | AnyOf(rules):
            told = {_holds(one, item, option) for one in rules}
            decisive = isinstance(rule, AnyOf)
            if decisive in told:
                return decisive
            return None if None in told else not decisive
