"""What goes wrong in a browser without anybody seeing it: errors in the console, requests elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

#: Chromium writes the status of a refused page into the console; the page itself says it better.
_STATUS_OF_PAGE = "Failed to load resource: the server responded with a status of"


class Troubles:
    """Listens to a page from its first request.

    Attributes:
        seen: each trouble as a line. What matches `expected` is left out.
    """

    def __init__(self, page: Page, *, expected: str | None = None) -> None:
        self.seen: list[str] = []
        self._expected = re.compile(expected) if expected else None
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(f"error in a script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _note(self, line: str) -> None:
        if not (self._expected and self._expected.search(line)):
            self.seen.append(line)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_STATUS_OF_PAGE):
            self._note(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self._note(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self._note(f"status {response.status}: {response.url}")
