import numpy as np
import pytest
from skimage.data import lfw_subset

from aml4d_utils.images import faces


@pytest.fixture(scope="module")
def data():
    return faces()


def test_shapes_types_and_range(data):
    for name, count in (("train", 60), ("test", 40)):
        for kind in ("faces", "others"):
            part = getattr(data, f"{name}_{kind}")
            assert part.shape == (count, 25, 25) and part.dtype == np.float32
            assert part.min() >= 0 and part.max() <= 1


def test_the_two_parts_together_are_the_whole_set(data):
    whole = np.asarray(lfw_subset(), dtype=np.float32)
    for kind, expected in (("faces", whole[:100]), ("others", whole[100:])):
        both = np.concatenate([getattr(data, f"train_{kind}"), getattr(data, f"test_{kind}")])
        assert sorted(p.tobytes() for p in both) == sorted(p.tobytes() for p in expected)


def test_no_picture_is_in_both_parts_and_the_split_stays(data):
    train = {picture.tobytes() for picture in data.train_faces}
    assert not any(picture.tobytes() in train for picture in data.test_faces)
    np.testing.assert_array_equal(data.test_faces, faces().test_faces)


def test_changing_them_changes_nothing_elsewhere(data):
    faces().train_faces[:] = 0
    assert faces().train_faces.max() > 0.9


def test_a_damaged_installation_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr("aml4d_utils.images.photos.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="install the packages again"):
        faces()
