"""The quiz of the convolution lesson."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "sharing",
        "You double the height and width of the photo. How many more weights does a convolution "
        "layer need?",
        (
            Answer(
                "none",
                "None",
                "One kernel is shared by all places, however many there are.",
                right=True,
            ),
            Answer(
                "double",
                "Twice as many",
                "That would be one weight per row. The kernel keeps its size.",
            ),
            Answer("fourfold", "Four times as many", "That is how a dense layer's input grows."),
        ),
        topic="sharing",
        place="Why share one kernel?",
    ),
    QuizQuestion(
        "laplacian",
        "The Laplacian 0 −1 0 / −1 4 −1 / 0 −1 0 lies on an evenly grey wall. What is its answer?",
        (
            Answer("zero", "Zero", "4 times the grey, minus 4 times the same grey.", right=True),
            Answer(
                "grey",
                "The wall's grey",
                "A kernel whose weights add up to 1 would do that: a blur.",
            ),
            Answer(
                "four_greys", "Four times the grey", "The four neighbours are subtracted again."
            ),
        ),
        topic="kernels",
        place="One place: multiply and add",
    ),
    QuizQuestion(
        "learned",
        "Where do the weights of a CNN's kernels come from?",
        (
            Answer(
                "engineer", "An engineer chooses them", "That was the time of Sobel, SIFT and HOG."
            ),
            Answer(
                "learned",
                "They start at random and are learned",
                "You watched noise turn into edge and texture kernels during the training.",
                right=True,
            ),
            Answer(
                "cut_out",
                "They are cut out of the training photos",
                "No pixel is copied into a kernel.",
            ),
        ),
        topic="kernels",
        place="Watch kernels being learned",
    ),
    QuizQuestion(
        "equivariance",
        "A photo moves 10 pixels to the right. What happens to the feature map of a convolution "
        "with stride 1?",
        (
            Answer("nothing", "Nothing", "Then nobody could tell where the edge is."),
            Answer(
                "moves",
                "It moves 10 pixels to the right",
                "Same kernel everywhere: the answer moves along. This is equivariance.",
                right=True,
            ),
            Answer("blurs", "It blurs", "The kernel has not changed, and so its answers have not."),
        ),
        topic="translation",
        place="A cat is a cat, a few pixels further",
    ),
    QuizQuestion(
        "local",
        "Within one 3 × 3 layer, which pixels can change a cell of the feature map?",
        (
            Answer("all", "All pixels of the photo", "That is a dense layer."),
            Answer(
                "window",
                "The 9 pixels under the kernel",
                "All else is out of its reach.",
                right=True,
            ),
            Answer(
                "row_and_column",
                "The pixels in its row and column",
                "The window is a square; rows and columns play no special part.",
            ),
        ),
        topic="locality",
        place="Far pixels stay out",
    ),
    QuizQuestion(
        "invariance",
        "A CNN names a cat wherever it sits in the photo. Does it also name the cat when the photo "
        "stands on its head?",
        (
            Answer(
                "not_reliably",
                "Not reliably",
                "Nothing in a convolution turns with the photo. You measured how far it fell.",
                right=True,
            ),
            Answer(
                "everything",
                "Yes, convolution is invariant to everything",
                "It handles shifts, nothing else.",
            ),
            Answer(
                "pooling",
                "Yes, because of pooling",
                "Pooling forgives small shifts, no large turns.",
            ),
        ),
        topic="translation",
        place="Where it fails",
    ),
)


def _maps() -> Computed:
    from aml4d_utils.topics.convolution.counting import convolution_parameters

    values = {"all": convolution_parameters(3, 16, 3), "no_bias": 3 * 16 * 9}
    values |= {"one_channel": convolution_parameters(1, 16, 3)}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _dense() -> Computed:
    from aml4d_utils.topics.convolution.counting import compare_layers

    compared = compare_layers(32, 1, 1, 3)
    values = {"dense": compared.dense, "convolution": compared.convolution, "pixels": 32 * 32}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _map_size() -> Computed:
    from aml4d_utils.topics.convolution.counting import output_size

    values = {"size": 28, "kernel": 5, "map": output_size(28, 5), "minus": 28 - 5}
    return Computed({name: str(value) for name, value in values.items()})


def _by_hand() -> Computed:
    from aml4d_utils.topics.convolution.convolve import convolve_loops
    from aml4d_utils.topics.convolution.kernels import KERNELS

    window = np.full((3, 3), 0.2)
    window[1, 1] = 0.5
    kernel = KERNELS["Laplacian"].values
    values = {"answer": convolve_loops(window, kernel).item(), "middle": 4 * window[1, 1]}
    values |= {"pixel": window[1, 1], "around": window[0, 0]}
    return Computed({name: f"{value:.1f}" for name, value in values.items()})


def _edges() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.convolution.convolve import convolve

    photo = images.grey(images.fit(images.photo("astronaut"), 160)).astype(float)[:100]
    across = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    found = convolve(photo, across)
    upright, lying = (float(np.abs(convolve(found, k)).mean()) for k in (across, across.T))
    gap = np.ones((found.shape[0], 4))
    shown = np.concatenate([photo[1:-1, 1:-1], gap, np.clip(0.5 + found / 4, 0, 1)], axis=1)
    seen = (
        "Left: an astronaut in grey. Right: a map of her, where zero is mid-grey. Edges that "
        "stand upright are light or dark, those that lie have vanished; changes from left to "
        f"right are {upright / lying:.1f} times as strong in it as changes from top to bottom."
    )
    return Computed(picture=Illustration(np.uint8(np.round(255 * shown)), seen))


def _two_layers() -> Computed:
    from aml4d_utils.nets.receptive_fields import Layer, receptive_field

    values = {"field": receptive_field([Layer(3), Layer(3)]), "added": 3 + 3, "multiplied": 3 * 3}
    return Computed({name: str(value) for name, value in values.items()})


def _with_stride() -> Computed:
    from aml4d_utils.nets.receptive_fields import Layer, receptive_field

    stack = [Layer(3, stride=2), Layer(3)]
    values = {"field": receptive_field(stack), "plain": receptive_field([Layer(3), Layer(3)])}
    return Computed({name: str(value) for name, value in (values | {"added": 3 + 3}).items()})


def _every_second() -> Computed:
    from aml4d_utils.topics.convolution.convolve import convolve

    photo = np.zeros((40, 40))
    photo[10:13, 10:13] = 1
    moved = np.roll(photo, 8, axis=1)
    columns = [
        convolve(each, np.ones((3, 3)), stride=2).max(axis=0).argmax() for each in (photo, moved)
    ]
    cells = int(columns[1] - columns[0])
    return Computed({"cells": str(cells), "pixels": "8", "twice": str(8 * 2)})


MORE = (
    QuizQuestion(
        "maps",
        "A convolution layer makes 16 feature maps of a colour photo, with kernels of 3 × 3. "
        "How many parameters does it have?",
        (
            Answer(
                "all",
                "{all}",
                "9 weights for each of 3 channels and a bias, for each of 16 maps.",
                right=True,
            ),
            Answer(
                "no_bias",
                "{no_bias}",
                "The weights are counted. Each map has a bias as well.",
            ),
            Answer(
                "one_channel",
                "{one_channel}",
                "That is for a grey photo. A colour photo has three channels, each with weights "
                "of its own.",
            ),
        ),
        topic="sharing",
        place="Why share one kernel?",
        compute=_maps,
    ),
    QuizQuestion(
        "dense",
        "A grey photo of 32 × 32 pixels becomes one feature map of the same size. A convolution "
        "of 3 × 3 needs {convolution} parameters. How many does a dense layer need?",
        (
            Answer(
                "pixels",
                "{pixels}",
                "So many weights lead to a single output. There are as many outputs as pixels.",
            ),
            Answer(
                "same",
                "{convolution}",
                "That holds only if all outputs share the same few weights, and a dense layer "
                "shares none.",
            ),
            Answer(
                "all_to_all",
                "{dense}",
                "Every output has a weight to every pixel, and a bias.",
                right=True,
            ),
        ),
        topic="sharing",
        place="Why share one kernel?",
        compute=_dense,
    ),
    QuizQuestion(
        "map_size",
        "A kernel of {kernel} × {kernel} slides over a photo of {size} × {size} pixels, without "
        "padding, pixel by pixel. How wide is the feature map?",
        (
            Answer(
                "minus",
                "{minus}",
                "One short: the first place counts too.",
            ),
            Answer(
                "places",
                "{map}",
                "So many places are there at which the whole kernel lies inside.",
                right=True,
            ),
            Answer(
                "same",
                "{size}",
                "That needs two rows of padding on each side.",
            ),
        ),
        topic="kernels",
        place="Explore: the kernel inspector",
        compute=_map_size,
        keep_order=True,
    ),
    QuizQuestion(
        "by_hand",
        "The Laplacian 0 −1 0 / −1 4 −1 / 0 −1 0 lies on a pixel of {pixel}, and all pixels "
        "around it are {around}. What is its answer?",
        (
            Answer(
                "middle",
                "{middle}",
                "The four neighbours are still to be taken away.",
            ),
            Answer(
                "all_nine",
                "{answer}",
                "4 × {pixel} less 4 × {around}.",
                right=True,
            ),
            Answer(
                "pixel",
                "{pixel}",
                "That is the pixel as it was. The kernel compares it with its neighbours.",
            ),
        ),
        topic="kernels",
        place="One place: multiply and add",
        compute=_by_hand,
    ),
    QuizQuestion(
        "edges",
        "Left: a photo. Right: its feature map. Which kernel made it?",
        (
            Answer(
                "down",
                "−1 −2 −1 / 0 0 0 / 1 2 1",
                "It compares below with above: lying edges would answer.",
            ),
            Answer(
                "blur",
                "1 1 1 / 1 1 1 / 1 1 1, over 9",
                "A blur keeps even surfaces as they are. In the map they have become zero.",
            ),
            Answer(
                "across",
                "−1 0 1 / −2 0 2 / −1 0 1",
                "It compares right with left, so only upright edges answer.",
                right=True,
            ),
        ),
        topic="kernels",
        place="Explore: the kernel inspector",
        compute=_edges,
    ),
    QuizQuestion(
        "two_layers",
        "Two layers of 3 × 3 kernels lie on each other, both with stride 1. How many pixels "
        "along one side does a cell of the second layer see?",
        (
            Answer(
                "overlap",
                "{field}",
                "Three cells that see three pixels each. Neighbours share two of these.",
                right=True,
            ),
            Answer(
                "added",
                "{added}",
                "The fields of neighbouring cells overlap.",
            ),
            Answer(
                "multiplied",
                "{multiplied}",
                "That holds if the fields do not overlap, with a stride of 3.",
            ),
        ),
        topic="locality",
        place="Far pixels stay out",
        compute=_two_layers,
        keep_order=True,
    ),
    QuizQuestion(
        "with_stride",
        "A 3 × 3 layer with stride 2 is followed by a 3 × 3 layer with stride 1. How many "
        "pixels along one side does a cell of the second layer see?",
        (
            Answer(
                "plain",
                "{plain}",
                "That is the field without a stride.",
            ),
            Answer(
                "added",
                "{added}",
                "Three and three, but fields neither lie side by side nor end at each other.",
            ),
            Answer(
                "jump",
                "{field}",
                "Neighbouring cells lie two pixels apart, so each further one adds two.",
                right=True,
            ),
        ),
        topic="locality",
        place="Far pixels stay out",
        compute=_with_stride,
        keep_order=True,
    ),
    QuizQuestion(
        "mean",
        "The photo moves, all feature maps move along, and still SqueezeNet's answer stays. Why?",
        (
            Answer(
                "back",
                "The last layer finds out how far it has moved, and moves it back",
                "Nothing in the network measures a shift.",
            ),
            Answer(
                "seen",
                "It has seen each photo at every place while it was trained",
                "Not every place. And the mean would do it for a photo that it has never seen.",
            ),
            Answer(
                "mean",
                "Each answer is a mean over all places",
                "A mean does not ask where a value stands. That is pooling.",
                right=True,
            ),
        ),
        topic="translation",
        place="A cat is a cat, a few pixels further",
    ),
    QuizQuestion(
        "every_second",
        "A convolution has a stride of 2. The photo moves 8 pixels to the right. How far does "
        "the feature map move?",
        (
            Answer(
                "pixels",
                "{pixels} cells",
                "That holds for a stride of 1.",
            ),
            Answer(
                "cells",
                "{cells} cells",
                "Each cell stands for two pixels. With an odd shift the cells would fall between.",
                right=True,
            ),
            Answer(
                "twice",
                "{twice} cells",
                "The map is smaller than the photo, so the way gets shorter, not longer.",
            ),
        ),
        topic="translation",
        place="A cat is a cat, a few pixels further",
        compute=_every_second,
    ),
)
