"""The first explorer, on every kind of photo."""

import numpy as np
import pytest

from aml4d_utils.topics.welcome.explorers import light_explorer


@pytest.mark.parametrize("shape", [(1, 1, 3), (40, 60, 3), (6000, 8000, 3)])
def test_it_takes_any_photo(shape):
    explorer = light_explorer(np.full(shape, 128, dtype=np.uint8))
    explorer.set(brightness=0.5, contrast=3.0)
    assert explorer.result.mean == pytest.approx(1.0, abs=0.01)
    assert "1.00 of 1" in explorer.sentence
