"""One sitting of teaching: the collection as it is now, how it was before, and what was taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier, read_bundle, save_bundle
from aml4d_utils.topics.own_classes.photo_collection import OwnPhoto, PhotoCollection
from aml4d_utils.topics.own_classes.teaching import Taught, teach
from aml4d_utils.topics.transfer.trained_bodies import Bodies

REMEMBERED = 40
FRAMES = 20
"""Of a burst at most."""

APART = 0.25
"""Seconds between two frames of a burst."""


@dataclass(frozen=True)
class Desk:
    """What lies on the desk: what was taught, the photo that is looked at, what happened last.

    Attributes
    ----------
    taught : Taught or None
        None while photos are looked at, and where a class has none.
    place : int
        Of the photo that is looked at.
    target : int
        The class that a photo would be moved to.
    note : str
        What the last change did; may be empty.
    fraction : float
        How far the teaching has come.
    empty : bool
        Whether a class has no photo, so that nothing can be taught.
    loaded : dict or None
        What a network that was loaded says of the photo: name of a class to probability.
    """

    taught: Taught | None
    place: int
    target: int
    note: str
    fraction: float
    empty: bool = False
    loaded: dict[str, float] | None = None


class TeachingSession:
    """Photos that can be changed and changed back, and a network that follows.

    Parameters
    ----------
    bodies : Bodies
    collection : PhotoCollection
    """

    def __init__(self, bodies: Bodies, collection: PhotoCollection):
        self.bodies = bodies
        self._first = collection
        self.start_again()

    @property
    def now(self) -> PhotoCollection:
        """The collection as it is."""
        return self._history[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return len(self._history) > 1

    def start_again(self) -> None:
        """Go back to the first collection and forget every change."""
        self._history = [self._first]
        self._taught: list[tuple[PhotoCollection, bool, Taught]] = []
        self._burst: list[OwnPhoto] = []
        self._last_frame = float("-inf")
        self.loaded: OwnClassifier | None = None
        self.note = ""

    def change(self, collection: PhotoCollection, note: str) -> None:
        """Put a changed collection in the place of the present one."""
        self._history = [*self._history, collection][-REMEMBERED:]
        self.loaded = None
        self.note = note

    def explain(self, problem: Exception) -> None:
        """Say in the note why something could not be done; nothing has changed."""
        self.note = str(problem)

    def begin(self, names: Sequence[str]) -> None:
        """Begin with new classes without photos; Undo brings the old ones back.

        Raises
        ------
        ValueError
            If the names do not do.
        """
        empty = self.now.emptied(names)
        self.change(empty, f"{len(empty.classes)} new classes. Add photos to each of them.")

    def add(self, photos: list[OwnPhoto], label: int, besides: tuple[str, ...] = ()) -> None:
        """Add photos to a class; what is left out, and ``besides``, is said in the note."""
        more, refused = self.now.added(photos, label)
        count = len(more) - len(self.now)
        name = self.now.classes[label]
        said = f"{count} photo{'s' * (count != 1)} added to {name}."
        note = " ".join([said, *refused, *besides])
        if count:
            self.change(more, note)
        else:
            self.note = note

    def move(self, place: int, label: int) -> None:
        """File a photo under another class."""
        moved, name = self.now.moved(place, label), self.now.classes[label]
        self.change(moved, f"{moved.photos[place].name} is filed under {name} now.")

    def delete(self, place: int) -> None:
        """Take a photo out."""
        fewer, name = self.now.without(place), self.now.photos[place].name
        self.change(fewer, f"{name} is deleted; Undo brings it back.")

    def undo(self) -> None:
        """Take the last change back, if there is one; a network that was loaded goes first."""
        if self.loaded is not None:
            self.loaded = None
            self.note = "The network that was loaded is put away."
        elif self.can_undo:
            self._history = self._history[:-1]
            self.note = "The last change is taken back."
        else:
            self.note = "There is nothing to take back."

    def save(self, folder: Path, desk: Desk) -> None:
        """Save what lies on the desk as a bundle.

        Raises
        ------
        ValueError
            If nothing is taught yet.
        OSError
            If the folder cannot be written.
        """
        if desk.taught is None:
            raise ValueError("There is nothing to save yet: teach the classes first.")
        self.note = f"Saved in {save_bundle(folder, desk.taught)}."

    def load(self, labels: bytes | None, numbers: bytes | None) -> None:
        """Let a saved network answer the camera, until the photos change.

        Parameters
        ----------
        labels, numbers : bytes or None
            The content of its two files.

        Raises
        ------
        ValueError
            With a sentence, if they are no network of this course; all stays as it was.
        """
        self.loaded = read_bundle(labels, numbers, self.bodies)
        self.note = (
            f"Loaded: a network that knows {', '.join(self.loaded.classes)}. It answers the camera "
            "until the photos change."
        )

    def record(self, frame: OwnPhoto, seconds: float) -> int:
        """Keep a frame of a burst, if the last one is long enough ago; return how many there are.

        Parameters
        ----------
        frame : OwnPhoto
        seconds : float
            The time now.
        """
        if seconds - self._last_frame >= APART and len(self._burst) < FRAMES:
            number = len(self._burst) + 1
            self._burst.append(replace(frame, name=f"{frame.burst}, frame {number}"))
            self._last_frame = seconds
        return len(self._burst)

    def end_burst(self, label: int) -> None:
        """Add the frames of the burst to a class."""
        frames, self._burst, self._last_frame = self._burst, [], float("-inf")
        self.add(frames, label)

    def teach(self, unfrozen: bool, place: int, target: int) -> Iterator[Desk]:
        """Teach the collection as it is now; what was taught before is not taught again.

        Parameters
        ----------
        unfrozen : bool
            Whether the last block learns too.
        place, target : int
            The photo that is looked at and the class to move to; the nearest that there are.

        Yields
        ------
        Desk
        """
        collection = self.now
        place = min(max(place, 0), max(len(collection) - 1, 0))
        target = min(target, len(collection.classes) - 1)
        taught = self._known(collection, unfrozen)
        if not all(collection.counts):
            missing = collection.classes[collection.counts.index(0)]
            wanted = f"{missing} has no photo yet: every class needs at least one to be taught."
            yield Desk(None, place, target, f"{self.note} {wanted}".strip(), 1.0, True)
            return
        if taught is None:
            for record in teach(self.bodies, collection, unfrozen):
                if isinstance(record, Taught):
                    taught = record
                else:
                    yield Desk(None, place, target, self.note, record.fraction)
            self._taught = [*self._taught, (collection, unfrozen, taught)][-REMEMBERED:]
        loaded = self.loaded
        said = loaded and loaded.probabilities(collection.photos[place].picture)
        yield Desk(taught, place, target, self.note, 1.0, loaded=said)

    def _known(self, collection: PhotoCollection, unfrozen: bool) -> Taught | None:
        for before, how, taught in self._taught:
            if before is collection and how == unfrozen:
                return taught
        return None
