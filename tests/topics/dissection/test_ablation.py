"""Ablation: a zero in the averages is a silent unit in the network; counts are counts."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from aml4d_utils import images
from aml4d_utils.topics.dissection import ablation, units
from aml4d_utils.topics.dissection.ablation import CLASSES, ORDERS, Laboratory, Readout
from aml4d_utils.topics.dissection.units import Unit

UNITS = 30


@pytest.fixture(scope="module")
def made_up():
    """A laboratory on seeded numbers: 30 units, each of which speaks for some classes."""
    rng = np.random.default_rng(2)
    prefers = rng.normal(size=(UNITS, len(CLASSES)))

    def half():
        labels = np.repeat(np.arange(len(CLASSES)), 8)
        return np.maximum(rng.normal(size=(len(labels), UNITS)) + prefers.T[labels], 0), labels

    train, test = half(), half()
    readout = ablation.train_readout(*train)
    return Laboratory(readout, train, test, test[0][0], rng.random((UNITS, 31)))


def test_halves_share_no_original_and_each_held_out_one_counts_once():
    train, test = ablation.readout_pictures(seed=1, copies=1)
    assert not set(train.originals) & set(test.originals)
    assert len(set(test.originals)) == len(test.originals) == len(test.labels)
    assert set(train.labels) == set(test.labels) == set(range(len(CLASSES)))
    assert train.images.dtype == np.uint8 and train.images.shape[1:] == (227, 227, 3)


def test_a_zero_in_the_averages_is_a_silent_unit(net, cat, last_of):
    pictures = images.as_uint8(images.resize(images.centre_square(cat), 227, 227))[None]
    _, whole = last_of(ablation.pooled_features(net, pictures))
    off = [3, 77, 500]
    with units.switched_off(net, [Unit("fire9", number) for number in off]):
        _, without = last_of(ablation.pooled_features(net, pictures))
    np.testing.assert_allclose(ablation.silence(whole, off), without, atol=1e-6)
    assert whole[0, off].max() > 0


def test_the_readout_is_scikit_learns_on_standardised_averages(made_up):
    features, labels = made_up.train_features, made_up.train_labels
    scaled = (features - features.mean(0)) / features.std(0)
    model = LogisticRegression(C=0.01, max_iter=500, class_weight="balanced").fit(scaled, labels)
    expected = model.decision_function(scaled)
    np.testing.assert_allclose(made_up.readout.scores(features), expected, atol=1e-8)


def test_importance_is_the_mean_drop_of_the_log_probability(made_up):
    readout, features, labels = made_up.readout, made_up.train_features, made_up.train_labels

    def log_probability(off):
        scores = readout.scores(features, off)
        chances = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
        return np.log(chances[np.arange(len(labels)), labels])

    for unit in (0, 13):
        lost = log_probability([]) - log_probability([unit])
        expected = [lost[labels == k].mean() for k in range(len(CLASSES))]
        np.testing.assert_allclose(made_up.importance[unit], expected, atol=1e-9)


@pytest.mark.parametrize("order", ORDERS)
def test_ablation_counts_right_answers_without_the_first_units(made_up, order):
    result = made_up.ablate("coins", order, 10)
    features = made_up.features.copy()
    features[:, list(result.off)] = 0
    right = made_up.readout.scores(features).argmax(1) == made_up.labels
    expected = [right[made_up.labels == k].sum() for k in range(len(CLASSES))]
    assert result.after.right.tolist() == expected
    at_ten = list(result.counts).index(10)
    assert result.own[at_ten] == result.after.share[CLASSES.index("coins")]
    assert result.own[0] == made_up.before.share[CLASSES.index("coins")]


def test_no_unit_off_changes_nothing(made_up):
    result = made_up.ablate("birds", ORDERS[0], 0)
    np.testing.assert_array_equal(result.after.right, made_up.before.right)
    assert "still called" in result.words_on_photo


def test_the_random_order_is_the_same_each_time(made_up):
    one, other = (made_up.ablate("tools", ORDERS[2], 7).off for _ in range(2))
    assert one == other and len(set(one)) == 7


def test_the_orders_are_by_need_and_by_overlap(made_up):
    column = CLASSES.index("fruit")
    needed, labelled = (made_up.order("fruit", order) for order in ORDERS[:2])
    assert (np.diff(made_up.importance[needed, column]) <= 0).all()
    assert (np.diff(made_up.overlaps[labelled, column]) <= 0).all()


def test_wrong_requests_are_named(made_up):
    with pytest.raises(ValueError, match="no class 'dogs'"):
        made_up.ablate("dogs", ORDERS[0], 3)
    with pytest.raises(ValueError, match="no order 'backwards'"):
        made_up.ablate("birds", "backwards", 3)
    with pytest.raises(ValueError, match="0 to 30 units, but got 31"):
        made_up.ablate("birds", ORDERS[0], 31)


def test_labelled_or_needed_compares_both_orders(made_up):
    result = ablation.labelled_or_needed(made_up, 6)
    k = CLASSES.index("plants")
    needed, labelled = (made_up.ablate("plants", order, 6) for order in ORDERS[:2])
    assert result.labelled.right[k] == labelled.after.right[k]
    assert result.needed.right[k] == needed.after.right[k]
    assert result.common[k] == len(set(labelled.off) & set(needed.off))


def test_the_input_of_silence_stays_as_it_was():
    features = np.ones((2, 3))
    assert ablation.silence(features, [1]).tolist() == [[1, 0, 1]] * 2
    assert features.min() == 1


def test_accuracy_needs_no_units_off_to_count():
    readout = Readout(np.eye(3, len(CLASSES)), np.zeros(len(CLASSES)))
    labels = np.arange(len(CLASSES))
    features = np.eye(len(CLASSES), 3)
    found = ablation.accuracy(readout, features, labels)
    assert found.right.tolist() == [1, 1, 1] + [0] * 9 and found.balanced == pytest.approx(0.25)
    assert ablation.accuracy(readout, features, labels, [1]).right.tolist()[:3] == [1, 0, 1]
