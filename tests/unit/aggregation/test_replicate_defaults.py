"""What replicates are centred on when nobody says.

Source: R survey 4.5: `as.svrepdesign` and `svrepdesign` have `mse = FALSE` (getOption("survey.replicates.mse")).
"""

import numpy as np

from survey.aggregation import (
    SampleDesign,
    balanced_half_samples,
    jackknife,
    rao_wu,
    supplied_replicates,
)


def test_every_way_centres_replicates_on_their_mean_unless_asked_for_the_mean_squared_error() -> None:
    selection = SampleDesign.build(weights=np.ones(4), strata=list("aabb")).selection
    columns = np.array([[2.0, 0], [0, 2], [2, 0], [0, 2]])
    for plain, asked in (
        (jackknife(selection), jackknife(selection, mse=True)),
        (balanced_half_samples(selection), balanced_half_samples(selection, mse=True)),
        (rao_wu(selection, 3, seed=1), rao_wu(selection, 3, seed=1, mse=True)),
        (supplied_replicates(columns), supplied_replicates(columns, mse=True)),
    ):
        assert (plain.mse, asked.mse) == (False, True)
        np.testing.assert_array_equal(plain.factors, asked.factors)
