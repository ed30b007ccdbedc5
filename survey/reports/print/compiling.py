"""The Typst compiler in a process of its own: JSON on standard input, the PDF on standard output.

Run by typesetting.py, by its path, so that it starts in a moment. The compiler keeps what it has laid out
for as long as its process lives: a site that printed in its own process would grow with every sheet.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    """Compile what standard input asks for: template, folder of fonts, data, whether the PDF is tagged."""
    asked = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[asked["fonts"]])
    told = {"data": json.dumps(asked["data"], ensure_ascii=False)}
    compiler = typst.Compiler(asked["template"], font_paths=fonts, sys_inputs=told)
    made = compiler.compile(format="pdf", pdf_tags=asked["tagged"])
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
