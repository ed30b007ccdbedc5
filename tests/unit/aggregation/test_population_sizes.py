"""Sizes and fractions of a population that no sample can come from.

Source: R survey 4.5 `svydesign(fpc=)`.
"""

import numpy as np
import pytest

from survey.aggregation import BadPopulation, SampleDesign


@pytest.mark.parametrize("size", [0.0, -1.0, -0.5])
def test_a_population_or_fraction_of_0_or_less_is_refused(size: float) -> None:
    with pytest.raises(BadPopulation, match="not positive"):
        SampleDesign.build(weights=np.ones(4), fpc=size)
    with pytest.raises(BadPopulation, match="not positive") as refused:
        SampleDesign.build(weights=np.ones(4), strata=list("aabb"), fpc={"a": 0.5, "b": size})
    assert refused.value.places["strata"] == "b"
