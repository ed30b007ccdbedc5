"""Sealed boxes open at the site they were made for and nowhere else; what was changed does not open (O7, O8).

That a browser makes the same boxes is tested where one exports its queue (tests/browser/test_tablet.py).
"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.services.sealed_box import KEY_NAME, Unopened, public_key, seal, unseal


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@given(content=st.binary(max_size=300))
@settings(max_examples=25, deadline=None)
def test_what_was_sealed_opens_unchanged(keys: Path, content: bytes) -> None:
    assert unseal(keys, seal(public_key(keys), content)) == content


@given(place=st.integers(0, 120), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_a_box_with_one_bit_changed_does_not_open(keys: Path, place: int, bit: int) -> None:
    box = bytearray(seal(public_key(keys), b"x" * 40))
    box[place] ^= 1 << bit
    with pytest.raises(Unopened):
        unseal(keys, bytes(box))


def test_a_box_opens_at_its_own_site_only(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(Unopened):
        unseal(tmp_path, seal(public_key(keys), b"x"))


@pytest.mark.parametrize("raw", [b"", b"\x01", b"x" * 100])
def test_what_is_no_box_is_said_to_be_none(keys: Path, raw: bytes) -> None:
    with pytest.raises(Unopened):
        unseal(keys, raw)


def test_two_boxes_of_the_same_content_differ(keys: Path) -> None:
    assert seal(public_key(keys), b"x") != seal(public_key(keys), b"x")


def test_the_key_is_made_once_and_read_by_its_owner_alone(keys: Path) -> None:
    assert public_key(keys) == public_key(keys)
    assert stat.S_IMODE((keys / KEY_NAME).stat().st_mode) == 0o600
