"""Sealed scenes for a detector: the things that it must find, each once, and how hard it gets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.detector.condition_sweep import HARDSHIPS, hardened
from aml4d_utils.topics.detector.known_scenes import KnownScene, ScenePlan, plan_each_once
from aml4d_utils.topics.model_card.fingerprints import array_bytes, digest_of

SCENE_CONDITIONS = {
    name: replace(HARDSHIPS[name], axis=axis, values=HARDSHIPS[name].values[::2])
    for name, axis in (
        ("size", "longer side, pixels"),
        ("blur", "pixels"),
        ("darkness", "share of the light that is left"),
        ("noise", "standard deviation"),
        ("clutter", "other things behind"),
        ("rotation", "degrees"),
    )
}
"""What is tried, at three of the five values of lesson 03; the first leaves a scene as it is."""


@dataclass(frozen=True)
class SceneTest:
    """Scenes in which it is known what stands where.

    Attributes
    ----------
    classes : tuple of str
        The words that must be found.
    plans : tuple of ScenePlan
    """

    classes: tuple[str, ...]
    plans: tuple[ScenePlan, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def scenes(self) -> tuple[KnownScene, ...]:
        """The scenes as they are."""
        return tuple(plan.scene() for plan in self.plans)

    @property
    def labels(self) -> tuple[str, ...]:
        """The word of each thing, scene by scene."""
        return tuple(one.word for plan in self.plans for one in plan.subjects)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many things of each word there are."""
        return tuple(self.labels.count(name) for name in self.classes)

    @cached_property
    def seal(self) -> str:
        """The fingerprint of words, pictures and boxes: 64 letters."""
        parts = [json.dumps([self.classes, self.labels]).encode()]
        for scene in self.scenes:
            parts += [array_bytes(images.as_uint8(scene.image)), array_bytes(scene.truth.boxes)]
        return digest_of(*parts)

    def under(self, name: str, value: float) -> tuple[KnownScene, ...]:
        """Return the scenes under one of `SCENE_CONDITIONS`."""
        hardship = SCENE_CONDITIONS[name]
        # Where the picture alone changes, nothing is composed anew.
        scenes = self.scenes if hardship.in_picture else self.plans
        return tuple(hardened(scene, hardship, value) for scene in scenes)


def seal_scenes(words: Sequence[str], seed: int = 16, most: int = 8) -> SceneTest:
    """Compose scenes of the things that a detector must find, and seal them.

    Parameters
    ----------
    words : sequence of str
        Of COCO's eighty, those for which there are pictures or things in 3-D.
    seed : int
        Draws and places them.
    most : int
        Things of each word.

    Raises
    ------
    ValueError
        With a sentence that names the words that there are.

    Examples
    --------
    >>> test = seal_scenes(["sheep", "cow"])
    >>> len(test), test.counts
    (7, (3, 4))
    """
    words = tuple(dict.fromkeys(words))
    return SceneTest(words, plan_each_once(np.random.default_rng(seed), words, most))
