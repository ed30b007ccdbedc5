"""What can be wrong with files of responses, or with the engine that reads them.

Not what is wrong with a request's numbers (survey.aggregation.errors).
"""

from __future__ import annotations

from survey.errors import Invalid, Unavailable


class UnreadableFile(Invalid):
    """A file that is not there or is no Parquet file."""

    code = "SVY-422-140"
    texts = {
        "vi": "Không đọc được tệp {file}: {problem}.",
        "en": "File {file} cannot be read: {problem}.",
    }


class ChangedColumns(Invalid):
    """A column that is missing from a file, or has another type than a request or another file needs."""

    code = "SVY-422-141"
    texts = {
        "vi": "Cột {column} trong tệp {file}: {problem}.",
        "en": "Column {column} of file {file}: {problem}.",
    }


class BadValues(Invalid):
    """Weights or labels of responses that cannot be used."""

    code = "SVY-422-142"
    texts = {
        "vi": "Cột {column} có {count} giá trị không dùng được: {problem}.",
        "en": "Column {column} has {count} values that cannot be used: {problem}.",
    }


class EngineMissing(Invalid):
    """An engine whose software is not on this machine."""

    code = "SVY-422-143"
    texts = {
        "vi": "Máy này chưa có {engine}: {problem}.",
        "en": "This machine has no {engine}: {problem}.",
    }


class EngineFailed(Unavailable):
    """An engine that stopped: no memory, no disk, no worker, or a setting that it refuses."""

    code = "SVY-503-140"
    texts = {
        "vi": "{engine} đã dừng: {problem}.",
        "en": "{engine} stopped: {problem}.",
    }
