"""The first explorer, on every kind of photo."""

import numpy as np
import pytest

from aml4d_utils.topics.welcome.explorers import light_explorer
from aml4d_utils.topics.welcome.figures import describe_light
from aml4d_utils.topics.welcome.light import relight


@pytest.mark.parametrize("shape", [(1, 1, 3), (40, 60, 3), (6000, 8000, 3)])
def test_it_takes_any_photo(shape):
    explorer = light_explorer(np.full(shape, 128, dtype=np.uint8))
    explorer.set(brightness=0.5, contrast=3.0)
    assert explorer.result.mean == pytest.approx(1.0, abs=0.01)
    assert "1.00 of 1" in explorer.sentence


def test_every_control_changes_the_sentence():
    explorer = light_explorer()
    first = explorer.sentence
    explorer.set(brightness=0.25)
    brighter = explorer.sentence
    explorer.set(contrast=0.5)
    assert len({first, brighter, explorer.sentence}) == 3
    explorer.reset()
    assert explorer.sentence == first


def test_the_words_follow_the_numbers():
    photo = np.random.default_rng(0).random((8, 8, 3))
    texts = {describe_light(relight(photo, b, c)) for b in (-0.3, 0, 0.3) for c in (0.5, 2)}
    assert len(texts) == 6
