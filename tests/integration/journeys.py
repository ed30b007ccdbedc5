"""People who walk through the site over HTTP: they read the page, fill its form, press its button.

They know pages as a browser without scripts does; the database is asked only by the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

Fields = list[tuple[str, str]]
#: Where the forms in the frame of a page go.
TOOLS = ("/language", "/restart", "/sign-out")


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and what it would send untouched."""

    action: str
    fields: Fields
    buttons: Fields


class Page(HTMLParser):
    """What a person sees: title, text, links, forms."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.address = response.request.path
        self.html = response.get_data(as_text=True)
        self.headers = response.headers
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._textarea: str | None = None
        self.feed(self.html)

    @property
    def text(self) -> str:
        """The words of the page, tags left out."""
        body = re.sub(r"<(script|style)\b.*?</\1>", " ", self.html, flags=re.DOTALL)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    @property
    def form(self) -> Form:
        """The form of the page itself, not one of the tools around it."""
        own = [form for form in self.forms if not form.action.endswith(TOOLS)]
        assert own, f"no form on {self.address}: {self.text[:300]}"
        return own[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), [], []))
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif self.forms and given.get("name"):
            self._control(tag, given)

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.forms[-1].fields.append((self._textarea, data.removeprefix("\n")))
            self._textarea = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self.forms[-1]
        if tag == "button":
            form.buttons.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self._textarea = given["name"]
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                form.fields.append((given["name"], given.get("value", "")))
        elif tag == "input":
            form.fields.append((given["name"], given.get("value", "")))


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.page: Page

    def open(self, address: str) -> Page:
        """Go to an address and follow where it leads."""
        self.page = Page(self.client.get(address, follow_redirects=True))
        return self.page

    def send(self, answers: dict[str, Any] | None = None, *, without: tuple[str, ...] = ()) -> Page:
        """Fill the page's form and press its button."""
        form = self.page.form
        answers = answers or {}
        kept = [(name, value) for name, value in form.fields if name not in answers and name not in without]
        return self.post(form.action, kept + pairs(answers))

    def post(self, address: str, fields: Fields) -> Page:
        """Send fields as a form and follow where it leads."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        self.page = Page(self.client.post(address, data=data, follow_redirects=True))
        return self.page


def pairs(answers: dict[str, Any]) -> Fields:
    """Write answers as a browser sends them: a list is a name repeated."""
    return [
        (name, one)
        for name, value in answers.items()
        for one in (value if isinstance(value, list) else [value])
    ]
