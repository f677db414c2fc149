"""AdaBoost against scikit-learn's, and the search for stumps against trying everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import AdaBoostClassifier

from aml4d_utils.topics.viola_jones.boosting import Stumps, boost, scores
from aml4d_utils.topics.viola_jones.haar import all_features, feature_values


def every_stump(values, is_face, weights):
    """Yield error, feature, threshold and side of every weak answer."""
    for feature, row in enumerate(values):
        levels = np.unique(row)
        for threshold in (levels[:-1] + levels[1:]) / 2:
            for face_above in (True, False):
                wrong = ((row >= threshold) == face_above) != is_face
                yield weights[wrong].sum(), feature, threshold, face_above


class BestStump(ClassifierMixin, BaseEstimator):
    """The stump with the smallest weighted error, found by trying all: for scikit-learn."""

    def fit(self, examples, is_face, sample_weight):
        self.classes_ = np.unique(is_face)
        found = every_stump(examples.T, is_face.astype(bool), sample_weight)
        _, self.feature_, self.threshold_, self.face_above_ = min(found, key=lambda s: s[0])
        return self

    def predict(self, examples):
        return (examples[:, self.feature_] >= self.threshold_) == self.face_above_


def examples(seed, features=12, count=40):
    rng = np.random.default_rng(seed)
    is_face = np.arange(count) < count // 2
    return rng.normal(size=(features, count)) + 0.6 * is_face, is_face


@pytest.mark.parametrize("seed", range(4))
def test_it_chooses_and_weighs_as_scikit_learn_does(seed):
    values, is_face = examples(seed)
    theirs = AdaBoostClassifier(BestStump(), n_estimators=6).fit(values.T, is_face)
    *_, last = boost(Stumps(values, is_face), 6)
    assert [weak.feature for weak in last.chosen] == [e.feature_ for e in theirs.estimators_]
    assert [weak.threshold for weak in last.chosen] == pytest.approx(
        [e.threshold_ for e in theirs.estimators_]
    )
    assert [weak.say for weak in last.chosen] == pytest.approx(theirs.estimator_weights_)
    assert [weak.error for weak in last.chosen] == pytest.approx(theirs.estimator_errors_)
    ours = scores(last.chosen, values)
    np.testing.assert_array_equal(ours >= 0, theirs.predict(values.T))
    # scikit-learn counts a vote for a face and against anything else, so its range is twice ours.
    np.testing.assert_allclose(2 * ours, theirs.decision_function(values.T), atol=1e-9)


def test_on_real_features_of_real_faces_it_predicts_as_scikit_learn_does():
    from aml4d_utils import images
    from aml4d_utils.topics.viola_jones.faces import held_out_examples, training_examples

    data = images.faces()
    bank = all_features(25, step=8, least=4)
    values, test = (
        feature_values(bank, part(data)[0]).astype(float)
        for part in (training_examples, held_out_examples)
    )
    is_face = training_examples(data)[1]
    theirs = AdaBoostClassifier(BestStump(), n_estimators=4).fit(values.T, is_face)
    *_, last = boost(Stumps(values, is_face), 4)
    np.testing.assert_allclose(
        2 * scores(last.chosen, test), theirs.decision_function(test.T), atol=1e-6
    )


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(4, 12), st.booleans())
def test_the_best_stump_is_the_best_of_all(seed, features, count, ties):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(features, count))
    if ties:
        values = np.round(values)
    is_face = np.arange(count) < rng.integers(1, count)
    weights = rng.random(count)
    weights /= weights.sum()
    every = list(every_stump(values, is_face, weights))
    if not every:
        with pytest.raises(ValueError, match="No feature tells"):
            Stumps(values, is_face).best(weights)
        return
    stumps = Stumps(values, is_face)
    best = stumps.best(weights)
    assert best.error == pytest.approx(max(min(e[0] for e in every), 1e-6))
    wrong = best.answers(values[best.feature]) != is_face
    assert weights[wrong].sum() == pytest.approx(min(e[0] for e in every))
    smallest = stumps.smallest_errors(weights)
    for feature in range(features):
        own = [e[0] for e in every if e[1] == feature]
        assert smallest[feature] == pytest.approx(min(own, default=np.inf))


def test_what_was_wrong_gets_half_of_the_weight():
    values, is_face = examples(3)
    for state in boost(Stumps(values, is_face), 5):
        last = state.chosen[-1]
        wrong = last.answers(values[last.feature]) != is_face
        assert state.weights[wrong].sum() == pytest.approx(0.5)
        assert state.weights.sum() == pytest.approx(1)
        assert 0 < state.fraction <= 1
    assert state.fraction == 1
    assert len(state.train_wrong) == len(state.chosen) == 5


def test_measuring_in_steps_gives_the_same():
    pictures = np.random.default_rng(2).random((10, 12, 12))
    is_face = np.arange(10) < 5
    bank = all_features(12)
    steps = Stumps.in_steps(bank, pictures, is_face)
    shares = []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            stumps = end.value
            break
    assert shares == sorted(shares)
    assert shares[-1] == 1
    whole = Stumps(feature_values(bank, pictures), is_face)
    weights = np.full(10, 0.1)
    assert stumps.best(weights) == whole.best(weights)


def test_more_than_256_examples():
    values, is_face = examples(5, features=3, count=600)
    weights = np.full(600, 1 / 600)
    best = Stumps(values, is_face).best(weights)
    assert best.error == pytest.approx(min(e[0] for e in every_stump(values, is_face, weights)))


@pytest.mark.parametrize(
    ("values", "is_face", "says"),
    [
        (np.zeros((2, 3)), np.ones(3, bool), "faces and other things"),
        (np.zeros((2, 3)), np.zeros(3, bool), "faces and other things"),
        (np.zeros((2, 3)), np.array([True, False]), "Expected values"),
        (np.zeros((0, 2)), np.array([True, False]), "Expected values"),
    ],
)
def test_what_cannot_be_boosted_is_refused(values, is_face, says):
    with pytest.raises(ValueError, match=says):
        Stumps(values, is_face)
