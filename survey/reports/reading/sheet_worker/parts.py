"""The parts of a workbook's archive, inflated with a counter and parsed without entities.

What an archive declares about its sizes is not believed here (the site looked at it before).
"""

from __future__ import annotations

import posixpath
import zipfile
from typing import IO
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from .limits import INFLATED
from .refusal import Refused

_CHUNK = 1 << 16


class Parts:
    """An open archive; a part is found by its name in any case, as other programs do."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file)
        self._names = {name.casefold(): name for name in self._zip.namelist()}
        self._left = INFLATED

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def read(self, name: str, handler: ContentHandler) -> None:
        """Parse one part as XML.

        Raises:
            Refused: it is missing, has a document type or entities, or inflates beyond the limit.
        """
        if name not in self:
            raise Refused("damaged")
        parser = create_parser(forbid_dtd=True)
        parser.setContentHandler(handler)
        with self._zip.open(self._names[name.casefold()]) as part:
            try:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise Refused("zip-bomb")
                    parser.feed(chunk)
                parser.close()
            except DefusedXmlException:
                raise Refused("document-type") from None


class Relations(ContentHandler):
    """The links from one part to others within the archive; links to the outside are left out."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._folder = posixpath.dirname(source)
        #: Id of the link → its kind (the last word of its address) and the part's name.
        self.found: dict[str, tuple[str, str]] = {}

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        if local(name) != "Relationship" or attrs.get("TargetMode") == "External":
            return
        target = posixpath.normpath(posixpath.join("/", self._folder, attrs.get("Target", "")))
        kind = attrs.get("Type", "").rpartition("/")[2]
        self.found[attrs.get("Id", "")] = (kind, target.lstrip("/"))

    def of_kind(self, kind: str) -> str | None:
        """Give the first part of a kind."""
        return next((part for one, part in self.found.values() if one == kind), None)


def relations_of(parts: Parts, part: str) -> Relations:
    """Read the links of a part; one without links has none."""
    folder, name = posixpath.split(part)
    relations = Relations(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path in parts:
        parts.read(path, relations)
    return relations


def local(name: str) -> str:
    """Give an element's name without its prefix."""
    return name.rpartition(":")[2]
