"""What a phone pays for a page: bytes and requests over the wire, and the time to make it.

Counted as a browser would load it: the page, what its head names, the font its style sheet names, and
for later pages only what is not in the cache for a year. Headers are counted, TLS is not.
"""

from __future__ import annotations

import gzip
import re
import tempfile
import timeit
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

from flask import Flask
from flask_wtf import FlaskForm
from wtforms import RadioField

from benchmarks.clients import Answer, Client
from benchmarks.figures import Bound, Figure
from benchmarks.sites import AGENCIES, COMMUNE, HOUSEHOLDS, LONG, SECRET, ServedSite, served_site
from benchmarks.visits import expect, first_options, hidden_fields
from survey.questionnaires import Questionnaire, Section, load_shipped
from survey.services.settings import read_settings
from survey.web import create_app

FIRST_BYTES, FIRST_REQUESTS, NEXT_BYTES = Bound(60_000), Bound(6), Bound(8_000)
PHONE = {"Accept-Encoding": "gzip, deflate, br"}
FORMS = (
    (LONG, AGENCIES[0], "sipas-service-users-2017"),
    (HOUSEHOLDS, COMMUNE, "sipas-households-2024"),
)
SECTION = "F3"
_NAMED = re.compile(r'<(?:link|script)[^>]*?(?:href|src)="([^"]+)"|<use href="([^"#]+)')
_FONT = re.compile(r'url\("([^"]+)"\)')


def run() -> list[Figure]:
    """Weigh the pages of both long forms and time the making of one section."""
    with served_site() as site:
        weights = [figure for code, unit, name in FORMS for figure in _weights(site, code, unit, name)]
    return weights + _making()


def _weights(site: ServedSite, code: str, unit: str, name: str) -> list[Figure]:
    client = Client(site.port)
    first = expect(client.get(f"/r/{code}/", PHONE), 200)
    parts = [expect(client.get(address, PHONE), 200) for address in sorted(_parts(client, first))]
    plain = Client(site.port).get(f"/r/{code}/")
    later = list(_later_pages(client, code, unit, first, load_shipped(name)))
    heaviest = max(later, key=lambda page: page[1])
    review = later[-1]
    return [
        Figure(f"{name}: first page with all its parts", first.wire_bytes + sum(p.wire_bytes for p in parts),
               "bytes", FIRST_BYTES, note=f"page {first.wire_bytes}, uncompressed {plain.wire_bytes}"),
        Figure("  requests", 1 + len(parts), "", FIRST_REQUESTS),
        Figure(f"  heaviest of {len(later)} later pages ({heaviest[0]})", heaviest[1], "bytes", NEXT_BYTES,
               note=f"with the redirect that leads to it; uncompressed {heaviest[2]}"),
        Figure("  review of all answers", review[1], "bytes", NEXT_BYTES, note=f"uncompressed {review[2]}"),
    ]  # fmt: skip


def _parts(client: Client, page: Answer) -> set[str]:
    """Name what a browser loads for a page: what it links, and what its style sheets need."""
    text = _text(page)
    named = {one or two for one, two in _NAMED.findall(text)}
    for style in [address for address in named if ".css" in address]:
        sheet = expect(client.get(style), 200).text
        named |= {urljoin(style, font) for font in _FONT.findall(sheet)}
    return named


def _later_pages(
    client: Client, code: str, unit: str, first: Answer, questionnaire: Questionnaire
) -> Iterator[tuple[str, int, int]]:
    """Fill the form to its review; give each page's name, its bytes, and its bytes uncompressed."""
    saved = client.post_form(f"/r/{code}/", {**hidden_fields(_unpacked(first)), "unit": unit})
    while True:
        address = expect(saved, 303).location
        page = expect(client.get(address, PHONE), 200)
        plain = client.get(address)
        name = address.rsplit("/", 1)[1]
        yield name, saved.wire_bytes + page.wire_bytes, saved.wire_bytes + plain.wire_bytes
        if name == "review":
            return
        answers = first_options(questionnaire.section(name))
        saved = client.post_form(address, {**hidden_fields(plain), **answers})


def _making() -> list[Figure]:
    """Time the questions of one section, made from the questionnaire and through WTForms' own fields."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({"SURVEY_INSTANCE": folder, "SECRET_KEY": SECRET}))
        section = load_shipped("sipas-service-users-2017").section(SECTION)
        with app.test_request_context("/"):
            ours, peer = _from_questionnaire(app, section), _through_fields(app, section)
            assert ours().count('type="radio"') == peer().count('type="radio"') > 0
            return [
                Figure(f"the questions of a section of {len(section.items)} made", _milliseconds(ours), "ms",
                       peer=(_milliseconds(peer), "WTForms RadioFields")),
            ]  # fmt: skip


def _from_questionnaire(app: Flask, section: Section) -> Callable[[], str]:
    template = app.jinja_env.from_string(
        '{% import "components.html" as ui %}'
        '{% for item in items %}{{ ui.question(item, item.id, none, none, "vi") }}{% endfor %}'
    )
    return lambda: template.render(items=section.items)


def _through_fields(app: Flask, section: Section) -> Callable[[], str]:
    """Make the peer: one RadioField a question, in the same wrapping but without hints, faces or errors."""
    fields = {
        item.id: RadioField(
            item.text.in_("vi"),
            choices=[(option.id, option.label.in_("vi")) for option in item.scale.options],
        )
        for item in section.items
        if item.scale
    }
    form_class = type("SectionForm", (FlaskForm,), fields)
    template = app.jinja_env.from_string(
        '{% for field in form if field.type == "RadioField" %}<div class="question"><fieldset>'
        '<legend>{{ field.label.text }}</legend><div class="options">{% for option in field %}'
        '<label class="option">{{ option }} <span>{{ option.label.text }}</span></label>{% endfor %}'
        "</div></fieldset></div>{% endfor %}"
    )
    return lambda: template.render(form=form_class())


def _milliseconds(work: Callable[[], object]) -> float:
    """Time one piece of work: the best of seven batches of fifty, since others only slow it."""
    return min(timeit.repeat(work, number=50, repeat=7)) / 50 * 1000


def _unpacked(answer: Answer) -> Answer:
    return Answer(answer.status, answer.head, _text(answer).encode())


def _text(answer: Answer) -> str:
    packed = b"content-encoding: gzip" in answer.head.lower()
    return (gzip.decompress(answer.body) if packed else answer.body).decode()
