"""Names of variables that SPSS, Stata, R and a CSV header all take: one name an item, in every file.

Not the labels that people read (labels.py). A name depends on its own id, and only where two ids come
to the same name on their being two; never on their order.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

#: Stata takes 32 characters, and pyreadstat puts a number of up to four digits behind a variable's name for
#: its labels; SPSS takes 64 bytes.
NAME_LIMIT = 28
_OUTSIDE = re.compile("[^A-Za-z0-9]+")
_STROKES = str.maketrans({"đ": "d", "Đ": "D"})
_STATA_STRING = re.compile("str[0-9]+")
#: Words that SPSS, Stata or R keep for themselves, in lower case.
RESERVED = frozenset(
    (
        *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"),
        *("byte", "double", "float", "if", "in", "int", "long", "strl", "using"),
        *("break", "else", "false", "for", "function", "inf", "na", "nan", "next", "null", "repeat"),
        *("true", "while", "na_integer", "na_real", "na_character", "na_complex"),
    )
)


def variable_names(sources: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Give each id a name: ASCII, a letter first, at most 28 characters, unlike all others in any case.

    An id that is such a name already keeps it. Others have what is not a letter or digit as "_"; one
    that is too long, reserved, `taken` or not alone gets four or more digits of its SHA-256 behind.
    """
    sources = list(dict.fromkeys(sources))
    shared = Counter(_ascii(source).casefold() for source in sources)

    def keeps(source: str) -> bool:
        name = _ascii(source)
        return _is_free(name) and (name == source or shared[name.casefold()] == 1)

    used = {name.casefold() for name in taken}
    names: dict[str, str] = {}
    for source in sorted(sources, key=lambda source: (not keeps(source), source)):
        name = _ascii(source)
        if not keeps(source) or name.casefold() in used:
            name = _marked(source, used)
        used.add(name.casefold())
        names[source] = name
    return {source: names[source] for source in sources}


def _is_free(name: str) -> bool:
    word = name.casefold()
    return len(name) <= NAME_LIMIT and word not in RESERVED and not _STATA_STRING.fullmatch(word)


def _marked(source: str, used: Collection[str]) -> str:
    digits = hashlib.sha256(source.encode()).hexdigest()
    for length in range(4, 25):
        name = f"{_ascii(source)[: NAME_LIMIT - length - 1].rstrip('_')}_{digits[:length]}"
        if name.casefold() not in used:
            return name
    raise ValueError(f"no free name for {source!r}")


def _ascii(source: str) -> str:
    folded = unicodedata.normalize("NFKD", source.translate(_STROKES)).encode("ascii", "ignore").decode()
    name = _OUTSIDE.sub("_", folded).strip("_")
    return name if name[:1].isalpha() else f"v_{name}".rstrip("_")
