"""The photo chooser's Python half: what is kept, what is refused, what is said."""

import io
import os

import numpy as np
import pytest
from PIL import Image

from aml4d_utils import images
from aml4d_utils.images import own
from aml4d_utils.notebook import choose_photo
from aml4d_utils.places import state_dir

CAT = "The lessons use the face of a light ginger tabby cat with green eyes: 451 × 300 pixels."


def as_file(image, kind="PNG", **options):
    memory = io.BytesIO()
    Image.fromarray(image).save(memory, format=kind, **options)
    return memory.getvalue()


PHOTO = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
REFUSED = {
    "empty": b"",
    "text": b"hello " * 50,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "cut short": as_file(PHOTO, "JPEG")[:500],
}


class Browser:
    """Sends what the page would send, and keeps the answers."""

    def __init__(self, chooser):
        self.chooser, self.answers = chooser, []
        chooser.send = lambda content, buffers=None: self.answers.append(content)

    def send(self, kind, *buffers, **content):
        content = {"kind": kind, "sequence": len(self.answers) + 1, **content}
        self.chooser._on_message(self.chooser, content, [memoryview(part) for part in buffers])


@pytest.fixture
def chooser():
    return choose_photo()


@pytest.fixture
def browser(chooser):
    return Browser(chooser)


def test_it_starts_with_the_cat(chooser):
    assert (chooser.chosen, chooser.own, chooser.sentence) == ("chelsea", False, CAT)
    assert np.array_equal(chooser.image, images.photo("chelsea"))


def test_every_bundled_photo_has_a_picture_and_words(chooser):
    assert [photo["name"] for photo in chooser.photos] == list(images.photo_names())
    for photo in chooser.photos:
        with Image.open(io.BytesIO(photo["picture"])) as picture:
            assert max(picture.size) == 160
        assert len(photo["words"]) >= 20
    assert sum(len(photo["picture"]) for photo in chooser.photos) < 300_000


@pytest.mark.parametrize("name", images.photo_names())
def test_a_bundled_photo_is_kept_with_its_words(chooser, name):
    chooser.pick(name)
    assert (chooser.chosen, chooser.own, chooser.status) == (name, False, "")
    assert images.describe_own_photo() == images.describe_photo(name)
    assert images.describe_photo(name) in chooser.sentence
    assert images.describe_photo(name) in chooser.alt
    assert chooser.image.shape == images.fit(images.photo(name), 1024).shape
    assert choose_photo().chosen == name


def test_picking_the_cat_keeps_no_file(chooser):
    chooser.pick("coffee")
    chooser.pick("chelsea")
    assert list(state_dir().iterdir()) == []
    assert chooser.sentence == CAT


def test_a_photo_of_the_students_own(chooser):
    chooser.receive(as_file(PHOTO))
    assert np.array_equal(images.as_uint8(chooser.image), PHOTO)
    assert chooser.image.dtype == np.float32
    assert (chooser.chosen, chooser.own) == ("", True)
    assert chooser.sentence == "The lessons use your own photo: 40 × 30 pixels."
    with Image.open(io.BytesIO(chooser.shown)) as picture:
        assert picture.size == (40, 30)


def test_a_large_photo_is_shown_smaller(chooser):
    chooser.receive(as_file(np.zeros((900, 1200, 3), np.uint8)))
    assert chooser.image.shape == (768, 1024, 3)
    with Image.open(io.BytesIO(chooser.shown)) as picture:
        assert picture.size == (640, 480)


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_photo_changes_nothing(chooser, case):
    chooser.pick("coffee")
    before = chooser.sentence
    with pytest.raises(ValueError):
        chooser.receive(REFUSED[case])
    assert chooser.status.endswith(".")
    assert (chooser.sentence, chooser.chosen) == (before, "coffee")
    assert np.array_equal(chooser.image, images.photo("coffee"))
    chooser.pick("rocket")
    assert chooser.status == ""


@pytest.mark.parametrize("name", ["nonsense", "", None, 3, ["coffee"]])
def test_an_unknown_name_changes_nothing(chooser, name):
    with pytest.raises(ValueError, match="There is no photo"):
        chooser.pick(name)
    assert chooser.sentence == CAT
    assert chooser.status.startswith("There is no photo")


