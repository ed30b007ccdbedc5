"""Making pages small over the wire: gzip for text, where it gives nothing away.

Compressed length tells an eavesdropper how much one part of a page repeats another. Where somebody
else can choose a part of the page, many tries spell out a secret on it, such as the form's token
(BREACH, Gluck, Harris and Prado 2013). So a page is compressed only when nothing of the request can
stand on it: a GET that was answered in full and came without a query. A page that shows again what was
typed or searched is sent as it is. Where a person's saved answers stand on the page, padding of a
random length hides what little the length could tell (Palacios and others 2022, as Django does).
"""

from __future__ import annotations

import gzip
import io
import secrets
from functools import lru_cache

from flask import Flask, request
from werkzeug.wrappers import Response

#: Below this a packet is a packet.
WORTH_IT = 500
#: Bytes of padding, from none to this many.
PADDING = 64
LEVEL = 5
_TEXTS = frozenset(
    (
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
        "application/json",
    )
)


def init(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _may_be(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < WORTH_IT:
        return response
    response.set_data(_packed_once(body) if request.endpoint == "static" else _packed(body, padded=True))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)
    return response


def _may_be(response: Response) -> bool:
    """Say whether a response is text on which nothing of the request can stand."""
    static = request.endpoint == "static"
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and response.mimetype in _TEXTS
        and "Content-Encoding" not in response.headers
        and (static or not (request.query_string or response.is_streamed))
    )


def _packed(body: bytes, *, padded: bool) -> bytes:
    """Pack a body; the padding is a file name in the header of the gzip stream, which nobody reads."""
    packed = io.BytesIO()
    name = "x" * secrets.randbelow(PADDING + 1) if padded else ""
    with gzip.GzipFile(name, "wb", LEVEL, packed, mtime=0) as stream:
        stream.write(body)
    return packed.getvalue()


@lru_cache(maxsize=64)
def _packed_once(body: bytes) -> bytes:
    return _packed(body, padded=False)
