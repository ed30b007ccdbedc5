"""What can be wrong with a request for estimates and with the data it names.

Not what the design, the weights or an estimate can have wrong: those errors belong to their own files,
and `located` only adds the place in the request that led to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from survey.errors import Conflict, Invalid, NotFound, SurveyError


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a request: where it is (JSON path), and what, in both languages."""

    path: str
    vi: str
    en: str

    def text(self, language: str) -> str:
        """Say it with its place."""
        return f"{self.path or '$'}: {self.en if language == 'en' else self.vi}"


class RequestRefused(Invalid):
    """A request that departs from its schema, with every departure."""

    code = "SVY-422-150"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Yêu cầu ước lượng không đúng ở {count} chỗ: {problems}",
        "en": "The request for estimates is not right in {count} places: {problems}",
    }

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(problems), problems="; ".join(one.text("en") for one in problems))

    def text(self, language: str = "vi") -> str:
        """Say every problem, one a line where there are several."""
        said = [one.text(language) for one in self.problems]
        shown = said[0] if len(said) == 1 else "".join(f"\n  {one}" for one in said)
        return self.texts.get(language, self.texts["vi"]).format(count=len(said), problems=shown)


class RequestUnreadable(Invalid):
    """A request that is not UTF-8 JSON, or writes a key twice."""

    code = "SVY-422-151"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Không đọc được tệp yêu cầu {name} dưới dạng JSON: {problem}.",
        "en": "The request file {name} cannot be read as JSON: {problem}.",
    }


class NoSuchFile(NotFound):
    """A request or data file that is not there, or may not be read."""

    code = "SVY-404-150"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Không mở được tệp {name}: {problem}.",
        "en": "The file {name} cannot be opened: {problem}.",
    }


class NoSuchColumn(Invalid):
    """A column that the request names and the data do not have."""

    code = "SVY-422-152"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Dữ liệu không có cột “{column}” ({path}). Tên gần giống: {near}.",
        "en": "The data have no column “{column}” ({path}). Near names: {near}.",
    }


class NotNumbers(Invalid):
    """A numeric column that holds text."""

    code = "SVY-422-153"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Cột “{column}” ({path}) có {count} ô không phải là số; ô đầu tiên ở dòng dữ liệu {row}: "
        "{value}.",
        "en": "Column “{column}” ({path}) has {count} cells that are not numbers; the first is in data row "
        "{row}: {value}.",
    }


class RaggedRows(Invalid):
    """A CSV line that has more or fewer cells than the header."""

    code = "SVY-422-154"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Dòng {row} của tệp {name} có {found} ô, trong khi dòng tiêu đề có {expected} ô.",
        "en": "Line {row} of the file {name} has {found} cells where the header has {expected}.",
    }


class DataUnreadable(Invalid):
    """A data file that is no CSV or Parquet, repeats a column name, or holds no row."""

    code = "SVY-422-155"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Không đọc được dữ liệu {name}: {problem}.",
        "en": "The data {name} cannot be read: {problem}.",
    }


class DataChanged(Conflict):
    """A data file whose hash is not the one that the request expects."""

    code = "SVY-409-150"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Tệp {name} không phải tệp mà yêu cầu nêu: SHA-256 cần {expected}, thực tế {found}.",
        "en": "The file {name} is not the one that the request means: SHA-256 {expected} is expected, "
        "{found} was found.",
    }


class TypeChanged(Invalid):
    """A column of another type than declared, or than what it is used for."""

    code = "SVY-422-156"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Cột “{column}” ({path}) có kiểu {found}, trong khi cần kiểu {expected}.",
        "en": "Column “{column}” ({path}) is of type {found} where {expected} is needed.",
    }


class EmptyDomain(Invalid):
    """A domain without a single row of the data."""

    code = "SVY-422-157"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Miền ở {path} không có dòng dữ liệu nào: {domain}.",
        "en": "The domain at {path} holds no row of the data: {domain}.",
    }


class NoSuchLabel(Invalid):
    """A value of a domain, level or margin that its column does not have."""

    code = "SVY-422-158"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Cột “{column}” ({path}) không có giá trị {values}. Các giá trị có: {known}.",
        "en": "Column “{column}” ({path}) has no value {values}. It has: {known}.",
    }


class NotNested(Invalid):
    """A PSU code that stands in several strata although codes are not numbered within strata."""

    code = "SVY-422-159"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Cột “{column}” ({path}): {count} mã đơn vị mẫu nằm ở nhiều tầng: {psus}. "
        'Nếu mã được đánh lại trong từng tầng, hãy ghi "nest": true.',
        "en": "Column “{column}” ({path}): {count} PSU codes stand in several strata: {psus}. "
        'If the codes start anew in each stratum, write "nest": true.',
    }


class MarginsDiffer(Invalid):
    """Margins or totals that do not match the data or each other."""

    code = "SVY-422-160"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Tổng thể ở {path} không khớp: {problem}.",
        "en": "The population totals at {path} do not match: {problem}.",
    }


class NoReplicateColumns(Invalid):
    """A pattern that no column of the data fits, or fewer than two columns."""

    code = "SVY-422-161"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Có {count} cột khớp với {pattern} ({path}); cần ít nhất hai cột trọng số lặp.",
        "en": "{count} columns fit {pattern} ({path}); two or more replicate columns are needed.",
    }


class NotComparable(Invalid):
    """A comparison of a statistic, item or level that the request does not estimate."""

    code = "SVY-422-162"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Không so sánh được ở {path}: {problem}.",
        "en": "The comparison at {path} cannot be made: {problem}.",
    }


class TooLargeMatrix(Invalid):
    """A covariance matrix of more estimates than anybody can read."""

    code = "SVY-422-163"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Ma trận hiệp phương sai ở {path} có {rows} dòng; tối đa {limit}. Hãy yêu cầu ít miền hoặc "
        "ít tiêu chí hơn.",
        "en": "The covariance matrix at {path} has {rows} rows; at most {limit} are written. Ask for fewer "
        "domains or items.",
    }


class BadWeightColumn(Invalid):
    """A weight column with a cell that is missing or below zero."""

    code = "SVY-422-164"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Cột trọng số “{column}” ({path}) có {count} ô không hợp lệ ({problem}); "
        "ô đầu tiên ở dòng dữ liệu {row}.",
        "en": "The weight column “{column}” ({path}) has {count} cells that are not valid ({problem}); "
        "the first is in data row {row}.",
    }


class CannotWrite(Invalid):
    """An answer that cannot be written where it should go."""

    code = "SVY-422-165"
    texts: ClassVar[dict[str, str]] = {
        "vi": "Không ghi được {name}: {problem}. Chưa ghi gì.",
        "en": "{name} cannot be written: {problem}. Nothing was written.",
    }


@contextmanager
def located(path: str) -> Iterator[None]:
    """Let an error of another room say which part of the request led to it."""
    try:
        yield
    except SurveyError as error:
        if not error.detail:
            error.detail = path
        raise
