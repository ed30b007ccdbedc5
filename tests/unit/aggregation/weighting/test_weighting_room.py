"""The promises of the room's corner: public names, errors in both languages, short files with a purpose."""

from pathlib import Path

import survey.aggregation.weighting as corner
from survey.aggregation.weighting import errors
from tests.unit.aggregation.promises import (
    assert_public_names,
    assert_said_in_both_languages,
    errors_of,
    our_imports,
    purpose_of,
)

FOLDER = Path(corner.__file__).parent


def test_every_public_name_is_there_once() -> None:
    assert_public_names(corner)


def test_every_error_is_public_and_has_its_own_code_and_both_languages() -> None:
    leaves = errors_of(errors)
    assert len(leaves) == 10
    assert_said_in_both_languages(leaves, r"SVY-422-10\d")
    assert all(one.__name__ in corner.__all__ for one in leaves)


def test_every_file_says_what_it_is_for_and_what_it_is_not_for() -> None:
    for file in FOLDER.glob("*.py"):
        assert "Not " in purpose_of(file), file


def test_nothing_here_imports_the_core_but_its_labels_sums_and_errors() -> None:
    """The core imports this corner, so the corner may import only what the core itself stands on."""
    allowed = {f"survey.aggregation.{leaf}" for leaf in ("labels", "sums", "errors")} | {"survey.errors"}
    for file, module in our_imports(FOLDER):
        assert module in allowed or module.startswith(corner.__name__), file
