"""Loading: from the bytes of a sound file to the frozen questionnaire.

A file with any problem is refused whole, with every problem. The shipped documents lie in
`documents/`, one file an id.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from survey.questionnaires.building import build
from survey.questionnaires.checking import examine
from survey.questionnaires.errors import CorruptQuestionnaire, UnknownQuestionnaire
from survey.questionnaires.questionnaire import Questionnaire

DOCUMENTS = Path(__file__).with_name("documents")


@lru_cache(maxsize=64)
def load(raw: bytes) -> Questionnaire:
    """Make the questionnaire of a file's bytes; the same bytes give the same object.

    Raises:
        CorruptQuestionnaire: the file has problems; all of them are in `problems`.
    """
    document, problems = examine(raw)
    if problems:
        raise CorruptQuestionnaire(problems)
    return build(document, raw=raw, sha256=hashlib.sha256(raw).hexdigest())


def load_file(path: str | Path) -> Questionnaire:
    """Load a file.

    Raises:
        UnknownQuestionnaire: there is no such file, or it cannot be read.
        CorruptQuestionnaire: the file has problems.
    """
    try:
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise UnknownQuestionnaire(f"{path}: {error}", name=Path(path).name) from error
    return load(raw)


@cache
def shipped() -> tuple[str, ...]:
    """List the ids of the questionnaires that come with the system."""
    return tuple(sorted(file.stem for file in DOCUMENTS.glob("*.json")))


@cache
def load_shipped(id: str) -> Questionnaire:
    """Load a shipped questionnaire by id, from memory after the first time.

    Raises:
        UnknownQuestionnaire: none of that id is shipped.
    """
    if id not in shipped():
        raise UnknownQuestionnaire(name=id)
    return load_file(DOCUMENTS / f"{id}.json")
