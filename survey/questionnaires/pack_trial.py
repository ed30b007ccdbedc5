"""A test pack: no language at all, but Vietnamese in brackets among the letters of the highland languages.

For trying out pages, fonts and recordings before a real translation is there. Its private-use tag keeps it
from being taken for one; no real round shows it.
"""

from __future__ import annotations

from survey.questionnaires.interface_words import INTERFACE_WORDS
from survey.questionnaires.packs import empty_pack
from survey.questionnaires.places import Json
from survey.questionnaires.questionnaire import Questionnaire
from survey.questionnaires.text_places import text_places

TRIAL_LANGUAGE = "qaa"
TRIAL_NAME = "Gói thử ƀê̆ô̆ơ̆ư̆"


def trial_words(vietnamese: str) -> str:
    """Put a Vietnamese text among letters that only the highland languages have."""
    return f"[ƀê̆ {vietnamese} ŏư̆]"


def trial_pack(questionnaire: Questionnaire, language: str = TRIAL_LANGUAGE) -> dict[str, Json]:
    """Make the document of a complete test pack of a questionnaire."""
    places = text_places(questionnaire)
    document = empty_pack(questionnaire, language)
    del document["vietnamese"]
    return document | {
        "name": {"own": TRIAL_NAME, "vi": "Gói thử"},
        "status": "test",
        "audio": "optional",
        "texts": {key: trial_words(place.text.in_("vi")) for key, place in places.items()},
        "interface": {key: trial_words(words) for key, words in INTERFACE_WORDS.items()},
    }
