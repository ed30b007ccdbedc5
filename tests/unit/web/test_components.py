"""The macros render questionnaires as native, named, error-linked controls, and numbers as the language writes them.

They are rendered by Jinja alone: no server, no database, no form objects.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.runtime import Undefined

from survey.questionnaires import Item, Questionnaire, load_shipped, shipped
from survey.web.spoken_words import other_languages

TEMPLATES = Path(__file__).parents[3] / "survey" / "web" / "templates"


@pytest.fixture(scope="module")
def ui() -> Any:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.globals |= {
        "url_for": lambda endpoint, **values: f"/{endpoint}/{values.get('filename', values.get('page'))}",
        "csrf_token": lambda: "token",
        "face_said": lambda option, lang, packs=(): "",
        "other_languages": other_languages,
    }
    environment.filters["said"] = lambda text, lang: text.in_(lang)
    return environment.get_template("components.html").module


class Controls(HTMLParser):
    """Collect ids, references to ids, and for each choice whether it stands in a fieldset and a label."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.choices: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        for name in ("aria-describedby", "for", "aria-labelledby"):
            self.references += (values.get(name) or "").split()
        if values.get("type") in ("radio", "checkbox"):
            self.choices.append((values.get("value") or "", {"fieldset", "label"} <= set(self.open)))
        if tag not in ("input", "meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def every_item() -> list[tuple[Questionnaire, Item]]:
    questionnaires = [load_shipped(id) for id in shipped()]
    return [(questionnaire, item) for questionnaire in questionnaires for item in questionnaire.items]


@pytest.mark.parametrize("error", [None, "Chọn một câu trả lời."])
def test_every_shipped_question_is_rendered_with_its_options_and_no_dangling_reference(
    ui: Any, error: str | None
) -> None:
    render = ui.question
    for questionnaire, item in every_item():
        for lang in questionnaire.languages:
            controls = Controls(render(item, item.id, None, error, lang))
            assert item.id in controls.ids
            assert len(set(controls.ids)) == len(controls.ids)
            assert set(controls.references) <= set(controls.ids)
            options = [option.id for option in item.scale.options] if item.scale else []
            assert controls.choices == [(option, True) for option in options]
            assert controls.open == []


def test_nothing_is_chosen_beforehand_and_the_persons_choice_is_kept(ui: Any) -> None:
    item = load_shipped("service-counter").items[0]
    assert item.scale
    blank = str(ui.question_single(item, item.id))
    assert " checked" not in blank
    for option in item.scale.options:
        page = str(ui.question_single(item, item.id, option.id))
        assert re.findall(r'value="([^"]*)" checked', page) == [option.id]


def test_the_kiosk_gives_each_level_the_same_button(ui: Any) -> None:
    """Equal friction for praise and complaint (experience.md K3): only face, level and words differ."""
    item = load_shipped("service-counter").items[0]
    page = str(ui.question_buttons(item, "q"))
    buttons = re.findall(r"<button.*?</button>", page)
    levels = [button for button in buttons if "level-" in button]
    bare = {
        re.sub(r'(level|face)-\d|id="[^"]*"|value="[^"]*"|<span>.*?</span>', "", button) for button in levels
    }
    assert len(levels) == 5
    assert len(bare) == 1


def test_what_people_typed_is_escaped(ui: Any) -> None:
    item = load_shipped("service-counter").items[-1]
    page = str(ui.question_text(item, "c", "</textarea><script>alert(1)</script>"))
    assert "<script>" not in page
    assert page.count("</textarea>") == 1


def test_an_error_list_links_each_problem_to_its_field(ui: Any) -> None:
    page = str(
        ui.error_summary([{"field": "B2.a", "text": "Chọn một câu"}, {"field": None, "text": "Hết hạn"}])
    )
    assert '<a href="#B2.a">Chọn một câu</a>' in page
    assert "<li>Hết hạn</li>" in page
    assert str(ui.error_summary([])).strip() == ""


@pytest.mark.parametrize(
    ("value", "digits", "lang", "written"),
    [
        (1234567.891, 2, "vi", "1.234.567,89"),
        (1234567.891, 2, "en", "1,234,567.89"),
        (-5, 0, "vi", "-5"),
        (0, 1, "vi", "0,0"),
        (None, 2, "vi", "–"),
        (Undefined(), 2, "vi", "–"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    ui: Any, value: object, digits: int, lang: str, written: str
) -> None:
    """Decimal comma and dot for thousands in Vietnamese (experience.md V1)."""
    assert str(ui.number(value, digits, lang)) == written


def test_a_chart_carries_the_numbers_it_is_drawn_from(ui: Any) -> None:
    rows = [
        {"label": "Sở Tài chính", "value": 83.94, "low": 83.12, "high": 84.76, "n": 512},
        {"label": "Xã Đắk R’lấp", "value": 70.5, "low": None, "high": None, "n": 12},
        {"label": "Đặc khu Phú Quý", "value": None, "low": None, "high": None, "n": None},
    ]
    page = str(ui.interval_chart("Chỉ số theo đơn vị", rows, reference=80, reference_label="Toàn tỉnh"))
    assert re.findall(r'data-value="([^"]*)"', page) == ["83.94", "70.5"]
    assert re.findall(r'data-low="([^"]*)" data-high="([^"]*)"', page) == [("83.12", "84.76")]
    assert page.count('class="is-weak"') == 1
    assert 'data-reference="80"' in page


def test_pages_are_listed_round_the_current_one(ui: Any) -> None:
    page = str(ui.pagination(8, 16, "units"))
    assert re.findall(r"</span>(\d+)</a>", page) == ["1", "7", "8", "9", "16"]
    assert str(ui.pagination(1, 1, "units")).strip() == ""
