"""Faces: measured directions, faces made alike, and how answers are counted."""

import ipywidgets
import numpy as np
import pytest
import torch
from scipy.stats import norm
from topics.face_gan import examples
from topics.walking import below

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.face_gan import face_latents, matched_faces, real_or_not
from aml4d_utils.topics.face_gan.explorers import which_explorer
from aml4d_utils.topics.face_gan.real_or_not import MATCHED, RAW, CallScore, score

# --- directions ------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_faces_bit_by_bit():
    first, second = (
        face_latents.faces_from(examples.painter(), face_latents.face_latents(4, 1))
        for _ in range(2)
    )
    assert first.shape == (4, 64, 64, 3) and np.array_equal(first, second)
    assert 0 <= first.min() < first.max() <= 1


@pytest.mark.parametrize("trait", face_latents.TRAITS)
def test_a_face_moved_along_a_direction_has_more_of_the_trait(trait):
    known, measure = examples.known(), face_latents.TRAITS[trait]
    assert known.vectors[trait].norm() == pytest.approx(1, abs=1e-5)
    starts = face_latents.face_latents(12, 77)
    low, high = (
        torch.stack([face_latents.move(one, known, {trait: by}) for one in starts])
        for by in (-3, 3)
    )
    values = [measure(face_latents.faces_from(examples.painter(), many)) for many in (low, high)]
    assert (values[1] > values[0]).mean() > 0.8
    assert known.explained[trait] <= 1


def test_too_few_faces_for_a_regression_are_refused():
    with pytest.raises(ValueError, match="too few for 100 numbers"):
        next(face_latents.find_directions(examples.painter(), count=130))


def test_arithmetic_changes_more_than_a_random_step():
    changes = np.array([face_latents.arithmetic(examples.painter(), examples.known(),
                        "warm colours", k, 1.0).changes for k in range(6)])  # fmt: skip
    assert changes[:, 0].mean() > 3 * np.abs(changes[:, 1]).mean()
    still = face_latents.arithmetic(examples.painter(), examples.known(), "brightness", 0, 0.0)
    np.testing.assert_allclose(still.before, still.after, atol=1e-5)


# --- made alike ------------------------------------------------------------------------------


def test_faces_made_alike_have_one_format():
    sets = examples.sets()
    assert sets.real.shape == sets.generated.shape == (100, 25, 25)
    assert sets.generated_raw.shape == (100, 64, 64, 3)
    before = [matched_faces.format_features(part) for part in
              (sets.real_raw, matched_faces.crop(sets.generated_raw))]  # fmt: skip
    after = [matched_faces.format_features(part) for part in (sets.real, sets.generated)]
    gaps = [
        np.abs(a.mean(0) - b.mean(0)) / (a.std(0) + b.std(0) + 1e-9) for a, b in (before, after)
    ]
    assert gaps[1].mean() < gaps[0].mean() / 3


def test_a_classifier_that_sees_the_format_only_is_at_chance():
    sets = examples.sets()
    low, high = real_or_not.format_score(sets, MATCHED).interval
    assert low < 0.5 < high
    assert real_or_not.format_score(sets, RAW).interval[0] > 0.85


def test_each_generated_face_is_used_once_and_the_pool_is_large_enough():
    flat = examples.sets().generated_raw.reshape(100, -1)
    assert len(np.unique(flat, axis=0)) == 100
    with pytest.raises(ValueError, match="at least 100"):
        next(matched_faces.face_sets(examples.painter(), pool=99))


def test_matching_gives_every_face_the_same_values_before_compression():
    look = matched_faces.common_look(examples.sets().real_raw)
    (face,) = matched_faces._matched(examples.sets().real_raw[3:4], *look)
    np.testing.assert_allclose(np.sort(face.ravel()), look[0])


# --- answers ---------------------------------------------------------------------------------


def test_a_score_counts_and_measures():
    one = CallScore(hits=30, misses=10, alarms=12, rejections=28)
    assert one.asked == 80 and one.right == pytest.approx(58 / 80)
    assert one.interval == wilson(58 / 80, 80)
    assert one.d_prime == pytest.approx(norm.ppf(30.5 / 41) - norm.ppf(12.5 / 41))
    assert CallScore().right == 0.5 and CallScore().interval == (0, 1) and CallScore().d_prime == 0
    assert np.isfinite(CallScore(20, 0, 0, 20).d_prime)
    assert score([True, False], [False, True]) == CallScore(0, 1, 1, 0)


def test_a_series_is_half_real_and_never_of_training_faces():
    sets = examples.sets()
    for form, real in ((MATCHED, sets.real), (RAW, sets.real_raw)):
        asked = real_or_not.series(sets, form, 4)
        assert sum(asked.real) == 10 and len(asked.pictures) == 20
        learned = {face.tobytes() for face in real[: sets.training]}
        assert not learned & {np.asarray(one).tobytes() for one in asked.pictures}
    orders = {real_or_not.series(sets, MATCHED, seed).real for seed in range(8)}
    assert len(orders) > 4


def test_a_trained_discriminator_beats_chance_on_new_faces():
    net = real_or_not.trained_discriminator(examples.sets(), steps=80)
    found = real_or_not.discriminator_score(net, examples.sets())
    assert found.asked == 80 and found.interval[0] > 0.6


def buttons(explorer):
    found = (part for part in below(explorer.widget) if isinstance(part, ipywidgets.Button))
    return {button.description: button for button in found}


def test_the_game_is_played_to_its_end():
    explorer = which_explorer(examples.sets(), examples.MANY)
    answers = buttons(explorer)
    truth = real_or_not.series(examples.sets(), MATCHED, 0).real
    for k, real in enumerate(truth):
        assert f"{k} of 20 answered" in explorer.sentence and "right" not in explorer.sentence
        answers["Real" if real else "Generated"].click()
    assert "100 % of 20 right" in explorer.sentence
    answers["Real"].click()
    assert explorer.result.score.asked == 20
    explorer.set(number=1)
    assert "0 of 20 answered" in explorer.sentence
    answers["Real"].click()
    explorer.set(told="at once")
    assert "The last one was" in explorer.sentence
    answers["Again"].click()
    assert "0 of 20 answered" in explorer.sentence
