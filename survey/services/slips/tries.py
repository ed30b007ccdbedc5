"""Wrong codes of slips: five an hour from one browser or device (K13, T21).

Not how they are counted: code_tries.py.
"""

from __future__ import annotations

from datetime import timedelta

from survey.services.code_tries import CodeTries
from survey.services.slips.errors import SlipsBusy, TooManySlipTries

SLIP_TRIES = CodeTries("try", 5, timedelta(hours=1), TooManySlipTries, SlipsBusy)
