"""Typesetting: a Typst template of this folder and plain data, made into a PDF.

What people wrote reaches the template as data (`sys.inputs.data`), never as markup.
Not what stands on a sheet: each kind of sheet has a module and a template of its own.
"""

from __future__ import annotations

import io
import json
import subprocess  # noqa: S404  # only the compiler of this folder is run
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno

_HERE = Path(__file__).parent
#: Seconds after which a sheet is given up; the largest takes about three.
_PATIENCE = 120


def typeset(template: str, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """Typeset a template of this folder (`name.typ`) with JSON-like data; give the PDF.

    The template reads the data as `json(bytes(sys.inputs.data))`. Noto Sans is its only font: no font of
    the machine can stand in. The compiler runs in a process of its own (compiling.py says why).

    Args:
        tagged: mark the structure for screen readers; a batch of many copies is six times larger with it.
    """
    asked = {"template": str(_HERE / template), "fonts": _fonts(), "data": data, "tagged": tagged}
    done = subprocess.run(  # noqa: S603  # our own interpreter and our own file
        [sys.executable, "-I", str(_HERE / "compiling.py")],
        input=json.dumps(asked, ensure_ascii=False).encode(),
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{template}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def qr_svg(text: str) -> str:
    """Draw a QR code as SVG, without a border: the sheet leaves the room around it."""
    drawn = io.BytesIO()
    segno.make(text, micro=False, error="m").save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


@cache
def _fonts() -> str:
    found = find_spec("fontpkg_noto_sans")
    assert found is not None, "the fonts are among the packages of requirements.lock"
    assert found.origin is not None
    return str(Path(found.origin).parent / "files")
