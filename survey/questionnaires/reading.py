"""Reading raw input as answers: the server-side validation of a page or a whole response.

Every problem is reported at once, beside its item. Nothing is kept from input that has one;
keeping a person's draft while they correct it is the caller's work.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey.questionnaires.answer_problems import AnswerProblem, answer_problem
from survey.questionnaires.answers import Answer, Answers
from survey.questionnaires.errors import InvalidAnswers
from survey.questionnaires.questionnaire import Item, Questionnaire, Section
from survey.questionnaires.reading_values import Refused, read_value
from survey.questionnaires.routing import Rule

LONGEST_NAME = 64


def read_answers(questionnaire: Questionnaire, raw: Mapping[str, object]) -> Answers:
    """Read a whole submission: item id to option id, list of option ids, or text.

    Raises:
        InvalidAnswers: with every problem found, in the order of the questionnaire.
    """
    reading = _Reading(raw)
    for section in questionnaire.sections:
        reading.read(section)
    reading.refuse_unknown(questionnaire)
    return reading.answers()


def read_section(
    questionnaire: Questionnaire, section_id: str, raw: Mapping[str, object], earlier: Mapping[str, object]
) -> Answers:
    """Read one page, routed by the answers given earlier; only the page's answers return.

    `earlier` may hold answers of any section; those that come before this one and are on the
    path decide what this page asks.

    Raises:
        InvalidAnswers: with every problem of the page.
        UnknownPart: there is no such section.
    """
    page = questionnaire.section(section_id)
    before = _Reading(earlier)
    for section in questionnaire.sections:
        if section is page:
            break
        before.read(section)
    reading = _Reading(raw, before.kept)
    reading.read(page)
    reading.refuse_unknown(page.items)
    page_items = {item.id for item in page.items}
    return Answers({id: value for id, value in reading.answers().items() if id in page_items})


class _Reading:
    """Read one input section by section, gathering what is kept and what is wrong with it."""

    def __init__(self, raw: Mapping[str, object], before: Mapping[str, Answer] | None = None) -> None:
        self.kept: dict[str, Answer] = dict(before or {})
        self._raw = raw
        self._problems: list[AnswerProblem] = []
        self._unsure: set[str] = set()

    def answers(self) -> Answers:
        if self._problems:
            raise InvalidAnswers(self._problems)
        return Answers(self.kept)

    def read(self, section: Section) -> None:
        around = self._shows(section.show_if)
        for item in section.items:
            own = around if around is False else self._shows(item.show_if)
            self._item(item, None if around is None and own else own)

    def refuse_unknown(self, known: Questionnaire | tuple[Item, ...]) -> None:
        """Report input for items that are not asked here at all."""
        items = known.items if isinstance(known, Questionnaire) else known
        ids = {item.id for item in items}
        for name in self._raw:
            if name not in ids:
                self._problems.append(answer_problem(_shown(name), "unknown-item"))

    def _shows(self, rule: Rule | None) -> bool | None:
        """Tell whether a rule shows its item; None when it rests on an answer that has a problem."""
        if rule is None:
            return True
        if self._unsure and not self._unsure.isdisjoint(rule.items()):
            return None
        return rule.holds(self.kept)

    def _item(self, item: Item, shown: bool | None) -> None:
        try:
            value = read_value(item, self._raw[item.id]) if item.id in self._raw else None
        except Refused as refused:
            self._report(item, refused.code, **refused.places)
            return
        if shown is None:
            self._unsure.add(item.id)
        elif value is None:
            if item.required and shown:
                self._report(item, "required")
        elif shown:
            self.kept[item.id] = value
        else:
            self._report(item, "skipped-branch")

    def _report(self, item: Item, code: str, **places: object) -> None:
        self._unsure.add(item.id)
        self._problems.append(answer_problem(item.id, code, **places))


def _shown(name: object) -> str:
    """Make the name of an unknown field safe to print and to log, whatever was sent."""
    plain = isinstance(name, str) and name.isascii() and name.isprintable()
    return (str(name) if plain else ascii(name))[:LONGEST_NAME]
