"""What the walking tests are shown of the convolution room."""

from dataclasses import replace

import numpy as np

from aml4d_utils.nets.receptive_fields import Layer
from aml4d_utils.topics.convolution.counting import compare_layers
from aml4d_utils.topics.convolution.growing import grow
from aml4d_utils.topics.convolution.locality import LocalityResult
from aml4d_utils.topics.convolution.shifting import ShiftResult, TurnResult
from aml4d_utils.topics.convolution.surgery import FilterEffect, SurgeryResult
from aml4d_utils.topics.convolution.training import TrainingStep

LAPLACIAN = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])

RNG = np.random.default_rng(0)


def shift_result(**changes):
    result = ShiftResult(
        rows=4,
        cols=-6,
        unit=9,
        photo_before=np.zeros((2, 2, 3)),
        photo_after=np.zeros((2, 2, 3)),
        map_before=np.full((2, 2), 37.0),
        map_after=np.zeros((2, 2)),
        error=0.12,
        pixels_changed=0.34,
        pooled_similarity=0.99,
        names=("tabby", "lynx"),
        before=np.array([0.61, 0.2]),
        after=np.array([0.47, 0.3]),
        top_after="tabby",
    )
    return replace(result, **changes)


def locality_result(**changes):
    change = np.zeros((9, 9))
    change[3, :5] = 1
    result = LocalityResult(
        stage="fire2",
        pixel=(12, 200),
        photo=np.zeros((2, 2, 3)),
        change=change,
        cell=(4, 4),
        box=(0.0, 0.0, 2.0, 2.0),
        field=15,
        moved=True,
        share=5 / 81,
    )
    return replace(result, **changes)


def training_step(**changes):
    step = TrainingStep(
        step=3,
        fraction=0.5,
        examples=1280,
        loss=0.9,
        accuracy=0.7123,
        kernels=np.zeros((8, 5, 5)),
        maps=np.zeros((8, 4, 4)),
        example=np.zeros((4, 4)),
        history=np.array([[64, 2.3, 0.1], [1280, 0.87, 0.7123]]),
    )
    return replace(step, **changes)


def surgery_result(**changes):
    result = SurgeryResult(
        filters=(51,),
        operation="switch it off",
        kernel_before=np.zeros((3, 3, 3)),
        kernel_after=np.zeros((3, 3, 3)),
        map_before=np.zeros((2, 2)),
        map_after=np.zeros((2, 2)),
        names=("tabby", "lynx"),
        before=np.array([0.61, 0.2]),
        after=np.array([0.473, 0.3]),
        top_before="tabby",
        top_after="tabby",
        distance=0.156,
    )
    return replace(result, **changes)


def effect(distances, ways=None, before=0.42):
    distances = np.asarray(distances, dtype=float)
    after = before + distances * (-1 if ways is None else np.asarray(ways))
    return FilterEffect(len(distances) - 1, 1.0, distances, "tabby", before, after)


def turn_result(chances, names=("tabby", "lynx"), tops=("cat", "cat", "ram", "cat", "cat")):
    count = len(chances)
    return TurnResult(
        degrees=90.0 * np.arange(count),
        views=np.full((count, 8, 8, 3), 0.5, dtype=np.float32),
        names=names,
        chances=np.array(chances),
        tops=tops[:count],
    )


KERNELS = RNG.normal(size=(8, 5, 5))

MAPS = np.abs(RNG.normal(size=(8, 4, 4))) * (RNG.random((8, 4, 4)) > 0.4)


