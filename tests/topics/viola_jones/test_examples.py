"""Faces and other things to learn from: nothing in both parts, copies close to their originals."""

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.viola_jones.faces import held_out_examples, training_examples, varied


def test_faces_come_first_and_no_picture_is_in_both_parts():
    data = images.faces()
    seen = set()
    for joined, faces, others in (
        (training_examples(data), data.train_faces, data.train_others),
        (held_out_examples(data), data.test_faces, data.test_others),
    ):
        pictures, is_face = joined
        np.testing.assert_array_equal(pictures[is_face], faces)
        np.testing.assert_array_equal(pictures[~is_face], others)
        part = {picture.tobytes() for picture in pictures}
        assert seen.isdisjoint(part)
        seen |= part
    assert len(seen) == 200


def test_copies_are_close_to_their_face_and_the_faces_come_first():
    faces = images.faces().train_faces[:5]
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
