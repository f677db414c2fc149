"""What a peer can show to a model: things that it never saw, changed at will."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import plain
from aml4d_utils.topics.challenges.hiding import occlude
from aml4d_utils.topics.detector.degrading import Trouble, degrade
from aml4d_utils.topics.own_classes.photo_collection import things_of
from aml4d_utils.topics.transfer.tasks import SIDE

MOST = 10
GROUND = 0.62


@dataclass(frozen=True)
class PeerThing:
    """Something to show.

    Attributes
    ----------
    name : str
    truth : str or None
        Its class; None where the peer has to say.
    picture : ndarray (SIDE, SIDE, 3), float32 in [0, 1]
    """

    name: str
    truth: str | None
    picture: np.ndarray


def unseen_things(classes: tuple[str, ...], seen: tuple[str, ...]) -> tuple[PeerThing, ...]:
    """Return things of some classes that are not in a list, class by class in turn.

    Parameters
    ----------
    classes : tuple of str
        Those that are no categories of cut-outs and no kinds of things in 3-D give nothing.
    seen : tuple of str
        Names of things that were learned from or tested with.

    Examples
    --------
    >>> [thing.truth for thing in unseen_things(("fruit", "mugs"), ())][:2]
    ['fruit', 'fruit']
    """
    gone = set(seen)
    queues = {name: [t for t in things_of(name) if t.original not in gone] for name in classes}
    found: list[PeerThing] = []
    while any(queues.values()) and len(found) < MOST:
        for name, queue in queues.items():
            if queue:
                what = queue.pop(0)
                ground = np.full((SIDE, SIDE, 3), GROUND, np.float32)
                placed = images.Placement(what, row=SIDE / 2, column=SIDE / 2, length=0.85 * SIDE)
                picture = images.compose(images.Layout(ground, (placed,))).image
                found.append(PeerThing(what.name, name, picture))
    return tuple(found[:MOST])


@dataclass(frozen=True)
class PeerChange:
    """What a peer does to a picture; as it is made, nothing."""

    turn: float = 0.0
    share: float = 1.0
    light: float = 1.0
    blur: float = 0.0
    hidden: float = 0.0

    @property
    def in_words(self) -> str:
        """What was done, in words.

        Examples
        --------
        >>> PeerChange(turn=90, light=0.3).in_words
        'turned by 90°, 30 % of the light'
        """
        parts = [
            f"turned by {plain(self.turn)}°" if self.turn else "",
            f"{100 * self.share:.0f} % of the width" if self.share < 1 else "",
            f"{100 * self.light:.0f} % of the light" if self.light < 1 else "",
            f"blurred by {self.blur:g} pixels" if self.blur else "",
            f"{100 * self.hidden:.0f} % hidden from the left" if self.hidden else "",
        ]
        return ", ".join(filter(None, parts)) or "as it is"


def changed(picture: np.ndarray, change: PeerChange) -> np.ndarray:
    """Return a picture (H, W, 3), float in [0, 1], changed: uint8 of the same shape."""
    trouble = Trouble(share=change.share, turn=change.turn, blur=change.blur, light=change.light)
    image = degrade(picture, trouble, np.random.default_rng(0))
    return images.as_uint8(occlude(image, np.ones(image.shape[:2]), change.hidden))
