"""Films that nobody filmed."""

import numpy as np

from aml4d_utils.topics.synthetic_video import clips


def test_a_walk_is_smooth_and_a_cut_is_not():
    *_, clip = clips.walk_through_faces(3, stops=3, between=8)
    assert clip.pictures.shape == (24, 64, 64, 3) and clip.fraction == 1
    stops = clip.pictures[::8]
    assert clip.step < 0.5 * np.abs(np.diff(stops, axis=0)).mean()
    assert 0 < clip.farthest < 1


def test_a_flight_comes_back_to_where_it_began():
    steps = list(clips.flight("forklift", 20, pictures=8, side=32))
    clip = steps[-1]
    assert [step.fraction for step in steps] == [(k + 1) / 8 for k in range(8)]
    last = np.abs(clip.pictures[0] - clip.pictures[-1]).mean()
    assert last < clip.farthest
    again = list(clips.flight("forklift", 20, pictures=8, side=32))[-1]
    assert np.array_equal(clip.pictures, again.pictures)


def test_one_picture_has_no_step():
    assert clips.Clip("one", np.zeros((1, 4, 4, 3), np.float32), 0.5).step == 0
