"""Many figures rounded half away from zero at once, as whole numbers of their last decimal.

The same rounding as survey.rounding, which does one figure at a time on its decimal form.
"""

from __future__ import annotations

import numpy as np

from survey.scoring.batch.columns import FloatArray


def in_last_decimals(values: FloatArray, places: int) -> FloatArray:
    """Round figures below a thousand to so many last decimals: 79.745 at 2 places is 7975.

    Twelve significant digits are kept first, as `survey.rounding.round_half_up` does, so that a sum
    which is 79.745 but for its last bits rounds as 79.745. NaN stays NaN.
    """
    scaled = np.round(np.abs(values) * 10.0**places, max(9 - places, 0))
    return np.asarray(np.copysign(np.floor(scaled + 0.5), values), dtype=np.float64)
