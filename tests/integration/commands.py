"""Commands, run as a person runs them.

Not the pages, which the people of journeys.py walk through.
"""

from __future__ import annotations

from collections.abc import Callable

from click.testing import CliRunner, Result

from survey.cli import main

Run = Callable[..., Result]


def run_command(*words: object, ends: int = 0, types: str | None = None) -> Result:
    """Run a command, which must end as it should, and never in a traceback."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=types)
    assert result.exit_code == ends, result.output
    assert "Traceback" not in result.output
    return result
