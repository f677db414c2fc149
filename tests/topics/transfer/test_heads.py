"""Linear heads against scikit-learn, bodies against the networks they are taken from."""

import numpy as np
import pytest
import torch

from aml4d_utils import nets
from aml4d_utils.topics.transfer.linear_heads import (
    STRENGTH,
    _numeric_threads,
    balanced_accuracy,
    fit_head,
    to_length_one,
)
from aml4d_utils.topics.transfer.trained_bodies import Bodies, as_batch, untrained_lite


@pytest.fixture(scope="module")
def bodies():
    return Bodies()


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (3, 128, 128, 3), dtype=np.uint8)


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize(("width", "within"), [(7, 1e-9), (200, 1e-3)])
def test_a_head_answers_as_the_library_does(classes, width, within):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import normalize

    rng = np.random.default_rng(classes)
    features = rng.random((30, width))
    labels = rng.permutation(np.arange(30) % classes)
    head = fit_head(features, labels, classes)
    model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
    model.fit(normalize(features), labels)
    new = rng.random((9, width))
    assert head.weights.shape == (width, classes)
    assert np.allclose(head.probabilities(new), model.predict_proba(normalize(new)), atol=within)
    assert (head.answers(new) == model.predict(normalize(new))).all()


def test_a_large_class_counts_no_more_than_a_small_one():
    features = np.array([[1.0, 0.2]] * 40 + [[1.0, 0.3]] * 2)
    head = fit_head(features, np.array([0] * 40 + [1] * 2), 2)
    assert head.answers(np.array([[1.0, 0.3], [1.0, 0.2]])).tolist() == [1, 0]


def test_the_length_of_features_does_not_matter():
    features = np.random.default_rng(1).random((6, 4))
    head = fit_head(features, np.array([0, 1, 2] * 2), 3)
    assert np.allclose(head.scores(features), head.scores(7 * features))
    assert to_length_one(np.zeros((2, 3))).tolist() == [[0.0] * 3] * 2


def test_one_class_or_an_empty_one_is_refused():
    with pytest.raises(ValueError, match="at least two"):
        fit_head(np.eye(2), np.array([0, 0]), 1)
    with pytest.raises(ValueError, match="class 1"):
        fit_head(np.eye(2), np.array([0, 2]), 3)


def test_a_head_is_fitted_with_one_thread_and_leaves_the_others_as_they_were(monkeypatch):
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_info, threadpool_limits

    def threads():
        return {library["num_threads"] for library in threadpool_info()}

    seen, fit = [], LogisticRegression.fit

    def watched(model, *data):
        seen.append(threads())
        return fit(model, *data)

    monkeypatch.setattr(LogisticRegression, "fit", watched)
    _numeric_threads.cache_clear()  # other tests may have loaded more libraries since
    with threadpool_limits(2):
        fit_head(np.eye(4), np.array([0, 1, 0, 1]), 2)
        assert threads() == {2}
    assert seen == [{1}]


def test_balanced_accuracy_against_the_library():
    from sklearn.metrics import balanced_accuracy_score

    rng = np.random.default_rng(3)
    truth, answers = rng.integers(0, 4, 50), rng.integers(0, 4, 50)
    assert np.isclose(balanced_accuracy(answers, truth), balanced_accuracy_score(truth, answers))


def test_features_are_the_networks_own(bodies, pictures):
    lite, squeeze = nets.load("efficientnet_lite0"), nets.load("squeezenet1_1")
    with torch.no_grad():
        wanted = lite.features(as_batch("efficientnet_lite0", pictures)).cpu().numpy()
        maps = squeeze.features(as_batch("squeezenet1_1", pictures)).mean((2, 3)).cpu().numpy()
    assert np.allclose(bodies.features("Lite0", pictures), wanted, atol=1e-4)
    assert np.allclose(bodies.features("SqueezeNet", pictures), maps, atol=1e-3)


def test_pictures_go_to_the_network_as_preprocess_gives_them(pictures):
    wanted = nets.preprocess("efficientnet_lite0", pictures[0] / 255, size=128)
    assert torch.allclose(as_batch("efficientnet_lite0", pictures[:1]), wanted, atol=1e-5)


def test_a_picture_is_looked_at_once(pictures):
    bodies = Bodies()
    assert [seen.done for seen in bodies.look("untrained Lite0", pictures)] == [3]
    assert list(bodies.look("untrained Lite0", pictures)) == []
    more = np.concatenate([pictures, 255 - pictures[:1]])
    assert [seen.total for seen in bodies.look("untrained Lite0", more)] == [1]


def test_what_was_seen_before_a_stop_is_kept():
    many = np.random.default_rng(5).integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    bodies = Bodies()
    kept = next(bodies.look("untrained Lite0", many)).done
    assert 0 < kept < 20
    assert {seen.total for seen in bodies.look("untrained Lite0", many)} == {20 - kept}


def test_the_untrained_body_has_other_weights_and_always_the_same():
    one, other = untrained_lite(0).state_dict(), untrained_lite(0).state_dict()
    assert all(torch.equal(one[k], other[k]) for k in one)
    trained = nets.load("efficientnet_lite0", device="cpu").state_dict()
    assert not torch.equal(one["stem.0.weight"], trained["stem.0.weight"])


def test_pixels_are_small_and_around_zero(bodies):
    grey = np.full((2, 128, 128, 3), 128, np.uint8)
    assert bodies.features("pixels", grey).shape == (2, 3072)
    assert np.abs(bodies.features("pixels", grey)).max() < 0.01
