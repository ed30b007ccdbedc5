"""Each module of the services can be the first that a program imports: no circle stands behind another's luck."""

from __future__ import annotations

import subprocess
import sys

_EACH_FIRST = """
import importlib, pkgutil, sys
import survey.services
names = [found.name for found in pkgutil.walk_packages(survey.services.__path__, "survey.services.")]
assert len(names) > 100
for name in names:
    for known in [one for one in sys.modules if one.startswith("survey.services")]:
        del sys.modules[known]
    importlib.import_module(name)
"""


def test_each_service_can_be_imported_first() -> None:
    done = subprocess.run([sys.executable, "-c", _EACH_FIRST], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
