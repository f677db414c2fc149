"""What the detector's controls need is made when the explorer opens."""

import numpy as np
import pytest

from aml4d_utils.topics.deepfakes import explorers, fake_trials


@pytest.fixture
def untried():
    """Forget what other tests made."""
    for kept in (fake_trials.fakes_of, fake_trials._judged):
        kept.cache_clear()


def test_no_faces_are_made_while_a_control_moves(monkeypatch, untried):
    explorer = explorers.detector_explorer()
    for name in ("invented", "swaps", "eigenfaces"):
        monkeypatch.setattr(fake_trials, name, None)
    for maker in fake_trials.MAKERS:
        explorer.set(maker=maker, way="sharpened by an app")
        trial = fake_trials.try_detector(maker, "sharpened by an app")
        np.testing.assert_array_equal(explorer.result.fake, trial.fake)
        assert explorer.result.maker == maker
