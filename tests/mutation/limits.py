"""A pytest plugin for the tests of one mutant: how much of the machine they may take.

Not part of other test runs.
"""

from __future__ import annotations

import resource

from hypothesis import Phase, settings

CPU_SECONDS = 40
MEMORY_BYTES = 8 << 30


def pytest_configure() -> None:
    """Stop a mutant that runs on for ever or asks for all memory, and let hypothesis fail without shrinking."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutant", phases=phases, derandomize=True, database=None, deadline=None)
    settings.load_profile("mutant")
