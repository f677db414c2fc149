"""Photos of one's own in two to six classes; every change gives a new collection.

Photos that were taken in one go, a burst, are nearly the same picture. So each photo carries its
burst, and whoever divides a collection keeps bursts together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils import images, solids
from aml4d_utils.topics.detector.known_scenes import Posed
from aml4d_utils.topics.transfer.tasks import SIDE

FEWEST_CLASSES, MOST_CLASSES = 2, 6
MOST_PHOTOS = 300
MOST_LETTERS = 24


@dataclass(frozen=True)
class OwnPhoto:
    """One photo.

    Attributes
    ----------
    picture : ndarray (SIDE, SIDE, 3), uint8
        Its centred square.
    name : str
    burst : str
        What was taken in one go shares it.
    elsewhere : bool
        Taken at another place, for the background test only: never learned from.
    """

    picture: np.ndarray
    name: str
    burst: str
    elsewhere: bool = False

    @property
    def key(self) -> bytes:
        """Equal for equal pictures."""
        return self.picture.tobytes()


@dataclass(frozen=True)
class PhotoCollection:
    """Classes, photos, and which photo is filed where.

    Attributes
    ----------
    classes : tuple of str
        Their names.
    photos : tuple of OwnPhoto
    labels : tuple of int
        For each photo the index of its class.
    """

    classes: tuple[str, ...]
    photos: tuple[OwnPhoto, ...] = ()
    labels: tuple[int, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """How many photos of each class there are to learn from."""
        learned = [label for photo, label in self if not photo.elsewhere]
        return tuple(learned.count(k) for k in range(len(self.classes)))

    def __iter__(self) -> Iterator[tuple[OwnPhoto, int]]:
        return iter(zip(self.photos, self.labels, strict=True))

    def __len__(self) -> int:
        return len(self.photos)

    def added(
        self, photos: Iterable[OwnPhoto], label: int
    ) -> tuple[PhotoCollection, tuple[str, ...]]:
        """Return the collection with more photos of a class, and a sentence for each left out.

        A photo that is there already is left out, whichever class it is filed under: the same
        photo in two classes would teach a contradiction.
        """
        self._check_class(label)
        where = {photo.key: (photo, label) for photo, label in self}
        kept, refused = [], []
        for photo in photos:
            if photo.key in where:
                refused.append(self._already(photo, *where[photo.key], label))
            elif len(self) + len(kept) >= MOST_PHOTOS:
                refused.append(f"{photo.name} is left out: there is room for {MOST_PHOTOS} photos.")
            else:
                where[photo.key] = photo, label
                kept.append(photo)
        more = replace(
            self, photos=(*self.photos, *kept), labels=(*self.labels, *[label] * len(kept))
        )
        return more, tuple(refused)

    def _already(self, photo: OwnPhoto, first: OwnPhoto, filed: int, label: int) -> str:
        there = f"{photo.name} is left out: it is the same picture as {first.name}"
        if filed == label:
            return f"{there}, which is here already."
        return (
            f"{there} in the class {self.classes[filed]}. Move that one if it belongs to "
            f"{self.classes[label]}."
        )

    def moved(self, place: int, label: int) -> PhotoCollection:
        """Return the collection with one photo filed under another class."""
        self._check_place(place)
        self._check_class(label)
        labels = (*self.labels[:place], label, *self.labels[place + 1 :])
        return replace(self, labels=labels)

    def without(self, place: int) -> PhotoCollection:
        """Return the collection without one photo."""
        self._check_place(place)
        return replace(
            self,
            photos=self.photos[:place] + self.photos[place + 1 :],
            labels=self.labels[:place] + self.labels[place + 1 :],
        )

    def emptied(self, classes: Sequence[str]) -> PhotoCollection:
        """Return a collection of new classes without a photo.

        Raises
        ------
        ValueError
            If there are fewer than two or more than six, or a name is empty, long or there twice.
        """
        return PhotoCollection(checked_names(classes))

    def to_learn_from(self) -> np.ndarray:
        """Return the places of the photos that are not from elsewhere.

        Raises
        ------
        ValueError
            If a class has none: a network that knows one class always answers with it.
        """
        for name, count in zip(self.classes, self.counts, strict=True):
            if not count:
                raise ValueError(
                    f"The class {name} has no photo yet. A network that has seen one class only "
                    "would always answer with it: every class needs at least one."
                )
        return np.array([k for k, (photo, _) in enumerate(self) if not photo.elsewhere])

    def _check_place(self, place: int) -> None:
        if not 0 <= place < len(self):
            raise ValueError(f"There is no photo {place}; there are {len(self)}.")

    def _check_class(self, label: int) -> None:
        if not 0 <= label < len(self.classes):
            raise ValueError(f"There is no class {label}; there are {len(self.classes)}.")


def checked_names(classes: Sequence[str]) -> tuple[str, ...]:
    """Return names of classes without spaces around them.

    Raises
    ------
    ValueError
        If there are fewer than two or more than six, or a name is empty, long or there twice.

    Examples
    --------
    >>> checked_names(["mug ", "bottle"])
    ('mug', 'bottle')
    """
    names = tuple(" ".join(str(name).split()) for name in classes)
    if not FEWEST_CLASSES <= len(names) <= MOST_CLASSES:
        raise ValueError(
            f"Give {FEWEST_CLASSES} to {MOST_CLASSES} names of classes, not {len(names)}."
        )
    for name in names:
        if not name or len(name) > MOST_LETTERS or not name.isprintable():
            raise ValueError(f"A class has a name of 1 to {MOST_LETTERS} letters, not {name!r}.")
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("Two classes have the same name.")
    return names


def as_own(image: np.ndarray) -> np.ndarray:
    """Return the centred square of any image as a photo is kept: (SIDE, SIDE, 3), uint8."""
    square = images.centre_square(images.as_float(image))
    return images.as_uint8(images.resize(square, SIDE, SIDE))


@dataclass(frozen=True)
class Opened:
    """Photos opened so far, and a sentence for each file that is none.

    Attributes
    ----------
    photos : tuple of OwnPhoto
    unread : tuple of str
    fraction : float
    """

    photos: tuple[OwnPhoto, ...]
    unread: tuple[str, ...]
    fraction: float


def open_photos(
    files: Sequence[tuple[str, bytes]], *, one_burst: bool = False, elsewhere: bool = False
) -> Iterator[Opened]:
    """Open files one after the other; one that cannot be read is named and skipped.

    Parameters
    ----------
    files : sequence of (name, content)
    one_burst : bool
        Whether they were taken in one go; else each file is a burst of its own.
    elsewhere : bool
        Whether they are for the background test only.

    Yields
    ------
    Opened
        After each file.
    """
    photos: list[OwnPhoto] = []
    unread: list[str] = []
    for done, (name, content) in enumerate(files, 1):
        try:
            picture = as_own(images.open_photo(content))
        except ValueError as error:
            problem = str(error).removeprefix("This file").strip()
            unread.append(f"{name} is skipped: {problem}")
        else:
            burst = f"{files[0][0]} and others" if one_burst else name
            photos.append(OwnPhoto(picture, name, burst, elsewhere))
        yield Opened(tuple(photos), tuple(unread), done / len(files))


def example_collection(
    per_class: int = 10,
    misfiled: bool = True,
    classes: tuple[str, ...] = ("flowers", "fruit"),
) -> PhotoCollection:
    """Return flowers and fruit to begin with: a burst of two frames of each cut-out.

    Parameters
    ----------
    per_class : int
        Things of each class, two photos each.
    misfiled : bool
        Whether both photos of one flower are filed under fruit, as happens by mistake.
    classes : tuple of str
        Other categories of cut-outs than flowers and fruit, or kinds of things in 3-D, of which
        each photo is taken from another side.

    Raises
    ------
    ValueError
        With a sentence that names what there is, if a class is neither.
    """
    collection = PhotoCollection(classes)
    rng = np.random.default_rng(7)
    for label, category in enumerate(classes):
        things = things_of(category)
        if not things:
            known = ", ".join((*images.cutout_categories(), *solids.kinds()))
            raise ValueError(f"There is nothing here of the class {category}. There are: {known}.")
        for what in things[:per_class]:
            ground = images.background(str(rng.choice(images.background_names())), SIDE, SIDE)
            frames = [_frame(what, ground, rng, f"{what.name} {k}") for k in (1, 2)]
            collection, _ = collection.added(frames, label)
    if misfiled:
        for place, (photo, _) in enumerate(collection):
            if photo.burst == MISFILED:
                collection = collection.moved(place, 1)
    return collection


def things_of(category: str) -> tuple[images.Cutout | Posed, ...]:
    """Return the cut-outs of a category or the things in 3-D of a kind, each design once.

    Examples
    --------
    >>> len(things_of("fruit")), len(things_of("chair")), things_of("mugs")
    (25, 41, ())
    """
    found: Iterable[images.Cutout | Posed] = ()
    if category in images.cutout_categories():
        found = images.cutouts(category)
    elif category in solids.kinds():
        found = (Posed(thing, solids.Viewpoint(yaw=30)) for thing in solids.things(category))
    return tuple({one.original: one for one in found}.values())


MISFILED = "gazania"
"""The flower of the example that lies among the fruit."""


def _frame(
    what: images.Cutout | Posed, ground: np.ndarray, rng: np.random.Generator, name: str
) -> OwnPhoto:
    if isinstance(what, Posed):
        what = replace(what, viewpoint=solids.Viewpoint(yaw=float(rng.integers(-60, 61))))
    row, column = SIDE / 2 + rng.uniform(-4, 4, 2)
    placement = images.Placement(
        what, row=row, column=column, length=0.85 * SIDE, angle=rng.uniform(-8, 8)
    )
    picture = images.compose(images.Layout(ground, (placement,))).image
    return OwnPhoto(images.as_uint8(picture), name, what.original)