def test_forgetting_goes_back_to_the_cat(chooser):
    chooser.receive(as_file(PHOTO))
    chooser.forget()
    chooser.forget()
    assert chooser.sentence == CAT
    assert list(state_dir().iterdir()) == []


def test_words_are_kept_with_the_photo(chooser):
    chooser.receive(as_file(PHOTO))
    chooser.describe("  my bicycle\n in the   rain ")
    assert chooser.description == images.describe_own_photo() == "my bicycle in the rain"
    assert "my bicycle in the rain" in chooser.sentence
    assert np.array_equal(images.as_uint8(chooser.image), PHOTO)
    assert choose_photo().description == "my bicycle in the rain"
    chooser.describe("")
    assert chooser.description == ""
    assert images.describe_own_photo() == "your own photo"


def test_a_new_photo_does_not_keep_the_old_words(chooser):
    chooser.receive(as_file(PHOTO))
    chooser.describe("my bicycle")
    chooser.receive(as_file(PHOTO[::-1].copy()))
    assert images.describe_own_photo() == "your own photo"


def test_odd_words(chooser):
    chooser.receive(as_file(PHOTO))
    chooser.describe("Zoë’s 猫 \x00\ud800🐈")
    assert images.describe_own_photo() == "Zoë’s 猫 🐈"
    with pytest.raises(ValueError, match="at most 200 letters, but this one has 201"):
        chooser.describe("a" * 201)
    assert images.describe_own_photo() == "Zoë’s 猫 🐈"


def test_bundled_photos_have_their_words_already(chooser):
    with pytest.raises(ValueError, match="described already"):
        chooser.describe("a cat")


def test_it_says_where_the_photo_stays(chooser):
    assert str(state_dir()) in chooser.privacy
    assert "nothing is sent anywhere else" in chooser.privacy


def test_a_damaged_kept_photo_can_be_replaced():
    (state_dir() / "own_photo.png").write_bytes(b"not a picture")
    with pytest.raises(ValueError, match="choose it again"):
        images.describe_own_photo()
    chooser = choose_photo()
    assert "cannot be read" in chooser.status
    assert chooser.chosen == ""
    chooser.forget()
    assert (chooser.status, chooser.sentence) == ("", CAT)


def test_a_full_disk_is_said(chooser, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError):
        chooser.pick("coffee")
    assert "cannot be kept" in chooser.status
    assert chooser.sentence == CAT


# --- from the page ---------------------------------------------------------------------------


def test_every_message_is_answered_once(browser):
    browser.send("pick", name="coffee")
    assert browser.chooser.chosen == "coffee"
    browser.send("photo", as_file(PHOTO))
    assert browser.chooser.own
    browser.send("describe", words="my bicycle")
    assert browser.chooser.description == "my bicycle"
    browser.send("forget")
    assert browser.chooser.chosen == "chelsea"
    assert browser.answers == [{"kind": "done", "sequence": n} for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_photo_from_the_page_is_said(browser, case):
    browser.send("photo", REFUSED[case])
    assert browser.chooser.status
    assert browser.answers == [{"kind": "done", "sequence": 1}]


@pytest.mark.parametrize(
    ("kind", "content"), [("pick", {}), ("pick", {"name": 5}), ("photo", {}), ("describe", {})]
)
def test_messages_without_their_content_are_refused(browser, kind, content):
    browser.send(kind, **content)
    assert browser.chooser.status
    assert browser.chooser.sentence == CAT
    assert len(browser.answers) == 1


def test_other_messages_are_ignored(browser):
    browser.send("something")
    assert browser.answers == []


def test_an_unexpected_error_is_said_raised_and_answered(browser, monkeypatch):
    def broken(*_):
        raise RuntimeError("no\nway")

    monkeypatch.setattr(own, "fit", broken)
    with pytest.raises(RuntimeError):
        browser.send("photo", as_file(PHOTO))
    assert browser.chooser.status == "RuntimeError: no way"
    assert len(browser.answers) == 1
