"""The split is honest: nothing in both parts, nothing invented."""

import numpy as np

from aml4d_utils.viola_jones.faces import all_pictures, face_set, varied


def rows(pictures):
    return {picture.tobytes() for picture in pictures}


def test_no_picture_is_in_both_parts_and_none_is_lost():
    split = face_set()
    train, test = split.train[0], split.test[0]
    assert rows(train).isdisjoint(rows(test))
    assert rows(train) | rows(test) == rows(all_pictures())


def test_faces_are_faces():
    split = face_set()
    known = rows(all_pictures()[:100])
    for pictures, is_face in (split.train, split.test):
        assert [p.tobytes() in known for p in pictures] == is_face.tolist()


def test_the_seed_decides_the_split():
    assert rows(face_set(1).train_faces) == rows(face_set(1).train_faces)
    assert rows(face_set(1).train_faces) != rows(face_set(2).train_faces)


def test_copies_are_close_to_their_face_and_the_faces_come_first():
    faces = face_set().train_faces[:5]
    copies = varied(faces, 3, np.random.default_rng(0))
    assert copies.shape == (15, 25, 25)
    assert copies.dtype == np.float32
    np.testing.assert_array_equal(copies[:5], faces)
    assert 0 <= copies.min() <= copies.max() <= 1
    mirrored, plain = copies[5:10], copies[10:]
    for face, one, other in zip(faces, mirrored, plain, strict=True):
        assert np.corrcoef(face[:, ::-1].ravel(), one.ravel())[0, 1] > 0.5
        assert np.corrcoef(face.ravel(), other.ravel())[0, 1] > 0.5
        assert not np.array_equal(face, other)