DESCRIPTIONS = {
    "describe_products": lambda: [
        (np.full((3, 3), 0.25), LAPLACIAN),
        (np.full((3, 3), 0.5), LAPLACIAN),
        (np.full((3, 3), 0.25), -LAPLACIAN),
        (np.full((3, 3), 0.25), LAPLACIAN / 2),
        (np.zeros((3, 3)), LAPLACIAN),
        (np.zeros((3, 3)), np.ones((3, 3))),
        (np.ones((3, 3)), LAPLACIAN),
    ],
    "describe_response": lambda: [
        (np.zeros((4, 6, 3)), LAPLACIAN, np.array([[-0.5, 0.25], [0.75, 0.5]])),
        (np.zeros((4, 7, 3)), LAPLACIAN, np.array([[-0.5, 0.25], [0.75, 0.5]])),
        (np.zeros((4, 6, 3)), LAPLACIAN / 8, np.array([[-0.5, 0.25], [0.75, 0.5]])),
        (np.zeros((4, 6, 3)), LAPLACIAN, np.array([[-0.5, -0.25], [0.75, 0.5]])),
        (np.zeros((4, 6, 3)), LAPLACIAN, np.array([[-0.5, 0.25], [0.5, 0.75]])),
    ],
    "describe_counts": lambda: [
        (compare_layers(64, 3, 16, 3),),
        (compare_layers(64, 3, 16, 5),),
        (compare_layers(72, 3, 16, 3),),
        (compare_layers(64, 3, 16, 3, 2),),
        (compare_layers(64, 4, 16, 3),),
    ],
    "describe_shift": lambda: [
        (shift_result(),),
        (shift_result(rows=-4),),
        (shift_result(unit=10),),
        (shift_result(error=0.5),),
        (shift_result(after=np.array([0.1, 0.3])),),
        (shift_result(top_after="lynx"),),
        (shift_result(pixels_changed=0.1),),
        (shift_result(rows=0, cols=0),),
        (shift_result(rows=0, cols=0, unit=2),),
        (shift_result(rows=0, cols=0, before=np.array([0.2, 0.61])),),
        (shift_result(rows=0, cols=1),),
    ],
    "describe_turning": lambda: [
        (turn_result([0.9, 0.3, 0.2, 0.5, 0.9]),),
        (turn_result([0.9, 0.2, 0.3, 0.5, 0.9]),),
        (turn_result([0.8, 0.3, 0.2, 0.5, 0.8]),),
        (turn_result([0.9, 0.3, 0.2, 0.5, 0.9], names=("lynx",)),),
        (turn_result([0.9, 0.3, 0.2, 0.5, 0.9], tops=("cat", "cat", "bus", "cat", "cat")),),
    ],
    "describe_locality": lambda: [
        (locality_result(),),
        (locality_result(pixel=(13, 200)),),
        (locality_result(stage="fire3"),),
        (locality_result(moved=False),),
        (locality_result(change=np.eye(9)),),
        (locality_result(field=31),),
    ],
    "describe_training": lambda: [
        (training_step(),),
        (training_step(examples=1344),),
        (training_step(accuracy=0.6),),
        (training_step(history=np.array([[1280, 0.5, 0.7123]])),),
    ],
    "describe_kernels": lambda: [
        (KERNELS,),
        (KERNELS[:4],),
        (2 * KERNELS,),
        (KERNELS[::-1],),
        (KERNELS[:, :3, :3],),
    ],
    "describe_maps": lambda: [
        (MAPS,),
        (MAPS[:5],),
        (MAPS[::-1],),
        (np.maximum(MAPS, 0.1),),
    ],
    "describe_kernels_before_after": lambda: [
        (KERNELS, KERNELS + 0.5 * np.arange(8).reshape(8, 1, 1)),
        (KERNELS, KERNELS),
        (KERNELS, 3 * KERNELS),
        (KERNELS[:2], KERNELS[:2] + 1),
        (np.zeros((2, 3, 3)), np.stack([LAPLACIAN, [[-1, 0, 1]] * 3])),
        (np.zeros((2, 3, 3)), np.stack([[[-1, 0, 1]] * 3, LAPLACIAN])),
    ],
    "describe_growth": lambda: [
        (grow(Layer(3, 2), Layer(3), (0, 1)),),
        (grow(Layer(3, 2), Layer(3)),),
        (grow(Layer(3, 2), Layer(3), (0,)),),
        (grow(Layer(3, 2), Layer(3), (0, 1, 2)),),
        (grow(Layer(3, 1), Layer(3), (0, 1)),),
        (grow(Layer(5, 2), Layer(3), (0, 1)),),
        (grow(Layer(3, 2), Layer(5), (0, 1)),),
        (grow(Layer(3), Layer(1), (0,)),),
    ],
    "describe_surgery": lambda: [
        (surgery_result(),),
        (surgery_result(operation="flip its sign"),),
        (surgery_result(filters=(52,)),),
        (surgery_result(filters=(51, 52)),),
        (surgery_result(after=np.array([0.1, 0.3])),),
        (surgery_result(top_after="lynx"),),
        (surgery_result(distance=0.2),),
        (surgery_result(filters=(3, 4, 5), top_after="lynx"),),
        (surgery_result(filters=(4, 5, 6), top_after="lynx"),),
        (surgery_result(filters=(3, 4), top_after="lynx"),),
    ],
    "describe_filter_effects": lambda: [
        (effect([0.1, 0.4, 0.02, 0.3]),),
        (effect([0.1, 0.4, 0.02]),),
        (effect([0.4, 0.1, 0.02, 0.3]),),
        (effect([0.1, 0.5, 0.02, 0.3]),),
        (effect([0.1, 0.4, 0.02, 0.3], [1, 1, -1, -1]),),
        (effect([0.1, 0.4, 0.02, 0.3], [1, -1, -1, -1]),),
    ],
}
