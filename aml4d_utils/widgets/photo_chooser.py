"""Choose the photo that goes with the student through all lessons."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from aml4d_utils import images
from aml4d_utils.images.own import DEFAULT, MOST_LETTERS, UNDESCRIBED
from aml4d_utils.places import state_dir
from aml4d_utils.widgets.widget import LessonWidget, error_in_words, script

_THUMBNAIL, _SHOWN = 160, 640


class PhotoChooser(LessonWidget):
    """The photo of all lessons, and three ways to change it: bundled, a file, the camera.

    A photo is checked and kept the moment it is chosen; one that is refused changes nothing.
    Whatever the browser sends goes through ``images.open_photo``.

    Examples
    --------
    >>> chooser = choose_photo()
    >>> chooser.pick("coffee")
    >>> chooser.sentence
    'The lessons use an espresso in a red cup on a red saucer, a spoon beside it: 600 × 400 pixels.'
    >>> chooser.forget()
    """

    _esm = script("photo_chooser/index.js")
    photos = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)
    fallback = traitlets.Unicode(DEFAULT).tag(sync=True)
    own = traitlets.Bool().tag(sync=True)
    shown = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    longest_description = traitlets.Int(MOST_LETTERS).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    privacy = traitlets.Unicode().tag(sync=True)
    describes = ("alt", "sentence")

    def __init__(self) -> None:
        super().__init__(photos=_thumbnails(), privacy=_privacy())
        try:
            self._show()
        except ValueError as error:
            # A damaged photo is the very case in which the student needs this widget.
            self.sentence = self.alt = self.status = str(error)
        self.hear(
            pick=lambda content, _buffers: self._try(self.pick, content.get("name")),
            photo=lambda _content, buffers: self._try(self.receive, b"".join(buffers)),
            describe=lambda content, _buffers: self._try(
                self.describe, str(content.get("words", ""))
            ),
            forget=lambda _content, _buffers: self._try(self.forget),
        )

    @property
    def image(self) -> np.ndarray:
        """The photo that the lessons use now: ndarray (H, W, 3), float32 in [0, 1]."""
        return images.own_photo()

    def pick(self, name: str) -> None:
        """Choose a bundled photo.

        Raises
        ------
        ValueError
            If there is no photo of that name; nothing changes then.
        OSError
            If the photo cannot be kept.
        """
        self._change(lambda: _keep_bundled(name))

    def receive(self, data: bytes) -> None:
        """Choose a photo of the student's own from the content of its file.

        Raises
        ------
        ValueError
            If ``images.open_photo`` refuses it; nothing changes then.
        OSError
            If the photo cannot be kept.
        """
        self._change(lambda: images.keep_own_photo(images.open_photo(data)))

    def describe(self, words: str) -> None:
        """Keep a description with the student's own photo; empty words take it away.

        Raises
        ------
        ValueError
            If the photo is a bundled one, or there are more than 200 letters.
        OSError
            If the photo cannot be kept.
        """
        self._change(lambda: self._keep_words(words))

    def forget(self) -> None:
        """Delete the kept photo, and go back to Chelsea the cat."""
        self._change(images.forget_own_photo)

    def _change(self, action: Callable[[], None]) -> None:
        try:
            action()
            self._show()
        except OSError as error:
            self.status = f"{error.strerror or error}."
            raise
        except ValueError as error:
            self.status = str(error)
            raise
        except Exception as error:
            self.status = error_in_words(error)
            raise

    def _keep_words(self, words: str) -> None:
        if not self.own:
            raise ValueError("The photos of the course are described already.")
        images.keep_own_photo(images.own_photo(), words)

    def _show(self) -> None:
        image, words = images.own_photo(), images.describe_own_photo()
        height, width = image.shape[:2]
        bundled = {images.describe_photo(name): name for name in images.photo_names()}
        with self.hold_sync():
            self.chosen = bundled.get(words, "")
            self.own = not self.chosen
            self.shown = _as_jpeg(image, _SHOWN)
            self.alt = f"The photo that the lessons use: {words}."
            self.sentence = f"The lessons use {words}: {width} × {height} pixels."
            self.description = words if self.own and words != UNDESCRIBED else ""
            self.status = ""

    def _try(self, change: Callable[..., None], *what: Any) -> None:
        try:
            change(*what)
        except (ValueError, OSError):
            # Said in the status line; the student chooses again.
            return


def choose_photo() -> PhotoChooser:
    """Show the photo that the lessons use, and let the student choose another one.

    Returns
    -------
    PhotoChooser
        The notebook shows it. Every later ``images.own_photo()`` gives what was chosen.
    """
    return PhotoChooser()


def _keep_bundled(name: str) -> None:
    photo = images.photo(name)
    if name == DEFAULT:
        images.forget_own_photo()
    else:
        images.keep_own_photo(photo, images.describe_photo(name))


def _thumbnails() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "words": images.describe_photo(name),
            "picture": _thumbnail(name),
        }
        for name in images.photo_names()
    ]


@functools.cache
def _thumbnail(name: str) -> bytes:
    return _as_jpeg(images.photo(name), _THUMBNAIL)


def _as_jpeg(image: np.ndarray, longest: int) -> bytes:
    from PIL import Image

    memory = io.BytesIO()
    picture = Image.fromarray(images.as_uint8(images.fit(image, longest)))
    picture.save(memory, format="JPEG", quality=90)
    return memory.getvalue()


def _privacy() -> str:
    return (
        "The photo stays on the machine that runs this notebook, in the folder "
        f"{state_dir()}; nothing is sent anywhere else."
    )
