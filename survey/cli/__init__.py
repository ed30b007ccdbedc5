"""The same use cases by command: `survey …`. It parses, calls one service, prints."""

from survey.cli.entry import main

__all__ = ["main"]
