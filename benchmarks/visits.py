"""What one client does over and over: send a whole form, save a section, visit a kiosk, open a page.

Each function makes a client and gives its step; a step raises when it is not acknowledged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import cycle
from uuid import uuid4

from benchmarks.clients import Answer, Client
from benchmarks.sites import AGENCIES, LONG, ServedSite
from survey.questionnaires import Questionnaire, Section, load_shipped

Step = Callable[[], None]
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_MARK = re.compile(r'name="form"[^>]*value="([^"]+)"')


def twenty_five_answers(questionnaire: Questionnaire) -> dict[str, str]:
    """Answer the first 25 items of the long form: one option each, none of them routed away."""
    answered = [item for item in questionnaire.items if item.show_if is None and item.scale][:25]
    return {item.id: item.scale.options[-2].id for item in answered if item.scale}


def sends_whole_forms(site: ServedSite) -> Step:
    """Send one new form of 25 answers after another to the address for machines."""
    client = Client(site.port)
    asked = load_shipped("sipas-service-users-2017")
    answers = twenty_five_answers(asked)
    path = f"/api/v1/rounds/{LONG}/responses"

    def step() -> None:
        form = {
            "response_id": uuid4().hex,
            "unit": AGENCIES[0],
            "questionnaire_sha256": asked.sha256,
            "answers": answers,
        }
        expect(client.post_json(path, json.dumps(form).encode()), 201)

    return step


def saves_sections(site: ServedSite) -> Step:
    """Save one section of the long form after another in one draft, each followed by the next page."""
    client = Client(site.port)
    opened = client.get(f"/r/{LONG}/")
    begun = client.post_form(f"/r/{LONG}/", {**hidden_fields(opened), "unit": AGENCIES[0]})
    page = expect(client.get(begun.location), 200)
    hidden = hidden_fields(page)
    sections = cycle(load_shipped("sipas-service-users-2017").sections)

    def step() -> None:
        section = next(sections)
        saved = client.post_form(f"/r/{LONG}/s/{section.id}", {**hidden, **first_options(section)})
        expect(saved, 303)
        expect(client.get(saved.location), 200)

    return step


def visits_a_kiosk(site: ServedSite) -> Step:
    """Make one visit after another: three forms sent, and the pages they lead to."""
    client = Client(site.port)
    address = site.kiosk_address
    begin = hidden_fields(expect(client.get(f"{address}/"), 200))

    def step() -> None:
        question = _follow(client, client.post_form(f"{address}/", begin))
        hidden = hidden_fields(question)
        _follow(client, client.post_form(f"{address}/question", {**hidden, "rating": "satisfied"}))
        _follow(client, client.post_form(f"{address}/further", hidden))

    return step


def opens_the_first_page(site: ServedSite) -> Step:
    """Open the first page of the long form."""
    client = Client(site.port)
    request = client.request("GET", f"/r/{LONG}/")

    def step() -> None:
        expect(client.exchange(request), 200)

    return step


def expect(answer: Answer, status: int) -> Answer:
    """Refuse an answer of another status."""
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:300]!r}")
    return answer


def _follow(client: Client, answer: Answer) -> Answer:
    return expect(client.get(expect(answer, 303).location), 200)


def hidden_fields(page: Answer) -> dict[str, str]:
    """Read what a page's own form sends back: its token, and its mark if it has one."""
    token, mark = _TOKEN.search(page.text), _MARK.search(page.text)
    assert token, page.text
    return {"csrf_token": token[1]} | ({"form": mark[1]} if mark else {})


def first_options(section: Section) -> dict[str, str]:
    """Answer a section: the first option of every question that no rule hides."""
    return {
        item.id: item.scale.options[0].id for item in section.items if item.scale and item.show_if is None
    }
