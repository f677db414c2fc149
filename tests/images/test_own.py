import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from aml4d_utils.images import (
    as_float,
    as_uint8,
    describe_own_photo,
    describe_photo,
    forget_own_photo,
    keep_own_photo,
    own_photo,
    photo,
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AML4D_HOME", str(tmp_path))
    return tmp_path


def test_the_cat_is_there_before_anything_was_chosen():
    assert np.array_equal(own_photo(), photo("chelsea"))
    assert describe_own_photo() == describe_photo("chelsea")


def test_a_kept_photo_comes_back_until_it_is_forgotten(home):
    keep_own_photo(photo("coffee"))
    assert np.array_equal(own_photo(), photo("coffee"))
    assert describe_own_photo() == "your own photo"
    assert [path.name for path in home.iterdir()] == ["own_photo.png"]
    forget_own_photo()
    assert np.array_equal(own_photo(), photo("chelsea"))
    forget_own_photo()


def test_grey_large_and_tiny_photos():
    keep_own_photo(np.full((3000, 1500), 128, np.uint8))
    assert own_photo().shape == (1024, 512, 3)
    keep_own_photo(np.ones((1, 1, 3)))
    assert own_photo().tolist() == [[[1, 1, 1]]]


def test_what_is_not_an_image_changes_nothing():
    keep_own_photo(photo("coffee"))
    with pytest.raises(ValueError, match="NaN"):
        keep_own_photo(np.full((2, 2), np.nan))
    assert np.array_equal(own_photo(), photo("coffee"))


def test_a_crash_while_writing_keeps_the_earlier_photo(home, monkeypatch):
    keep_own_photo(photo("coffee"))

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space left on device.*AML4D_HOME"):
        keep_own_photo(photo("rocket"))
    assert np.array_equal(own_photo(), photo("coffee"))


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind here"
)
def test_a_folder_without_write_permission_is_said(home):
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(OSError, match="cannot be written to"):
            keep_own_photo(photo("rocket"))
    finally:
        home.chmod(stat.S_IRWXU)


def test_a_refused_write_is_said(monkeypatch, home):
    from aml4d_utils.images import own

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(own, "NamedTemporaryFile", refuse)
    with pytest.raises(PermissionError, match="cannot be written to") as caught:
        keep_own_photo(photo("rocket"))
    assert str(home) in str(caught.value)


def test_a_damaged_kept_photo_is_said(home):
    (home / "own_photo.png").write_bytes(b"not a picture")
    with pytest.raises(ValueError, match="choose it again"):
        own_photo()


def test_two_notebooks_keeping_photos_at_once_leave_one_whole_photo(home):
    rng = np.random.default_rng(0)
    pictures = [as_uint8(rng.random((60, 80, 3))) for _ in range(8)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(keep_own_photo, pictures * 3))
    assert any(np.array_equal(own_photo(), as_float(picture)) for picture in pictures)
    assert [path.name for path in home.iterdir()] == ["own_photo.png"]
