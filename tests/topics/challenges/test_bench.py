"""Each challenge against scikit-image, and what must hold at both ends of its range."""

import numpy as np
import pytest
import skimage.exposure
import skimage.transform
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import images
from aml4d_utils.topics.challenges import bench, hiding, limits, subjects, warping
from aml4d_utils.topics.challenges.bench import CHALLENGES, Bench, challenge
from aml4d_utils.topics.challenges.subjects import CUTOUTS, THINGS, of_photo, subject
from aml4d_utils.topics.poses.asking import Answer

PHOTO = images.resize(images.centre_square(images.photo("chelsea")), 224, 224)


@pytest.fixture(scope="module", params=["motor scooter", "zebra", "photo"])
def shown(request):
    """A thing in 3-D, a cut-out and a photo."""
    return of_photo(images.photo("chelsea")) if request.param == "photo" else subject(request.param)


# --- occlusion ---------------------------------------------------------------------------------


@given(st.integers(1, 12), st.integers(1, 20), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_a_board_hides_the_share_and_no_column_more(height, width, share, seed):
    mask = np.random.default_rng(seed).random((height, width)) + 0.01
    columns = hiding.hidden_columns(mask, share)
    assert mask[:, :columns].sum() >= share * mask.sum() * (1 - 1e-6) - 1e-6
    if columns:
        assert mask[:, : columns - 1].sum() < share * mask.sum() + 1e-6


def test_occlusion_is_a_board_and_nothing_else():
    # skimage's rectangle as an independent way to paint it.
    from skimage.draw import rectangle

    mask = np.zeros((20, 30))
    mask[5:15, 10:20] = 1
    hidden = hiding.occlude(np.ones((20, 30, 3)), mask, 0.5)
    expected = np.ones((20, 30, 3))
    expected[rectangle((0, 0), (19, 14), shape=(20, 30))] = hiding.BOARD
    np.testing.assert_array_equal(hidden, expected)


def test_a_share_out_of_range_is_refused():
    for share in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="`share` between 0 and 1"):
            hiding.hidden_columns(np.ones((2, 2)), share)
    assert hiding.hidden_columns(np.zeros((2, 5)), 0.5) == 5


# --- deformation -------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0.0, 0.3, 1.0])
def test_the_warp_agrees_with_scikit_image(amount):
    field = warping.warp_field(224, 224, amount, np.random.default_rng(3))
    rows, columns = np.mgrid[:224, :224] + field
    peer = np.stack(
        [
            skimage.transform.warp(PHOTO[..., k], np.stack([rows, columns]), order=1, mode="edge")
            for k in range(3)
        ],
        axis=2,
    )
    # OpenCV reads between pixels in steps of 1/32.
    np.testing.assert_allclose(warping.warp(PHOTO, field), peer, atol=0.035)


def test_a_stronger_warp_is_the_same_warp_further():
    half, full = (
        warping.warp_field(60, 80, amount, np.random.default_rng(1)) for amount in (0.5, 1.0)
    )
    np.testing.assert_allclose(2 * half, full)
    assert np.abs(full).max() == pytest.approx(warping.LARGEST * 60)
    # Smooth: neighbours move nearly alike, so that nothing is torn or folded.
    assert np.abs(np.diff(full, axis=1)).max() < 1 and np.abs(np.diff(full, axis=2)).max() < 1


# --- illumination, scale -----------------------------------------------------------------------


@pytest.mark.parametrize("gamma", [1.0, 2.0, 8.0])
def test_darkening_agrees_with_scikit_image(gamma):
    peer = skimage.exposure.adjust_gamma(PHOTO.astype(np.float64), gamma)
    np.testing.assert_allclose(bench.darken(PHOTO.astype(np.float64), gamma), peer, atol=1e-9)


