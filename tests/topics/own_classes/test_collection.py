"""Photos of one's own: odd files, duplicates, moves; and folds that keep bursts together."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from topics.own_classes.examples import collection, picture

from aml4d_utils.topics.own_classes.photo_collection import (
    MOST_PHOTOS,
    OwnPhoto,
    PhotoCollection,
    as_own,
    checked_names,
    example_collection,
    open_photos,
)
from aml4d_utils.topics.own_classes.teaching import folds_of
from aml4d_utils.topics.transfer.tasks import SIDE


def jpeg(seed, side=160):
    memory = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(memory, format="PNG")
    return memory.getvalue()


def test_one_unreadable_file_among_fifty_is_named_and_skipped():
    files = [(f"photo {k}.png", jpeg(k, 8)) for k in range(50)]
    files[31] = ("broken.jpg", files[31][1][:40])
    *_, opened = open_photos(files)
    assert len(opened.photos) == 49
    assert [p.name for p in opened.photos] == [n for n, _ in files if n != "broken.jpg"]
    (said,) = opened.unread
    assert said.startswith("broken.jpg is skipped: ")


def test_files_taken_in_one_go_are_one_burst():
    files = [(f"{k}.png", jpeg(k, 8)) for k in range(3)]
    *_, apart = open_photos(files)
    *_, together = open_photos(files, one_burst=True, elsewhere=True)
    assert len({photo.burst for photo in apart.photos}) == 3
    assert len({photo.burst for photo in together.photos}) == 1
    assert all(photo.elsewhere for photo in together.photos)


def test_a_photo_that_is_there_already_is_left_out_with_a_sentence():
    red = OwnPhoto(picture(1, 0), "first.jpg", "a")
    copy = OwnPhoto(picture(1, 0), "copy.jpg", "b")
    made, said = PhotoCollection(("red", "green")).added([red, copy], 0)
    assert len(made) == 1
    assert "copy.jpg" in said[0] and "first.jpg" in said[0] and "already" in said[0]
    made, said = made.added([copy], 1)
    assert len(made) == 1
    assert "in the class red" in said[0] and "green" in said[0]


def test_there_is_room_for_so_many_and_the_rest_is_named():
    many = [
        OwnPhoto(np.full((1, 1, 3), divmod(k, 250)[::-1] + (0,), np.uint8), f"{k}", f"{k}")
        for k in range(MOST_PHOTOS + 2)
    ]
    made, said = PhotoCollection(("a", "b")).added(many, 0)
    assert (len(made), len(said)) == (MOST_PHOTOS, 2)


def test_moving_and_deleting_give_new_collections():
    made = collection()
    moved, without = made.moved(1, 1), made.without(0)
    assert (made.labels[1], moved.labels[1]) == (0, 1)
    assert [p.name for p in without.photos] == [p.name for p in made.photos[1:]]
    assert without.labels == made.labels[1:]
    assert moved.counts == (5, 7)
    for place in (-1, len(made)):
        with pytest.raises(ValueError, match="There is no photo"):
            made.without(place)
    with pytest.raises(ValueError, match="There is no class 2"):
        made.moved(0, 2)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["one"], "not 1"),
        (list("abcdefg"), "not 7"),
        (["a", " "], "1 to 24 letters"),
        (["a", "x" * 25], "1 to 24 letters"),
        (["a", "b\x00"], "1 to 24 letters"),
        (["Mug", "mug "], "same name"),
    ],
)
def test_names_that_will_not_do(names, words):
    with pytest.raises(ValueError, match=words):
        checked_names(names)


def test_a_class_without_photos_is_named():
    made, _ = PhotoCollection(("red", "green")).added([OwnPhoto(picture(1, 0), "a", "a")], 0)
    with pytest.raises(ValueError, match="green has no photo"):
        made.to_learn_from()
    away = OwnPhoto(picture(2, 1), "b", "b", elsewhere=True)
    made, _ = made.added([away], 1)
    assert made.counts == (1, 0)
    with pytest.raises(ValueError, match="green has no photo"):
        made.to_learn_from()


@pytest.mark.parametrize("shape", [(1, 1, 3), (50, 200, 3), (40, 30)])
def test_any_image_becomes_a_square(shape):
    made = as_own(np.random.default_rng(0).random(shape))
    assert (made.shape, made.dtype) == ((SIDE, SIDE, 3), np.uint8)


def test_the_example_is_bursts_of_two_and_one_flower_is_misfiled():
    wrong, right = example_collection(), example_collection(misfiled=False)
    assert (right.counts, wrong.counts) == ((20, 20), (18, 22))
    assert set(np.unique([p.burst for p in right.photos], return_counts=True)[1]) == {2}
    other = {
        p.burst for p, a, b in zip(right.photos, right.labels, wrong.labels, strict=True) if a != b
    }
    assert len(other) == 1


BURSTS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2)), min_size=1, max_size=40)


@given(BURSTS, st.integers(2, 5))
def test_a_burst_is_never_on_both_sides_and_no_class_is_missing(pairs, most):
    # A burst belongs to one class here; classes that occur are numbered.
    class_of = {}
    for burst, label in pairs:
        class_of.setdefault(burst, label)
    bursts = [f"burst {burst}" for burst, _ in pairs]
    labels = np.array([class_of[burst] for burst, _ in pairs])
    folds = folds_of(bursts, labels, most)
    spare = min(
        len({b for b, y in zip(bursts, labels, strict=True) if y == k}) for k in set(labels)
    )
    if spare < 2:
        assert folds is None
        return
    assert len(set(folds)) == min(most, spare)
    for fold in set(folds):
        inside = {b for b, f in zip(bursts, folds, strict=True) if f == fold}
        outside = {b for b, f in zip(bursts, folds, strict=True) if f != fold}
        assert not inside & outside
        assert set(labels[folds != fold]) == set(labels)
