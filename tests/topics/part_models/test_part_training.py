import numpy as np
import pytest
from sklearn.svm import SVC

from aml4d_utils.images import faces, photo
from aml4d_utils.topics.part_models.part_model import score_maps, two_levels
from aml4d_utils.topics.part_models.part_training import (
    LEAST_SPRING,
    OTHER_PHOTOS,
    WITHOUT_FACES,
    fit_svm,
    photo_levels,
    trained_part_model,
)


def scores(model, pictures):
    return np.array([score_maps(model, two_levels(p)).total[0, 0] for p in pictures])


def test_held_out_faces_are_found_and_other_pictures_are_not(trained):
    data = faces()
    for model in (trained.root_only, trained.model):
        assert (scores(model, data.test_faces) > 0).mean() >= 0.85
        assert (scores(model, data.test_others) > 0).mean() <= 0.05


def test_few_windows_of_other_photos_pass(trained):
    passing, count = 0, 0
    for name in OTHER_PHOTOS:
        for levels in photo_levels(photo(name), (130, 260)):
            total = score_maps(trained.model, levels).total
            passing, count = passing + (total > 0).sum(), count + total.size
    assert count > 5000
    assert passing / count < 1e-3


def test_no_photo_is_in_both_lists():
    assert not set(WITHOUT_FACES) & set(OTHER_PHOTOS)


def test_springs_hold_and_parts_stay_close(trained):
    for part in trained.model.parts:
        assert min(part.down.quadratic, part.across.quadratic) >= LEAST_SPRING
    assert 0 < trained.moved < 3


def test_the_training_ends_and_says_so(trained):
    assert trained.fraction == 1.0
    assert trained.faces == 60 and trained.others > 100
    assert trained is trained_part_model()


def test_the_fit_is_scikit_learns(trained):
    rng = np.random.default_rng(0)
    positives = rng.normal(0.5, 1, (15, 40)).astype(np.float32)
    negatives = rng.normal(-0.2, 1, (30, 40)).astype(np.float32)
    weights, bias = fit_svm(positives, negatives)
    rows = np.concatenate([positives, negatives])
    machine = SVC(kernel="linear", C=0.1, class_weight={1: 4.0, 0: 1.0})
    machine.fit(rows, [1] * 15 + [0] * 30)
    np.testing.assert_allclose(rows @ weights + bias, machine.decision_function(rows), atol=2e-3)


def test_sizes_that_are_too_small_are_left_out():
    assert photo_levels(np.zeros((40, 200, 3)), (160,)) == []
    assert len(photo_levels(np.zeros((200, 200, 3)), (40, 160))) == 1


@pytest.mark.parametrize("others", [False, True])
def test_nothing_is_nan(trained, others):
    data = faces()
    pictures = data.test_others if others else data.test_faces
    assert np.isfinite(scores(trained.model, pictures)).all()
