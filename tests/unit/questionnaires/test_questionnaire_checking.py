"""The checker finds each kind of problem, at its path, and all of them at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.questionnaires import CATALOGUE, CorruptQuestionnaire, check, flatten, load
from survey.questionnaires.places import leaves
from survey.questionnaires.syntax import MAX_BYTES, MAX_DEPTH
from tests.unit.questionnaires.sample import SOUND, broken, drop, encode, put, sound, steps, text

A, WHY, MORE = "sections[0].items[0]", "sections[0].items[1]", "sections[1].items[2]"
TREE = "formulas[0].tree"
LONG_WAY = {"all": [{"any": [{"item": f"m{n}", "in": [o]} for o in "pqrstu"]} for n in range(8)]}


def many_choices(document: dict) -> None:
    """Eight multiple-choice items of six options: too many answerings to try them all."""
    document["scales"].append(
        {"id": "six", "kind": "nominal", "options": [{"id": o, "label": text(o)} for o in "pqrstu"]}
    )
    document["sections"][0]["items"] += [
        {"id": f"m{n}", "kind": "multiple", "role": "about", "text": text("M?"), "scale": "six"}
        for n in range(8)
    ]
    never = {"not": {"item": "m0", "in": ["p"]}}
    document["sections"][1]["show_if"] = {"all": [{"item": "m0", "in": ["p"]}, never, *LONG_WAY["all"]]}


def wide_scale(document: dict) -> None:
    wide = json.loads(json.dumps(document["scales"][0]))
    wide["id"] = "wide"
    wide["options"][2]["value"] = 9
    document["scales"].append(wide)


def on_wide_scale(document: dict) -> None:
    document["formulas"][0]["levels"] = [3, 9]
    document["sections"][1]["items"][0]["scale"] = "wide"


def rule_on_text(document: dict) -> None:
    last = {"id": "last", "kind": "single", "role": "about", "text": text("?"), "scale": "satisfaction"}
    document["sections"][1]["items"].append({**last, "show_if": {"item": "more", "in": ["x"]}})


#: code: (faults, the problems they must raise, nothing more and nothing less)
FAULTS = {
    "unknown-key": ([put(f"{A}.colour", "red")], {f"{A}.colour": "unknown-key"}),
    "missing-key": ([drop(f"{A}.text")], {f"{A}.text": "missing-key"}),
    "wrong-type": ([put(f"{A}.required", "yes")], {f"{A}.required": "wrong-type"}),
    "not-allowed": ([put("schema_version", 2)], {"schema_version": "not-allowed"}),
    "bad-format": ([put("version", "1.0\n")], {"version": "bad-format"}),
    "too-long": ([put("title.vi", "a" * 201)], {"title.vi": "too-long"}),
    "too-few": ([put("sources", [])], {"sources": "too-few"}),
    "out-of-range": ([put(f"{MORE}.max_length", 5001)], {f"{MORE}.max_length": "out-of-range"}),
    "repeated-value": ([put("populations", ["leaders"] * 2)], {"populations": "repeated-value"}),
    "missing-translation": ([drop("title.en")], {"title.en": "missing-translation"}),
    "blank-text": ([put(f"{WHY}.hint.en", " \n")], {f"{WHY}.hint.en": "blank-text"}),
    "undeclared-language": ([put("intro.fr", "x")], {"intro.fr": "undeclared-language"}),
    "not-nfc": ([put("title.vi", "Ma\u0302\u0303u")], {"title.vi": "not-nfc"}),
    "forbidden-character": ([put("intro.en", "a\x07")], {"intro.en": "forbidden-character"}),
    "duplicate-id": (
        [put("scales[1].options[2].id", "wait"), put("sections[1].show_if", {"answered": "a"})],
        {"scales[1].options[2].id": "duplicate-id"},
    ),
    "official-without-decision": (
        [put("status.official", True)],
        {"status.decision": "official-without-decision"},
    ),
    "direction-missing": ([drop("scales[0].direction")], {"scales[0].direction": "direction-missing"}),
    "direction-unexpected": (
        [put("scales[1].direction", "ascending")],
        {"scales[1].direction": "direction-unexpected"},
    ),
    "wrong-direction": (
        [put("scales[0].direction", "descending")],
        {f"scales[0].options[{n}].value": "wrong-direction" for n in (1, 2)},
    ),
    "value-missing": (
        [drop("scales[0].options[1].value")],
        {"scales[0].options[1].value": "value-missing"},
    ),
    "value-unexpected": (
        [put("scales[0].options[3].value", 4)],
        {"scales[0].options[3].value": "value-unexpected"},
    ),
    "too-few-options": (
        [put("scales[1].options", [{"id": "other", "label": text("x")}]), drop(f"{WHY}.max_choices")],
        {"scales[1].options": "too-few-options"},
    ),
    "face-missing": (
        [drop("scales[0].options[1].face")],
        {"scales[0].options[1].face": "face-missing"},
    ),
    "scale-missing": ([drop("sections[1].items[1].scale")], {"sections[1].items[1].scale": "scale-missing"}),
    "scale-unexpected": ([put(f"{MORE}.scale", "reasons")], {f"{MORE}.scale": "scale-unexpected"}),
    "max-length-unexpected": ([put(f"{A}.max_length", 9)], {f"{A}.max_length": "max-length-unexpected"}),
    "max-choices-unexpected": ([put(f"{A}.max_choices", 1)], {f"{A}.max_choices": "max-choices-unexpected"}),
    "max-choices-too-large": (
        [put(f"{WHY}.max_choices", 4)],
        {f"{WHY}.max_choices": "max-choices-too-large"},
    ),
    "excluded-in-multiple": (
        [put("scales[1].options[0].excluded", True)],
        {f"{WHY}.scale": "excluded-in-multiple"},
    ),
    "bad-rule": (
        [put(f"{MORE}.show_if", {"any": [{"item": "a"}]})],
        {f"{MORE}.show_if.any[0]": "bad-rule"},
    ),
    "unknown-item": (
        [put(f"{TREE}.children[0].items[1]", "z")],
        {f"{TREE}.children[0].items[1]": "unknown-item"},
    ),
    "unknown-option": (
        [put(f"{WHY}.show_if.not.in", ["nobody"])],
        {f"{WHY}.show_if.not.in[0]": "unknown-option"},
    ),
    "forward-rule": (
        [put(f"{WHY}.show_if", {"answered": "more"})],
        {f"{WHY}.show_if.answered": "forward-rule"},
    ),
    "unreachable-section": (
        [put("sections[1].show_if", {"not": {"answered": "a"}})],
        {"sections[1].show_if": "unreachable-section"},
    ),
    "unreachable-item": (
        [put(f"{MORE}.show_if", {"all": [{"item": "a", "in": ["unknown"]}, {"answered": "why"}]})],
        {f"{MORE}.show_if": "unreachable-item"},
    ),
    "unknown-formula": ([put("default_formula", "none")], {"default_formula": "unknown-formula"}),
    "empty-node": ([put(f"{TREE}.children[0].items", [])], {f"{TREE}.children[0]": "empty-node"}),
    "item-not-ordinal": (
        [put("formulas[1].tree.items[1]", "why")],
        {"formulas[1].tree.items[1]": "item-not-ordinal"},
    ),
    "item-counted-twice": (
        [put(f"{TREE}.children[0].items[1]", "a")],
        {f"{TREE}.children[0].items[1]": "item-counted-twice"},
    ),
    "weights-missing": ([drop(f"{TREE}.weights")], {f"{TREE}.weights": "weights-missing"}),
    "weights-unexpected": (
        [put("formulas[1].tree.weights", {"a": 0.5, "b": 0.5})],
        {"formulas[1].tree.weights": "weights-unexpected"},
    ),
    "weights-mismatch": (
        [put(f"{TREE}.weights", {"pair": 0.75, "b": 0.25})],
        {f"{TREE}.weights.a": "weights-mismatch", f"{TREE}.weights.b": "weights-mismatch"},
    ),
    "weight-not-positive": (
        [put(f"{TREE}.weights", {"pair": 1, "a": 0})],
        {f"{TREE}.weights.a": "weight-not-positive"},
    ),
    "unused-scale": ([wide_scale], {"scales[2]": "unused-scale"}),
    "mixed-scales": (
        [wide_scale, on_wide_scale],
        {
            "formulas[0].levels[0]": "level-outside-scale",
            "formulas[0].levels[1]": "level-outside-scale",
            "formulas[1].tree": "mixed-scales",
        },
    ),
    "not-a-choice": ([rule_on_text], {"sections[1].items[3].show_if.item": "not-a-choice"}),
    "weights-sum": ([put(f"{TREE}.weights.a", 0.3)], {f"{TREE}.weights": "weights-sum"}),
    "levels-missing": ([drop("formulas[0].levels")], {"formulas[0].levels": "levels-missing"}),
    "levels-unexpected": ([put("formulas[1].levels", [3])], {"formulas[1].levels": "levels-unexpected"}),
    "level-outside-scale": (
        [put("formulas[0].levels", [3, 5])],
        {"formulas[0].levels[1]": "level-outside-scale"},
    ),
    "levels-not-top": ([put("formulas[0].levels", [1, 3])], {"formulas[0].levels": "levels-not-top"}),
}


#: Faults that rightly raise more than one kind of problem: the code must be among them, there.
WIDE_FAULTS = {
    "too-many": ([put("languages", ["vi", "en", *(f"x{c}" for c in "abcdefghijk")])], "languages"),
    "vietnamese-missing": ([put("languages", ["en"])], "languages"),
    "empty-section": ([put("sections[1].items", [])], "sections[1].items"),
    "unknown-scale": ([put(f"{WHY}.scale", "reason")], f"{WHY}.scale"),
    "routing-too-complex": ([many_choices], "sections[1].show_if"),
}
#: Faults of the file itself, by its bytes.
FILE_FAULTS = {
    "file-too-large": (b" " * (MAX_BYTES + 1), "$"),
    "byte-order-mark": (b"\xef\xbb\xbf" + encode(SOUND), "$"),
    "not-utf8": (encode(SOUND).replace("ẫ".encode(), b"\xff"), "$"),
    "not-json": (encode(SOUND)[:-1], "$"),
    "too-deep": (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "$"),
    "duplicate-key": (encode(SOUND).replace(b'"required": true', b'"required": true, "id": "a"'), f"{A}.id"),
}


def found(raw: bytes) -> dict[str, str]:
    return {problem.path: problem.code for problem in check(raw)}


def test_the_sample_is_sound() -> None:
    assert check(encode(SOUND)) == []


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_fault_is_reported_at_its_path_and_raises_no_other_alarm(code: str) -> None:
    faults, expected = FAULTS[code]
    assert code in expected.values()
    assert found(broken(*faults)) == expected


@pytest.mark.parametrize("code", sorted(WIDE_FAULTS))
def test_a_fault_with_consequences_is_reported_at_its_path(code: str) -> None:
    faults, path = WIDE_FAULTS[code]
    assert (path, code) in [(problem.path, problem.code) for problem in check(broken(*faults))]


@pytest.mark.parametrize("code", sorted(FILE_FAULTS))
def test_a_file_that_is_not_plain_json_is_reported(code: str) -> None:
    raw, path = FILE_FAULTS[code]
    assert found(raw) == {path: code}


def test_every_code_of_the_catalogue_has_a_fault_that_earns_it() -> None:
    assert set(FAULTS) | set(WIDE_FAULTS) | set(FILE_FAULTS) == set(CATALOGUE)


def test_faults_in_different_parts_are_all_reported_at_once() -> None:
    """A broken shape in one place does not hide broken meaning in another."""
    parts = ["unknown-key", "missing-translation", "wrong-direction", "unreachable-section", "weights-sum"]
    faults = [fault for code in parts for fault in FAULTS[code][0]]
    expected = {path: code for part in parts for path, code in FAULTS[part][1].items()}
    assert found(broken(*faults)) == expected


def test_a_broken_rule_does_not_hide_an_unreachable_item_elsewhere() -> None:
    faults = [put(f"{WHY}.show_if", {"answered": "nothing"}), *FAULTS["unreachable-section"][0]]
    assert found(broken(*faults)) == {
        f"{WHY}.show_if.answered": "unknown-item",
        "sections[1].show_if": "unreachable-section",
    }


def test_a_question_behind_a_hidden_question_is_unreachable() -> None:
    """`more` asks for an answer to `why`, and `why` is hidden exactly when `a` is unknown."""
    raw = broken(put("sections[1].show_if", {"item": "a", "in": ["unknown"]}))
    assert found(raw) == {f"{MORE}.show_if": "unreachable-item"}


def test_a_syntax_error_names_its_line_and_column() -> None:
    (only,) = check(b'{\n  "id": }')
    assert only.code == "not-json"
    assert "dòng 2, cột 9" in only.message.in_("vi")
    assert "line 2, column 9" in only.message.in_("en")


def test_numbers_that_json_does_not_know_are_refused() -> None:
    assert found(b'{"version": NaN}') == {"$": "not-json"}


def test_whole_numbers_written_with_a_point_are_still_held_to_the_direction() -> None:
    raw = broken(put("scales[0].options[2].value", 2.0))
    assert found(raw)["scales[0].options[2].value"] == "wrong-direction"


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'"text"', b"{}", b"\x00", b"1"])
def test_anything_else_is_refused_with_a_problem(raw: bytes) -> None:
    assert check(raw)


def test_every_sentence_of_the_catalogue_is_in_two_languages_and_prints() -> None:
    for faults, _ in [*FAULTS.values(), *WIDE_FAULTS.values()]:
        for problem in check(broken(*faults)):
            assert problem.message.in_("vi") != problem.message.in_("en")
            assert "{" not in problem.message.in_("vi").replace("{…}", "")


def test_a_broken_character_in_a_key_can_still_be_printed() -> None:
    problems = check(encode(SOUND).replace(b'"title": {', b'"title": {"\\ud800": "x", ', 1))
    assert problems
    for problem in problems:
        (problem.path + problem.message.in_("vi")).encode()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["a", "b", "why"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "items", "item", "in", "all", "not", "children", "vi"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
PATHS = [path for path, _ in leaves(SOUND) if path]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), JSON), min_size=1, max_size=3))
def test_no_damage_makes_the_checker_fall_over(damage: list[tuple[str, object]]) -> None:
    """Whatever stands wherever, the answer is a list of problems or a document that loads."""
    document = sound()
    for path, value in damage:
        try:
            put(path, value)(document)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier damage took this place away
    raw = json.dumps(document).encode()
    if check(raw):
        with pytest.raises(CorruptQuestionnaire):
            load(raw)
    else:
        for formula in load(raw).formulas:
            assert sum(term.weight for term in flatten(formula.root)) == pytest.approx(1)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_the_checker_fall_over(raw: bytes) -> None:
    assert check(raw)


def test_paths_are_written_the_way_they_are_read() -> None:
    assert steps("sections[2].items[0].scale") == ["sections", 2, "items", 0, "scale"]
