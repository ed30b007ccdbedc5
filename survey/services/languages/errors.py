"""What publishing languages and keeping recordings can refuse."""

from __future__ import annotations

from collections.abc import Sequence

from survey.errors import Conflict, Invalid, NotFound

_SHOWN = 8


def _some(names: Sequence[str]) -> str:
    more = f" … (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


class TestPackOnRealRound(Conflict):
    """A test pack may not be shown to real respondents."""

    __test__ = False  # no test, whatever its name begins with
    code = "SVY-409-280"
    texts = {
        "vi": "Gói thử chỉ dùng cho đợt mô phỏng; {round} là đợt thật. Chưa công bố gì.",
        "en": "A test pack is for simulated rounds only; {round} is a real one. Nothing was published.",
    }


class NoSuchPack(NotFound):
    """The round's questionnaire has no pack of that language."""

    code = "SVY-404-280"
    texts = {
        "vi": "Đợt {round} không có gói ngôn ngữ {language}.",
        "en": "Round {round} has no language pack {language}.",
    }


class NoSuchRecording(NotFound):
    """Nothing was recorded for these words in this language."""

    code = "SVY-404-281"
    texts = {
        "vi": "Không có bản ghi âm này.",
        "en": "There is no such recording.",
    }


class RecordingsMissing(Invalid):
    """A pack that promises sound lacks some; `missing` lists the keys of the texts."""

    code = "SVY-422-280"
    texts = {
        "vi": "Chưa công bố: gói yêu cầu có tiếng nhưng còn {count} đoạn chưa ghi âm: {some}",
        "en": "Not published: the pack requires sound and {count} texts have no recording: {some}",
    }

    def __init__(self, missing: Sequence[str] = ()) -> None:
        self.missing = tuple(missing)
        super().__init__("; ".join(missing), count=len(missing), some=_some(missing))


class BadRecordings(Invalid):
    """Some files of a folder cannot be kept; `problems` lists each with its reason."""

    code = "SVY-422-281"
    texts = {
        "vi": "Chưa nhận bản ghi âm nào: {count} tệp có lỗi. {some}",
        "en": "No recording was kept: {count} files have problems. {some}",
    }

    def __init__(self, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems), count=len(problems), some=_some(problems))
