import numpy as np
import pytest

from aml4d_utils.images import faces
from aml4d_utils.topics.hog.window_scores import window_vectors
from aml4d_utils.topics.part_models.distance_transform import Spring
from aml4d_utils.topics.part_models.part_model import (
    Levels,
    Part,
    PartModel,
    anchor_of,
    best_places_of,
    best_root,
    score_maps,
    score_placed,
    two_levels,
)

BLOCK = (2, 2, 9)


@pytest.fixture(scope="module")
def small():
    """A model with random filters, and a random picture of 12 × 13 coarse cells."""
    rng = np.random.default_rng(3)
    parts = tuple(
        Part(
            name,
            rng.normal(size=(*size, *BLOCK)) * 0.1,
            anchor,
            Spring(rng.normal() * 0.1, 0.05),
            Spring(rng.normal() * 0.1, 0.2),
        )
        for name, anchor, size in (("a", (2, 3), (4, 5)), ("b", (11, 8), (5, 4)))
    )
    model = PartModel(rng.normal(size=(9, 9, *BLOCK)) * 0.1, 0.3, parts)
    coarse, fine = rng.random((11, 12, *BLOCK)), rng.random((23, 25, *BLOCK))
    levels = Levels(coarse, lambda: fine)
    return model, levels


def best_by_trying(model, levels, root):
    """Add up a face with each part at the best of all places, by loops."""
    row, col = root
    total = (levels.coarse[row : row + 9, col : col + 9] * model.root).sum() + model.bias
    for part in model.parts:
        high, wide = part.weights.shape[:2]
        top, left = 2 * row + part.anchor[0], 2 * col + part.anchor[1]
        scores = []
        for r in range(levels.fine.shape[0] - high + 1):
            for c in range(levels.fine.shape[1] - wide + 1):
                match = (levels.fine[r : r + high, c : c + wide] * part.weights).sum()
                cost = part.down.linear * (r - top) + part.down.quadratic * (r - top) ** 2
                cost += part.across.linear * (c - left) + part.across.quadratic * (c - left) ** 2
                scores.append(match - cost)
        total += max(scores)
    return total


def test_the_map_of_scores_is_what_trying_all_places_finds(small):
    model, levels = small
    maps = score_maps(model, levels)
    assert maps.total.shape == (3, 4)
    for root in np.ndindex(maps.total.shape):
        assert maps.total[root] == pytest.approx(best_by_trying(model, levels, root), abs=1e-9)


def test_the_best_places_reach_the_map_and_no_others_exceed_it(small):
    model, levels = small
    maps = score_maps(model, levels)
    rng = np.random.default_rng(0)
    for root in np.ndindex(maps.total.shape):
        best = score_placed(maps, root, best_places_of(maps, root))
        assert best.total == pytest.approx(maps.total[root], abs=1e-9)
        for _ in range(20):
            places = tuple(tuple(rng.integers(m.matches.shape)) for m in maps.parts)
            assert score_placed(maps, root, places).total <= best.total + 1e-9
    assert maps.total[best_root(maps)] == maps.total.max()


def test_a_score_is_root_plus_match_minus_cost(small):
    model, levels = small
    maps = score_maps(model, levels)
    anchors = tuple(anchor_of(part, (1, 2)) for part in model.parts)
    scored = score_placed(maps, (1, 2), anchors)
    assert [part.cost for part in scored.parts] == [0.0, 0.0]
    matches = sum(m.matches[anchor] for m, anchor in zip(maps.parts, anchors, strict=True))
    assert scored.total == pytest.approx(maps.root[1, 2] + matches)


def test_without_parts_it_is_the_root_filter(small):
    model, levels = small
    maps = score_maps(PartModel(model.root, model.bias), levels)
    np.testing.assert_array_equal(maps.total, maps.root)
    np.testing.assert_allclose(maps.root, score_maps(model, levels).root)


def test_root_scores_are_scikit_learns_decision_function(trained):
    from sklearn.svm import LinearSVC

    data = faces()
    levels = two_levels(np.tile(data.test_faces[0], (2, 2)), 16, 16)
    vectors = window_vectors(levels.coarse, 9, 9)
    pictures = [*data.train_faces[:20], *data.train_others[:20]]
    rows = [two_levels(picture).coarse.ravel() for picture in pictures]
    machine = LinearSVC(C=0.1).fit(rows, [1] * 20 + [0] * 20)
    model = PartModel(machine.coef_.reshape(9, 9, *BLOCK), float(machine.intercept_[0]))
    expected = machine.decision_function(vectors.reshape(-1, vectors.shape[-1]))
    np.testing.assert_allclose(score_maps(model, levels).total.ravel(), expected, atol=1e-9)


def test_stiffer_springs_cost_more_and_never_raise_a_score(small):
    model, levels = small
    straight = PartModel(
        model.root,
        model.bias,
        tuple(
            Part(p.name, p.weights, p.anchor, Spring(0.0, 0.05), Spring(0.0, 0.2))
            for p in model.parts
        ),
    )
    totals = [score_maps(straight.stiffened(k), levels).total for k in (0.2, 1, 5, 1000)]
    for softer, stiffer in zip(totals, totals[1:], strict=False):
        assert (stiffer <= softer + 1e-12).all()
    maps = score_maps(straight.stiffened(1000), levels)
    assert best_places_of(maps, (1, 1)) == tuple(anchor_of(p, (1, 1)) for p in model.parts)


def test_wrong_places_are_refused(small):
    model, levels = small
    maps = score_maps(model, levels)
    with pytest.raises(ValueError, match="Expected 2 places"):
        score_placed(maps, (0, 0), ((0, 0),))
    with pytest.raises(ValueError, match="The b can lie in rows 0 to 18"):
        score_placed(maps, (0, 0), ((0, 0), (19, 0)))
    with pytest.raises(ValueError, match="stiffness above 0"):
        model.stiffened(0)


def test_a_constant_picture_has_finite_scores(model):
    maps = score_maps(model, two_levels(np.full((25, 25), 0.5)))
    assert np.isfinite(maps.total).all()
    assert maps.total[0, 0] < 0


def test_sizes_of_the_two_levels():
    levels = two_levels(np.random.default_rng(0).random((40, 70, 3)), 12, 21)
    assert levels.coarse.shape[:2] == (11, 20)
    assert levels.fine.shape[:2] == (23, 41)
