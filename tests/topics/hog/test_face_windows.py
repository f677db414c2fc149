"""The face window: training, scores, and what each cell adds to them."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.hog.descriptor import hog
from aml4d_utils.topics.hog.face_windows import (
    CELLS,
    MISTAKES,
    ONLY_FACES,
    SETTINGS,
    cell_contributions,
    centre,
    moved,
    on_the_photo,
    place_at,
    shrunk,
    train_steps,
    trained,
    view_windows,
    wanted,
    window_vector,
)


@pytest.fixture(scope="module")
def templates():
    return {lesson: trained(lesson) for lesson in (ONLY_FACES, MISTAKES)}


@pytest.fixture(scope="module")
def astronaut():
    return images.photo("astronaut")


@pytest.fixture(scope="module")
def view(templates, astronaut):
    return view_windows(astronaut, templates[MISTAKES], 112)


def test_held_out_pictures_were_never_seen(templates):
    data = images.faces()
    template = templates[ONLY_FACES]
    assert template.examples == 2 * len(data.train_faces) + len(data.train_others)
    every = np.concatenate([data.test_faces, data.test_others])
    scores = [window_vector(one) @ template.weights.ravel() + template.bias for one in every]
    right = (np.array(scores) > 0) == (np.arange(len(every)) < len(data.test_faces))
    np.testing.assert_array_equal(template.held_out, right)
    assert 0.85 < template.accuracy < 1


def test_mistakes_make_it_careful(templates, astronaut):
    both = (templates[name] for name in (ONLY_FACES, MISTAKES))
    before, after = (view_windows(astronaut, template, 112) for template in both)
    assert before.above > 50 * after.above > 0
    row, col = (edge / after.scale for edge in after.box(after.best)[1::-1])
    assert (abs(row - 56), abs(col - 168)) < (15, 15)


def test_training_in_steps():
    steps = list(train_steps(MISTAKES))
    assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)
    mistakes = [step.template.mistakes for step in steps]
    assert mistakes[0] == 0
    assert mistakes == sorted(set(mistakes))
    assert steps[-1].template.examples == steps[0].template.examples + mistakes[-1]
    with pytest.raises(ValueError, match="no lesson 'all'"):
        next(train_steps("all"))


def test_the_photo_shown_is_no_source_of_mistakes(templates):
    coffee = images.fit(images.photo("coffee"), 300)
    assert trained(MISTAKES, without=coffee).mistakes < templates[MISTAKES].mistakes
    other = np.zeros((90, 120, 3))
    assert trained(MISTAKES, without=other) is templates[MISTAKES]  # learned once, not again


def test_a_score_is_bias_plus_what_the_cells_say(view):
    rng = np.random.default_rng(0)
    for place in rng.integers(0, view.scores.shape, (8, 2)):
        there = moved(view, tuple(place))
        total = there.contributions.sum() + view.template.bias
        assert total == pytest.approx(view.scores[tuple(place)])
        assert there.score == view.scores[tuple(place)]


def test_a_cell_says_what_its_numbers_say():
    rng = np.random.default_rng(1)
    blocks, weights = rng.random((2, 3, 4, 2, 2, 5))
    found = cell_contributions(blocks, weights)
    expected = np.zeros((4, 5))
    for row, col, down, right in np.ndindex(3, 4, 2, 2):
        part = blocks[row, col, down, right] @ weights[row, col, down, right]
        expected[row + down, col + right] += part
    np.testing.assert_allclose(found, expected)


def test_places_and_shares_agree(view):
    for place in ((0, 0), (3, 17), (28, 28), view.best):
        assert place_at(view, *centre(view, place)) == place
    assert place_at(view, 0, 0) == (0, 0)
    assert place_at(view, 1, 1) == tuple(np.subtract(view.scores.shape, 1))
    assert moved(view, (-5, 999)).place == (0, view.scores.shape[1] - 1)


def test_scores_stand_at_the_centres_of_their_windows(view):
    scores, inside = on_the_photo(view)
    assert inside.sum() == view.scores.size
    row, col = np.unravel_index(np.where(inside, scores, -np.inf).argmax(), scores.shape)
    down, across = centre(view, view.best)
    cell = SETTINGS.pixels_per_cell[0]
    assert abs(down * view.photo.shape[0] / cell - row) <= 0.5
    assert abs(across * view.photo.shape[1] / cell - col) <= 0.5


def test_the_window_covers_what_was_trained_on(view):
    assert view.cells.shape == (CELLS, CELLS, 9)
    x0, y0, x1, y1 = view.box(view.place)
    assert (x1 - x0, y1 - y0) == (24, 24)
    assert shrunk(view.photo, 24)[1] == 1


def test_wanted_divides_the_weights(templates):
    template = templates[ONLY_FACES]
    positive, negative = wanted(template)
    assert positive.min() >= 0
    assert negative.min() >= 0
    assert positive.sum() - negative.sum() == pytest.approx(template.weights.sum())


def test_a_photo_without_gradients_scores_the_bias(templates):
    template = templates[MISTAKES]
    view = view_windows(np.full((60, 80, 3), 0.5), template, 40)
    assert view.scores == pytest.approx(template.bias)
    assert (view.contributions == 0).all()
    assert hog(view.photo, SETTINGS).cells.sum() == 0


@pytest.mark.parametrize(("shape", "size"), [((30, 40), 31), ((100, 100), 23)])
def test_windows_that_do_not_fit(templates, shape, size):
    with pytest.raises(ValueError, match="window"):
        view_windows(np.zeros(shape), templates[ONLY_FACES], size)
