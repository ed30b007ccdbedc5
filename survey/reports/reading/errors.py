"""Why a file that came from outside was not read at all.

What is wrong with single cells is no error: it is told with the rest (sheets.py).
"""

from __future__ import annotations

from survey.errors import Invalid, TooLarge, TooMany
from survey.reports.reading.problems import file_reason


class FileTooLarge(TooLarge):
    code = "SVY-413-260"
    texts = {
        "vi": "Tệp quá lớn (tối đa {most} MB). Hãy chia thành nhiều tệp. Chưa có gì được ghi.",
        "en": "The file is too large (at most {most} MB). Split it. Nothing was recorded.",
    }


class UnreadableFile(Invalid):
    """The file was refused; `reason` is a word of `problems.FILE_CATALOGUE`."""

    code = "SVY-422-260"
    texts = {
        "vi": "Không nhận được tệp “{name}”: {reason} Chưa có gì được ghi.",
        "en": "The file “{name}” cannot be taken: {reason} Nothing was recorded.",
    }

    def __init__(self, reason: str, *, name: str, **places: object) -> None:
        self.reason = reason
        self._said = file_reason(reason, **places)
        super().__init__(reason, name=name, reason=self._said.in_("en"))

    def text(self, language: str = "vi") -> str:
        said = {**self.places, "reason": self._said.in_(language)}
        return self.texts.get(language, self.texts["vi"]).format(**said)


class ReaderBusy(TooMany):
    code = "SVY-429-260"
    texts = {
        "vi": "Đang có tệp khác được đọc. Hãy thử lại sau một phút. Chưa có gì được ghi.",
        "en": "Other files are being read. Please try again in a minute. Nothing was recorded.",
    }
