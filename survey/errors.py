"""Every error a person can meet, as one tree with stable codes.

It is the floor under the rooms: it knows no framework and no room. Each room adds its own
leaves in its `errors.py`. A leaf says it twice: to the person (`text`, in their language)
and to the log (`detail`). `web` and `cli` turn the tree into pages, statuses and exit codes
in one place each.

    SurveyError
    ├── BadInput        400  the request itself is malformed
    ├── Refused         403  the person may not do this
    ├── NotFound        404  there is nothing of that name
    ├── Conflict        409  it contradicts what is kept
    ├── Gone            410  it was there and is closed
    ├── TooLarge        413  more than is accepted at once
    ├── Invalid         422  well formed, but breaks a rule
    ├── TooMany         429  too often
    └── Unavailable     503  the site cannot do it now
"""

from __future__ import annotations

from typing import ClassVar

LANGUAGES = ("vi", "en")


class SurveyError(Exception):
    """Root of the tree; never raised itself.

    Leaves set `code` (SVY-<status>-<number>, never reused), and `texts`, a sentence in each
    language with named places, filled from the keyword arguments.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "SVY-500-00"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Hệ thống gặp lỗi. Câu trả lời đã gửi trước đó vẫn được giữ.",
        "en": "The system met an error. Answers sent before are kept.",
    }

    def __init__(self, detail: str = "", **places: object) -> None:
        self.detail = detail
        self.places = places
        super().__init__(detail or self.text("en"))

    def text(self, language: str = "vi") -> str:
        """Say it to the person, in their language (Vietnamese when theirs is not kept)."""
        return self.texts.get(language, self.texts["vi"]).format(**self.places)


class BadInput(SurveyError):
    status = 400


class Refused(SurveyError):
    status = 403


class NotFound(SurveyError):
    status = 404


class Conflict(SurveyError):
    status = 409


class Gone(SurveyError):
    status = 410


class TooLarge(SurveyError):
    status = 413


class Invalid(SurveyError):
    status = 422


class TooMany(SurveyError):
    status = 429


class Unavailable(SurveyError):
    status = 503
