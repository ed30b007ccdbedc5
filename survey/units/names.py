"""Comparing Vietnamese names: one key for spellings that a reader takes for the same.

Not for ordering (see `sorting`) and not for showing: a folded name is a key, not a text.
"""

from __future__ import annotations

import re
import unicodedata

from survey.units.unit import Kind

# huyền, hỏi, ngã, sắc, nặng
_TONE = re.compile("[\u0300\u0309\u0303\u0301\u0323]")
_LIKE = str.maketrans({"ð": "đ", "ɖ": "đ"} | dict.fromkeys("-‐‑‒–—.,/_", " ") | dict.fromkeys("'’‘ʼ`´", None))


def fold(name: str) -> str:
    """Give the key under which a name is compared.

    Case, Unicode form, the place of the tone mark (Hòa, Hoà), the three look-alikes of Đ,
    hyphens, apostrophes and spacing make no difference; letters and tones do.
    """
    words = unicodedata.normalize("NFC", name).casefold().translate(_LIKE).split()
    return " ".join(_tone_last(word) for word in words)


def bare(name: str) -> str:
    """Give the folded name without any mark, to look for near names ("lam dong")."""
    letters = unicodedata.normalize("NFD", fold(name))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("đ", "d")


def split_kind(folded: str) -> tuple[tuple[Kind, ...], str]:
    """Split a prefix such as "Thành phố" or "TP." off a folded name; no kinds where there is none."""
    for prefix, kinds in _PREFIXES:
        if folded.startswith(prefix):
            return kinds, folded.removeprefix(prefix)
    return (), folded


def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _TONE.sub("", parts) + "".join(_TONE.findall(parts)))


_WRITTEN: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Tỉnh", ("province",)),
    ("Thành phố", ("city",)),
    ("TP.", ("city",)),
    ("T.P.", ("city",)),
    ("Xã", ("commune",)),
    ("Phường", ("ward",)),
    ("P.", ("ward",)),
    ("Đặc khu", ("special_zone",)),
)
_PREFIXES = tuple((f"{fold(text)} ", kinds) for text, kinds in _WRITTEN)
