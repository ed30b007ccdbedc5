"""A workbook (xlsx) read from its archive, sheet by sheet, in bounded memory.

Hidden sheets are named but not read; nothing outside the archive is ever opened.
"""

from __future__ import annotations

from typing import IO

from .parts import Parts, Relations, relations_of
from .refusal import Refused
from .rows import Rows, Surroundings
from .telling import Telling
from .workbook_parts import Book, ContentTypes, SharedTexts, Styles


def read_workbook(file: IO[bytes], telling: Telling) -> None:
    """Tell every visible sheet of a workbook.

    Raises:
        Refused: it is damaged, carries macros, or is too large in any way.
    """
    parts = Parts(file)
    parts.read("[Content_Types].xml", ContentTypes())
    main = relations_of(parts, "").of_kind("officeDocument")
    if main is None:
        raise Refused("damaged")
    book = Book()
    parts.read(main, book)
    links = relations_of(parts, main)
    around = Surroundings(_texts(parts, links), _styles(parts, links), book.since_1904)
    for name, link, hidden in book.sheets:
        kind, part = links.found.get(link, ("", ""))
        if kind != "worksheet":
            continue
        if hidden:
            telling.hidden(name)
        else:
            telling.sheet(name)
            parts.read(part, Rows(around, telling))


def _texts(parts: Parts, links: Relations) -> list[str]:
    shared = SharedTexts()
    part = links.of_kind("sharedStrings")
    if part is not None:
        parts.read(part, shared)
    return shared.texts


def _styles(parts: Parts, links: Relations) -> Styles:
    styles = Styles()
    part = links.of_kind("styles")
    if part is not None:
        parts.read(part, styles)
    return styles
