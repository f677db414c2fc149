from collections import Counter, defaultdict

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import nets
from aml4d_utils.images import cutout_categories, cutouts, grey, mount, photo, split

ALL = cutouts()


@pytest.fixture(scope="module")
def pictures():
    return {cutout.name: cutout.rgba for cutout in ALL}


def test_how_many_there_are():
    assert len(ALL) >= 250
    originals = {c: len({x.original for x in cutouts(c)}) for c in cutout_categories()}
    assert sum(count >= 12 for count in originals.values()) >= 8
    assert sum(len(cutouts(category)) for category in cutout_categories()) == len(ALL)


def test_names_and_files_are_unique():
    assert max(Counter(cutout.name for cutout in ALL).values()) == 1
    assert max(Counter(cutout.file for cutout in ALL).values()) == 1


def test_each_picture_is_cut_out(pictures):
    for name, rgba in pictures.items():
        assert rgba.dtype == np.float32 and rgba.shape[2] == 4, name
        assert 25 <= max(rgba.shape[:2]) <= 256, name
        assert rgba.min() >= 0 and rgba.max() <= 1, name
        alpha = rgba[..., 3]
        assert 0.05 < (alpha > 0.5).mean(), name
        assert (alpha < 0.5).mean() > 0.01, name
        assert alpha[[0, -1]].any() and alpha[:, [0, -1]].any(), name


def test_classes_exist():
    for cutout in ALL:
        assert all(0 <= index < 1000 for index in cutout.imagenet)
        assert cutout.coco is None or 0 <= cutout.coco < 80


def test_names_of_the_classes_of_some():
    by_name = {cutout.name: cutout for cutout in ALL}
    imagenet, coco = nets.labels("squeezenet1_1"), nets.labels("nanodet_g")
    for name, classes, kind in [
        ("zebra", {"zebra"}, "zebra"),
        ("malamute", {"malamute", "Siberian husky", "Eskimo dog"}, "dog"),
        ("bus", {"minibus"}, "bus"),
        ("crowned crane", {"crane (bird)"}, "bird"),
        ("giraffe", set(), "giraffe"),
        ("teddy bear", {"teddy"}, "teddy bear"),
        ("pigeon", set(), "bird"),
    ]:
        assert {imagenet[index] for index in by_name[name].imagenet} == classes
        assert coco[by_name[name].coco] == kind


def test_a_real_classifier_agrees_with_most_of_the_labels(pictures):
    labelled = [cutout for cutout in ALL if cutout.imagenet]
    right = 0
    for cutout in labelled:
        best = nets.classify("efficientnet_lite0", mount(pictures[cutout.name]), k=1)[0]
        right += best.index in cutout.imagenet
    assert right / len(labelled) > 0.75


def look(rgba):
    """Perceptual hash: the grey values on a 32 × 32 grid, and the mask there."""
    small = cv2.resize(
        grey(np.ascontiguousarray(rgba[..., :3])), (32, 32), interpolation=cv2.INTER_AREA
    )
    mask = cv2.resize(rgba[..., 3], (32, 32), interpolation=cv2.INTER_AREA) > 0.5
    return small, mask, rgba.shape[1] / rgba.shape[0]


def is_disc(mask):
    rows, columns = np.ogrid[-1:1:32j, -1:1:32j]
    disc = rows**2 + columns**2 <= 1
    return (mask & disc).sum() / (mask | disc).sum() > 0.9


def are_twins(first, second):
    """The same picture, or the same outline with the same shading in other colours."""
    if abs(np.log(first[2] / second[2])) > 0.05:
        return False
    common = first[1] & second[1]
    outline = common.sum() / (first[1] | second[1]).sum()
    if outline < 0.95:
        return False
    shading = np.corrcoef(first[0][common], second[0][common])[0, 1]
    return shading > 0.93 or (outline > 0.99 and shading > 0.8 and not is_disc(first[1]))


def test_twins_share_their_original_and_nothing_else_does(pictures):
    looks = {name: look(rgba) for name, rgba in pictures.items()}
    flipped = {name: look(rgba[:, ::-1]) for name, rgba in pictures.items()}
    twins = {
        frozenset((a.name, b.name))
        for i, a in enumerate(ALL)
        for b in ALL[i + 1 :]
        if are_twins(looks[a.name], looks[b.name]) or are_twins(looks[a.name], flipped[b.name])
    }
    original = {cutout.name: cutout.original for cutout in ALL}
    for pair in twins:
        assert len({original[name] for name in pair}) == 1, pair
    assert frozenset(("dumper", "dumper mirrored")) in twins
    assert frozenset(("tape measure", "tape measure mirrored")) in twins
    assert frozenset(("green apple", "red apple")) in twins
    shared = defaultdict(set)
    for cutout in ALL:
        shared[cutout.original].add(cutout.name)
    groups = {frozenset(names) for names in shared.values() if len(names) > 1}
    # The same scissors, photographed twice: no twins, but nothing new to learn from either.
    assert groups - twins == {frozenset(("scissors closed", "scissors open"))}


def test_an_unknown_category_lists_the_categories():
    with pytest.raises(ValueError, match="choose one of: birds, coins"):
        cutouts("dragons")


@given(st.floats(0, 1), st.integers(-5, 5))
def test_split_keeps_originals_together_and_shares_fair(share, seed):
    train, test = split(ALL, share, seed)
    assert sorted(c.name for c in (*train, *test)) == sorted(c.name for c in ALL)
    assert not {c.original for c in train} & {c.original for c in test}
    for category in cutout_categories():
        originals = {c.original for c in ALL if c.category == category}
        held_out = {c.original for c in test if c.category == category}
        assert len(held_out) == round(share * len(originals))


def test_split_is_stable():
    train, test = split(cutouts("vehicles"))
    assert [cutout.name for cutout in test] == SPLIT_OF_VEHICLES
    assert split(cutouts("vehicles")) == (train, test)
    assert split(cutouts("vehicles"), seed=1)[1] != test
    everything = split(ALL)[1]
    assert [c for c in everything if c.category == "vehicles"] == list(test)
    assert split(()) == ((), ())
    with pytest.raises(ValueError, match="between 0 and 1"):
        split(ALL, 1.5)


SPLIT_OF_VEHICLES = ["balloon", "beetle car", "tricycle"]


def test_mount_centres_on_a_plain_square():
    rgba = np.zeros((10, 20, 4), np.float32)
    rgba[..., 0] = rgba[..., 3] = 1
    square = mount(rgba, side=100, ground=0.25, margin=0.1)
    assert square.shape == (100, 100, 3)
    assert np.allclose(square[30:70, 10:90], [1, 0, 0])
    assert np.allclose(square[:30], 0.25) and np.allclose(square[:, :10], 0.25)


def test_the_invisible_colours_do_not_show():
    rgba = np.zeros((40, 40, 4), np.float32)
    rgba[..., 1] = 1
    rgba[10:30, 10:30] = [1, 0, 0, 1]
    assert mount(rgba, side=64, ground=0.0)[..., 1].max() == 0


def test_mount_refuses_other_things():
    with pytest.raises(ValueError, match=r"\(H, W, 4\)"):
        mount(photo("coffee"))
    with pytest.raises(ValueError, match="margin"):
        mount(ALL[0].rgba, margin=0.5)
