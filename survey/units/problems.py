"""One fault in the reference data: where it stands, which rule it breaks, and about what.

Only the wording and the shape; finding the faults is the work of `reading` and `checking`.
"""

from __future__ import annotations

from dataclasses import dataclass

RULES: dict[str, dict[str, str]] = {
    "unreadable": {
        "vi": "tệp không phải bảng CSV bằng UTF-8",
        "en": "the file is not a CSV table in UTF-8",
    },
    "columns": {
        "vi": "dòng tiêu đề phải là: {subject}",
        "en": "the header must be: {subject}",
    },
    "cells": {
        "vi": "số ô khác với dòng tiêu đề: {subject}",
        "en": "not as many cells as the header has: {subject}",
    },
    "value": {
        "vi": "giá trị không dùng được: {subject}",
        "en": "a value that cannot be used: {subject}",
    },
    "reversed_dates": {
        "vi": "ngày hết hiệu lực trước ngày có hiệu lực: {subject}",
        "en": "ends before it begins: {subject}",
    },
    "duplicate_id": {
        "vi": "mã định danh dùng hai lần: {subject}",
        "en": "an id used twice: {subject}",
    },
    "overlap": {
        "vi": "hai đơn vị trùng mã hoặc trùng tên trong cùng thời gian: {subject}",
        "en": "two units share a code or a name at the same time: {subject}",
    },
    "missing_parent": {
        "vi": "không có đơn vị cấp trên: {subject}",
        "en": "the parent is not there: {subject}",
    },
    "parent_dates": {
        "vi": "hiệu lực vượt ra ngoài hiệu lực của đơn vị cấp trên: {subject}",
        "en": "valid when its parent is not: {subject}",
    },
    "parent_level": {
        "vi": "cấp trên phải là đơn vị cấp tỉnh, và đơn vị cấp tỉnh không có cấp trên: {subject}",
        "en": "a parent must be of province level, and a province-level unit has none: {subject}",
    },
    "unknown_region": {
        "vi": "vùng không có trong regions.csv vào thời gian đó: {subject}",
        "en": "a region that regions.csv does not have at that time: {subject}",
    },
    "dangling": {
        "vi": "nhắc tới mã định danh không có: {subject}",
        "en": "names an id that is not there: {subject}",
    },
    "succession_dates": {
        "vi": "đơn vị cũ phải hết hiệu lực ngay trước ngày kế thừa, và đơn vị mới phải có hiệu lực "
        "vào ngày đó: {subject}",
        "en": "the old unit must end the day before, and the new one be valid that day: {subject}",
    },
    "no_successor": {
        "vi": "hết hiệu lực mà không có đơn vị kế thừa: {subject}",
        "en": "ends without a successor: {subject}",
    },
    "duplicate_link": {
        "vi": "quan hệ kế thừa ghi hai lần: {subject}",
        "en": "a link of succession written twice: {subject}",
    },
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault at `where` ("file.csv:line"), against one of RULES, about `subject`."""

    where: str
    rule: str
    subject: str = ""

    def text(self, language: str = "vi") -> str:
        """Say where and what is wrong, in a person's language (Vietnamese when theirs is not kept)."""
        wording = RULES[self.rule]
        return f"{self.where}: {wording.get(language, wording['vi']).format(subject=self.subject)}"
