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
    CorruptLanguagePack,
    CorruptQuestionnaire,
    InvalidAnswers,
    UnknownLanguagePack,
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
from survey.questionnaires.interface_words import INTERFACE_WORDS
from survey.questionnaires.language_tags import KnownLanguage, is_private, is_tag, known_languages
from survey.questionnaires.letters import count_letters
from survey.questionnaires.loading import load, load_file, load_shipped, shipped
from survey.questionnaires.pack_problems import PACK_CATALOGUE
from survey.questionnaires.pack_trial import TRIAL_LANGUAGE, TRIAL_NAME, trial_pack, trial_words
from survey.questionnaires.packs import (
    LanguagePack,
    check_pack,
    empty_pack,
    kept_pack,
    load_pack,
    load_pack_file,
    missing_texts,
    with_pack,
    with_packs,
)
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
from survey.questionnaires.text_places import TextPlace, text_places, words_sha256
from survey.questionnaires.texts import Text

__all__ = [
    "TRIAL_LANGUAGE",
    "TRIAL_NAME",
    "trial_pack",
    "trial_words",
    "ANSWER_CATALOGUE",
    "CATALOGUE",
    "INTERFACE_WORDS",
    "PACK_CATALOGUE",
    "AllOf",
    "Answer",
    "AnswerProblem",
    "Answered",
    "Answers",
    "AnyOf",
    "CannotCombine",
    "CorruptLanguagePack",
    "CorruptQuestionnaire",
    "Formula",
    "FormulaNode",
    "InvalidAnswers",
    "Item",
    "KnownLanguage",
    "LanguagePack",
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
    "TextPlace",
    "UnknownLanguagePack",
    "UnknownPart",
    "UnknownQuestionnaire",
    "answers_sha256",
    "canonical",
    "check",
    "check_pack",
    "combine_values",
    "count_letters",
    "empty_pack",
    "flatten",
    "is_private",
    "is_tag",
    "kept_pack",
    "known_languages",
    "leaf_items",
    "load",
    "load_file",
    "load_pack",
    "load_pack_file",
    "load_shipped",
    "missing_texts",
    "on_path",
    "read_answers",
    "read_section",
    "shipped",
    "text_places",
    "visible_items",
    "with_pack",
    "with_packs",
    "words_sha256",
]