@pytest.mark.parametrize("side", [112, 56])
def test_shrinking_agrees_with_scikit_image(side):
    layer = subject("zebra").layer()
    small = bench.over(bench.shrunk(layer, side), bench.GROUND)
    peer = skimage.transform.downscale_local_mean(
        bench.over(layer, bench.GROUND), (224 // side, 224 // side, 1)
    )
    start = (224 - side) // 2
    part = small[start : start + side, start : start + side]
    np.testing.assert_allclose(part, peer, atol=1e-4)
    outside = small.copy()
    outside[start : start + side, start : start + side] = bench.GROUND
    np.testing.assert_allclose(outside, bench.GROUND)


# --- all of them -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHALLENGES)
def test_nothing_is_done_at_strength_0_and_something_at_1(shown, name):
    untouched = bench.over(shown.layer(), bench.GROUND)
    none, full = challenge(shown, name, 0.0), challenge(shown, name, 1.0)
    np.testing.assert_allclose(none.picture, np.clip(untouched, 0, 1), atol=0.02)
    for each in (none, full):
        assert each.picture.shape == (224, 224, 3) and each.picture.dtype == np.float32
        assert 0 <= each.picture.min() and each.picture.max() <= 1
        assert any(letter.isdigit() for letter in each.words)
    impossible = (name == "viewpoint" and shown.thing is None) or (
        name == "clutter" and shown.whole
    )
    once_round = name == "viewpoint" and shown.thing is not None
    if impossible or once_round:
        np.testing.assert_allclose(full.picture, none.picture, atol=1e-6)
    else:
        assert np.abs(full.picture - none.picture).mean() > 0.01
    assert none.words != full.words or impossible


def test_the_camera_really_goes_round():
    scooter = subject("motor scooter")
    behind = challenge(scooter, "viewpoint", 0.5).picture
    np.testing.assert_allclose(
        behind, bench.over(scooter.layer(yaw=210.0), bench.GROUND), atol=1e-6
    )


def test_clutter_lies_behind_the_thing_and_follows_its_seed():
    zebra = subject("zebra")
    inside = zebra.layer()[..., 3] == 1
    pictures = [challenge(zebra, "clutter", 1.0, seed).picture for seed in (0, 0, 1)]
    np.testing.assert_allclose(pictures[0][inside], zebra.layer()[..., :3][inside], atol=1e-5)
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert np.abs(pictures[0] - pictures[2])[~inside].mean() > 0.05


def test_truncation_keeps_what_occlusion_keeps():
    zebra = subject("zebra")
    columns = hiding.hidden_columns(zebra.layer()[..., 3], 0.4)
    cut, hidden = (challenge(zebra, name, 0.4).picture for name in ("truncation", "occlusion"))
    np.testing.assert_array_equal(cut[:, : 224 - columns], hidden[:, columns:])


def test_what_is_not_allowed_is_refused(shown):
    with pytest.raises(ValueError, match="no challenge 'fog'; choose one of: viewpoint"):
        challenge(shown, "fog", 0.5)
    for strength in (-0.1, 1.5, np.nan):
        with pytest.raises(ValueError, match="`strength` between 0 and 1"):
            challenge(shown, "scale", strength)


@pytest.mark.parametrize("name", [*THINGS, *CUTOUTS])
def test_what_stands_on_the_bench_is_known_to_both_classifiers(name):
    here = subject(name)
    answers = Bench(("Lite0", "SqueezeNet")).ask(here, challenge(here, "scale", 0.0))
    assert all(answer.right for answer in answers.values()), answers


def test_any_photo_may_be_put_on_the_bench():
    for photo in (np.full((40, 60), 0.5), np.zeros((3, 200, 3), np.uint8)):
        here = of_photo(photo)
        assert here.whole and here.layer().shape == (224, 224, 4)
        for name in CHALLENGES:
            assert challenge(here, name, 0.7).picture.shape == (224, 224, 3)
    with pytest.raises(ValueError, match="Expected"):
        of_photo(np.zeros((0, 3, 3)))
    with pytest.raises(ValueError, match="no thing called"):
        subject("zebrra")


def test_the_bench_asks_once_and_its_curve_is_what_is_asked():
    book = Bench(("SqueezeNet",), np.array([0.0, 0.5, 1.0]))
    violin = subject("violin")
    steps = list(book.sweep(violin, "scale", 2))
    assert [step.fraction for step in steps] == pytest.approx([1 / 3, 2 / 3, 1])
    assert np.isnan(steps[0].probability["SqueezeNet"]).tolist() == [False, True, True]
    for k, strength in enumerate(book.strengths):
        answer = book.ask(violin, challenge(violin, "scale", strength, 2))["SqueezeNet"]
        assert steps[-1].probability["SqueezeNet"][k] == answer.probability
        assert steps[-1].right["SqueezeNet"][k] == answer.right
    assert list(book.sweep(violin, "scale", 2)) == []
    assert len(list(book.sweep(violin, "scale", 3))) == 3


def test_a_picture_is_asked_about_once_and_another_one_anew(monkeypatch):
    asked = []

    def answer(net, picture, words):
        asked.append(net)
        return Answer("violin", 0.5, len(asked) / 100, True, ())

    monkeypatch.setattr(bench, "ask", answer)
    book = Bench(("SqueezeNet",))
    violin, zebra = subject("violin"), subject("zebra")
    explored = challenge(violin, "occlusion", 30 / 100, 4)  # as a slider sets it
    first = book.ask(violin, explored)
    assert len(list(book.sweep(violin, "occlusion", 0))) == len(bench.STEPS) == len(asked)
    assert book.ask(violin, challenge(violin, "occlusion", 0.3)) == first
    assert len(asked) == len(bench.STEPS)
    others = [(zebra, "occlusion", 0.3, 0), (violin, "truncation", 0.3, 0),
              (violin, "occlusion", 0.31, 0), (violin, "deformation", 0.3, 0),
              (violin, "deformation", 0.3, 1)]  # fmt: skip
    answers = {book.ask(here, challenge(here, *how))["SqueezeNet"] for here, *how in others}
    assert len(answers | {first["SqueezeNet"]}) == len(others) + 1
    book.ask(violin, explored)["SqueezeNet"] = "changed"
    assert book.ask(violin, explored) == first


def test_the_same_picture_under_other_words_is_asked_about_anew():
    book = Bench(("SqueezeNet",))
    violin = subject("violin")
    other = subjects.Subject("no violin", {"SqueezeNet": (0,)}, flat=violin.flat)
    shown = challenge(violin, "scale", 0.0)
    assert book.ask(violin, shown)["SqueezeNet"].right
    assert not book.ask(other, shown)["SqueezeNet"].right


def test_two_photos_have_curves_of_their_own():
    book = Bench(("SqueezeNet",), np.array([0.0]))
    cat, coffee = (of_photo(images.photo(name)) for name in ("chelsea", "coffee"))
    first, second = (list(book.sweep(photo, "scale"))[-1] for photo in (cat, coffee))
    assert first.probability["SqueezeNet"] != second.probability["SqueezeNet"]


def test_limits_show_each_challenge_at_its_strength():
    zebra = subject("zebra")
    strengths = {name: k / 10 for k, name in enumerate(limits.SIX)}
    seen = limits.barely_seen(zebra, strengths)
    for (name, strength), shown, tile in zip(
        strengths.items(), seen.shown, limits.tiles(seen), strict=True
    ):
        assert shown.strength == strength
        np.testing.assert_array_equal(tile, challenge(zebra, name, strength).picture)


def test_a_thing_keeps_its_picture_when_somebody_writes_into_a_result():
    zebra = subjects.subject("motor scooter")
    challenge(zebra, "occlusion", 0.5).picture[:] = 0
    assert challenge(zebra, "occlusion", 0.0).picture.max() > 0.4
