"""Garments told apart by features: against scikit-learn, and honest about its pictures."""

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid

from aml4d_utils import images
from aml4d_utils.topics.features.failures import failures
from aml4d_utils.topics.features.garments import (
    growing_mean,
    growing_means,
    pictures,
    score,
    template_scores,
)


@pytest.fixture(scope="module")
def data():
    return images.fashion_mnist()


def part(images_, labels, wanted, count):
    shown = np.concatenate([images_[labels == label][:count] for label in wanted]) / 255.0
    return shown.reshape(len(shown), -1), np.repeat(wanted, count)


# Some pixels are black in every picture of a class, which scikit-learn's spread does not like.
@pytest.mark.filterwarnings("ignore:self.within_class_std_dev_:UserWarning")
@pytest.mark.filterwarnings("ignore:invalid value encountered in divide:RuntimeWarning")
@pytest.mark.parametrize("count", [1, 7, 100])
def test_templates_are_scikit_learn_s_nearest_centroid(data, count):
    known, truth = part(data.train_images, data.train_labels, range(10), count)
    shown, wanted = part(data.test_images, data.test_labels, range(10), 50)
    theirs = NearestCentroid().fit(known, truth).predict(shown)
    ours = template_scores(range(10), [count], testing=50)[0]
    assert (ours.right, ours.tested) == ((theirs == wanted).sum(), 500)


def test_a_score_is_nearest_centroid_on_scaled_features(data):
    def feature(picture):
        return [picture.mean(), picture[:14].mean(), picture.max()]

    known, truth = part(data.train_images, data.train_labels, (3, 5, 9), 60)
    shown, wanted = part(data.test_images, data.test_labels, (3, 5, 9), 40)
    first, second = (
        np.array([feature(one.reshape(28, 28)) for one in part_]) for part_ in (known, shown * 0.7)
    )
    theirs = NearestCentroid().fit(first / first.std(axis=0), truth)
    expected = (theirs.predict(second / first.std(axis=0)) == wanted).sum()
    ours = score(feature, (3, 5, 9), light=0.7, training=60, testing=40)
    assert (ours.right, ours.tested) == (expected, 120)
    assert ours.accuracy == expected / 120


def test_practice_pictures_are_training_pictures_that_were_not_averaged():
    seen = []

    def remember(picture):
        seen.append(picture.tobytes())
        return picture.mean()

    score(remember, (1,), training=5, testing=4, practice=True)
    shown = pictures(1, training=True)
    assert seen == [one.tobytes() for one in shown[:9]]
    seen.clear()
    score(remember, (1,), training=5, testing=4, skip=2)
    assert seen[5:] == [one.tobytes() for one in pictures(1, training=False)[2:6]]


def test_means_grow():
    shown = pictures(8, training=True)
    means = growing_means(8, [1, 2, 50])
    np.testing.assert_array_equal(means[0], shown[0])
    np.testing.assert_allclose(means[1], (shown[0] + shown[1]) / 2)
    np.testing.assert_allclose(means[2], shown[:50].mean(axis=0))
    grown = growing_mean(8, 50)
    np.testing.assert_allclose(grown.mean, means[2])
    np.testing.assert_allclose(grown.templates[8], means[2])
    assert grown.score == template_scores(range(10), [50])[0]
    assert growing_mean(8, 10**6).count == len(shown)


def test_more_pictures_make_better_templates():
    one, many = template_scores(range(10), [1, 64])
    assert many.accuracy > one.accuracy + 0.1


def test_a_constant_feature_says_nothing():
    assert score(lambda picture: 1.0, (0, 1), testing=50).accuracy == 0.5


def test_pictures_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        pictures(0, training=True)[0, 0, 0] = 1


# --- where matching fails --------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases():
    return failures(images.photo("chelsea"))


def test_tilt_costs_right_matches(cases):
    mild, strong, wall, tilted_wall, _ = cases
    assert mild.right > 5 * strong.right > 0
    assert wall.right > tilted_wall.right


def test_a_repeated_pattern_is_mistaken_more_often_than_a_photo(cases):
    mild, _, wall, tilted_wall, _ = cases
    assert mild.trusted > 0.9 > wall.trusted > 0.5 > tilted_wall.trusted


def test_an_even_card_has_nothing_to_match(cases):
    card = cases[-1]
    assert (card.keypoints, card.right, card.wrong, card.trusted) == (0, 0, 0, 0.0)
