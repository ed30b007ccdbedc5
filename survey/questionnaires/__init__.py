"""What is asked: questionnaires as data, checked, routed, and their answers read.

The room knows documents and answers. It does not know the web, the database, samples or scores.
"""

from survey.questionnaires.answer_problems import ANSWER_CATALOGUE, AnswerProblem
from survey.questionnaires.answers import (
    Answer,
    Answers,
    answers_sha256,
    canonical,
    on_path,
    visible_items,
)
from survey.questionnaires.checking import check
from survey.questionnaires.errors import (
    CannotCombine,
    CorruptQuestionnaire,
    InvalidAnswers,
    UnknownPart,
    UnknownQuestionnaire,
)
from survey.questionnaires.formulas import (
    Formula,
    FormulaNode,
    Term,
    combine_values,
    flatten,
    leaf_items,
)
from survey.questionnaires.loading import load, load_file, load_shipped, shipped
from survey.questionnaires.problems import CATALOGUE, Problem
from survey.questionnaires.questionnaire import (
    Item,
    Option,
    Questionnaire,
    Scale,
    Section,
    Source,
    Status,
)
from survey.questionnaires.reading import read_answers, read_section
from survey.questionnaires.routing import AllOf, Answered, AnyOf, Not, OneOf, Rule
from survey.questionnaires.texts import Text

__all__ = [
    "ANSWER_CATALOGUE",
    "CATALOGUE",
    "AllOf",
    "Answer",
    "AnswerProblem",
    "Answered",
    "Answers",
    "AnyOf",
    "CannotCombine",
    "CorruptQuestionnaire",
    "Formula",
    "FormulaNode",
    "InvalidAnswers",
    "Item",
    "Not",
    "OneOf",
    "Option",
    "Problem",
    "Questionnaire",
    "Rule",
    "Scale",
    "Section",
    "Source",
    "Status",
    "Term",
    "Text",
    "UnknownPart",
    "UnknownQuestionnaire",
    "answers_sha256",
    "canonical",
    "check",
    "combine_values",
    "flatten",
    "leaf_items",
    "load",
    "load_file",
    "load_shipped",
    "on_path",
    "read_answers",
    "read_section",
    "shipped",
    "visible_items",
]
