"""Lesson 10: move by a pixel, vary, attack, and train to see whether it helps."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from aml4d_utils import images, nets
from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.augmentation import explorers, small_training_sets
from aml4d_utils.topics.augmentation.robust_training import under_attack
from aml4d_utils.topics.augmentation.three_networks import WAYS, load_taught
from aml4d_utils.topics.invariance import explorers as moving
from aml4d_utils.topics.invariance.anti_aliasing import blur_before_strides
from aml4d_utils.topics.invariance.one_pixel import photos_to_move, steadiness
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat


def rows() -> Iterator[Row]:
    """Time what the lesson runs, and move its controls."""
    photos = photos_to_move(40)
    plain = nets.load("squeezenet1_1")
    for words, net in (("as it is", plain), ("with blur", blur_before_strides(plain))):
        seconds = repeat(lambda net=net: list(steadiness("squeezenet1_1", net, photos)), 3, 0)
        yield Row(f"40 photos by one pixel, {words}", seconds, "s", 15)
    yield from moves(explorers.bench_explorer(images.photo("chelsea")), "bench", 120)
    clothes = images.fashion_mnist()
    training, tests = (
        small_training_sets.LabelledPictures(*part)
        for part in (
            (clothes.train_images, clothes.train_labels),
            (clothes.test_images[:500], clothes.test_labels[:500]),
        )
    )
    steps = small_training_sets.does_it_help
    yield Row("does it help, 3 seeds", repeat(lambda: list(steps(training, tests)), 2, 0), "s", 90)
    pictures = to_batch(clothes.test_images[:200])
    labels = torch.as_tensor(clothes.test_labels[:200]).long()
    taught = [(way, load_taught(way)) for way in WAYS]
    attacks = repeat(
        lambda: list(
            under_attack(taught[0][1], pictures, labels, (0.1,), generator=torch.Generator())
        ),
        3,
        0,
    )
    yield Row("PGD-20 on 200 small pictures", attacks, "s", 5)
    forgiven = moving.forgiveness_explorer(taught[:2], pictures, labels)
    yield from moves(forgiven, "what it forgives", 1000)
    severe = moving.severity_explorer(taught, pictures, labels)
    yield from moves(severe, "how hard may it get", 1000)
