"""Lesson 04: right answers written unusually are accepted, wrong ones told their cause."""

import itertools
import math

import numpy as np
import scipy.spatial
import torch
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.lessons.pixels import exercises

# --- 1. flatten --------------------------------------------------------------------------------


def list_of_values(image):
    return [value for row in image for value in row]


def one_index(image):
    height, width = image.shape
    return np.array([image[k // width, k % width] for k in range(height * width)])


def slices(image):
    height, width = image.shape
    numbers = np.empty(height * width)
    for row in range(height):
        numbers[row * width : (row + 1) * width] = image[row]
    return numbers


def filled(image, place):
    height, width = image.shape
    numbers = np.zeros(height * width)
    for row in range(height):
        for col in range(width):
            numbers[place(row, col, height, width)] = image[row, col]
    return numbers


def flatten(rows):
    """A function of the student's own; its name is no sin."""
    return [value for row in rows for value in row]


def inner_function(image):
    def lay_out(rows):
        return rows.ravel()

    return [lay_out(picture) for picture in [image]][0]


def by_another_function(image):
    return inner_function(image)


def searched(image):
    values = [value for row in image for value in row]
    places = [0.0] * len(values)
    for value in values:
        places[values.index(value)] = value
    return places


FLATTEN = Table(
    "flatten_picture",
    wrong=(
        Wrong(
            "down the columns",
            "You went down the columns",
            lambda image: filled(image, lambda r, c, h, w: c * h + r),
        ),
        Wrong("times height", "not after height", exercises._wrong_place),
        Wrong("still a picture", "still a picture", lambda image: image.copy()),
        Wrong("backwards", "runs backwards", lambda image: list_of_values(image)[::-1]),
        Wrong("rows upside down", "the last row", lambda image: list_of_values(image[::-1])),
        Wrong("rows mirrored", "Each row", lambda image: list_of_values(image[:, ::-1])),
        Wrong("whole numbers", "decimals", lambda image: [int(v) for v in list_of_values(image)]),
        Wrong("one too short", "one too early", lambda image: list_of_values(image)[:-1]),
        Wrong("row means", "one number of each row", lambda image: image.mean(axis=1)),
        Wrong("sorted", "You sorted", lambda image: sorted(list_of_values(image))),
        Wrong("ready-made", "reshape did the work", lambda image: image.reshape(-1)),
        Wrong("NumPy's function", "ravel did the work", lambda image: np.ravel(image)),
        Wrong("nothing but NumPy's", "ravel did the work", np.ravel),
        Wrong("the method itself", "flatten did the work", np.ndarray.flatten),
        Wrong(
            "by its name", "flatten did the work", lambda image: getattr(image, "_flatten"[1:])()
        ),
        Wrong("an array anew", "reshape did the work", lambda i: np.array(i.tolist()).reshape(-1)),
        Wrong("torch", "flatten did the work", lambda i: torch.tensor(i.copy()).flatten()),
        Wrong("in an inner function", "ravel did the work", inner_function),
        Wrong("in another function", "ravel did the work", by_another_function),
        Wrong("equal values once", "shape", lambda i: list(dict.fromkeys(list_of_values(i)))),
        Wrong("no zeros", "shape", lambda image: image[image != 0]),
        Wrong("negative ones lost", "expected -1", lambda i: [max(0, v) for v in flatten(i)]),
        Wrong("no signs", "expected -1", lambda image: [abs(v) for v in flatten(image)]),
        Wrong("places searched by value", "At index (3,) expected 0.5, got 0", searched),
    ),
    right={
        "a list": list_of_values,
        "one index": one_index,
        "slices": slices,
        "own function called flatten": lambda image: flatten(image),
        "variables called so": lambda image: [ravel for reshape in image for ravel in reshape],
        "concatenated": lambda image: np.concatenate(list(image)),
        "flat": lambda image: list(image.flat),
        "chained": lambda image: list(itertools.chain(*image)),
    },
)

# --- 2. unflatten ------------------------------------------------------------------------------


def lists(numbers, height, width):
    return [[float(numbers[r * width + c]) for c in range(width)] for r in range(height)]


def pieces(numbers, height, width):
    return np.stack([numbers[r * width : (r + 1) * width] for r in range(height)])


def counting_up(numbers, height, width):
    picture = torch.zeros(height, width, dtype=torch.float64)
    place = 0
    for row in range(height):
        for col in range(width):
            picture[row, col] = numbers[place]
            place += 1
    return picture


UNFLATTEN = Table(
    "unflatten_row",
    wrong=(
        Wrong(
            "exchanged",
            "Height and width are exchanged",
            lambda numbers, height, width: pieces(numbers, width, height),
        ),
        Wrong(
            "column by column",
            "column by column",
            lambda numbers, height, width: pieces(numbers, width, height).T,
        ),
        Wrong("still a row", "still one row", lambda numbers, height, width: numbers.copy()),
        Wrong(
            "on its head",
            "stands on its head",
            lambda numbers, height, width: pieces(numbers, height, width)[::-1],
        ),
        Wrong(
            "mirrored",
            "Each row",
            lambda numbers, height, width: pieces(numbers, height, width)[:, ::-1],
        ),
        Wrong(
            "whole numbers",
            "decimals",
            lambda numbers, height, width: pieces(numbers, height, width).astype(int),
        ),
        Wrong(
            "first row only",
            "Every row of your picture is the first one",
            lambda numbers, height, width: [numbers[:width]] * height,
        ),
        Wrong(
            "black",
            "The picture is black",
            lambda numbers, height, width: np.zeros((height, width)),
        ),
        Wrong(
            "ready-made",
            "reshape did the work",
            lambda numbers, height, width: numbers.reshape(height, width),
        ),
        Wrong(
            "by its name",
            "reshape did the work",
            lambda numbers, height, width: getattr(numbers, "_reshape"[1:])(height, width),
        ),
        Wrong(
            "no negative ones",
            "expected -1",
            lambda numbers, height, width: lists(np.maximum(numbers, 0), height, width),
        ),
        Wrong("no signs", "expected -1", lambda n, height, width: lists(abs(n), height, width)),
        Wrong(
            "zeros left out",
            "expected 0",
            lambda n, height, width: lists(np.where(n == 0, 1, n), height, width),
        ),
    ),
    right={
        "lists": lists,
        "pieces": pieces,
        "counting up": counting_up,
        "split": lambda numbers, height, width: np.split(numbers, height),
        "iterator": lambda numbers, height, width: list(zip(*[iter(numbers)] * width, strict=True)),
        "a variable called reshape": lambda n, height, width: [
            [n[reshape * width + col] for col in range(width)] for reshape in range(height)
        ],
    },
)

# --- 3. parameters -----------------------------------------------------------------------------


def with_torch(shape, hidden, classes):
    sizes = [math.prod(shape), *hidden, classes]
    # On the meta device nothing is allocated, however large the layer.
    layers = [torch.nn.Linear(a, b, device="meta") for a, b in zip(sizes, sizes[1:], strict=False)]
    return sum(p.numel() for layer in layers for p in layer.parameters())


def backwards(shape, hidden, classes):
    sizes = [classes, *hidden[::-1], int(np.prod(shape))]
    return float(sum(a * (b + 1) for a, b in zip(sizes, sizes[1:], strict=False)))


PARAMETERS = Table(
    "count_parameters",
    wrong=(
        Wrong("no bias", "The biases are missing", exercises._without_bias),
        Wrong(
            "no channels",
            "A pixel in colour is three numbers",
            lambda shape, hidden, classes: with_torch(shape[:2], hidden, classes),
        ),
        Wrong(
            "no hidden",
            "The hidden layers are missing",
            lambda shape, hidden, classes: with_torch(shape, [], classes),
        ),
        Wrong(
            "always 10 classes",
            "always has 10",
            lambda shape, hidden, _: with_torch(shape, hidden, 10),
        ),
        Wrong(
            "one hidden layer",
            "after the first hidden layer",
            lambda shape, hidden, classes: with_torch(shape, hidden[:1], classes),
        ),
        Wrong(
            "square pictures",
            "need not be square",
            lambda shape, hidden, classes: with_torch((shape[0] ** 2, shape[2]), hidden, classes),
        ),
        Wrong("bias of inputs", "not to its inputs", exercises._bias_of_inputs),
        Wrong("one bias a layer", "a bias of its own", exercises._one_bias),
        Wrong("always from pixels", "Only the first layer", exercises._always_from_pixels),
        Wrong(
            "sizes added",
            "You added the layers' sizes",
            lambda shape, hidden, classes: math.prod(shape) + sum(hidden) + classes,
        ),
        Wrong(
            "sides added",
            "Height, width and channels multiply",
            lambda shape, hidden, classes: with_torch((sum(shape),), hidden, classes),
        ),
        Wrong(
            "three hidden layers at most",
            "Expected",
            lambda shape, hidden, classes: with_torch(shape, hidden[:3], classes),
        ),
        Wrong(
            "one too many in large networks",
            "Expected 235930710, got 235930711",
            lambda *network: with_torch(*network) + (with_torch(*network) > 1e6),
        ),
        Wrong("few digits", "Expected", lambda *network: np.float32(with_torch(*network))),
        Wrong(
            "too few bits",
            "Expected",
            lambda *network: np.array(with_torch(*network)).astype(np.int32),
        ),
        Wrong(
            "layers of one neuron left out",
            "Expected",
            lambda shape, hidden, classes: with_torch(shape, [n for n in hidden if n > 1], classes),
        ),
        Wrong(
            "equal layers once",
            "Expected",
            lambda shape, hidden, classes: with_torch(shape, list(dict.fromkeys(hidden)), classes),
        ),
    ),
    right={
        "torch": with_torch,
        "backwards": backwards,
        "NumPy's whole number": lambda *network: np.int64(with_torch(*network)),
    },
)

# --- 4. contrast -------------------------------------------------------------------------------


def with_scipy(points, query):
    away = scipy.spatial.distance.cdist(points, query[None])
    return float(np.ptp(away) / away.min())


def ratio(points, query):
    away = np.linalg.norm(points - query, axis=1)
    return max(away) / min(away) - 1


def loops(points, query):
    away = sorted(math.dist(p, query) for p in points)
    return (away[-1] - away[0]) / away[0]


def far(points, query):
    return np.linalg.norm(points - query, axis=1)


def into_whole_numbers(points, query):
    away = np.zeros_like(points[:, 0])
    away[:] = far(points, query)
    return np.ptp(away) / max(away.min(), 1e-9)


def square_slip(points, query):
    square = points.shape[0] == points.shape[1]
    away = np.linalg.norm(points - query, axis=0 if square else 1)
    return np.ptp(away) / max(away.min(), 1e-9)


CONTRAST = Table(
    "relative_contrast",
    wrong=(
        Wrong(
            "over farthest", "not by the farthest", lambda p, q: np.ptp(far(p, q)) / far(p, q).max()
        ),
        Wrong("not divided", "Not divided yet", lambda p, q: np.ptp(far(p, q))),
        Wrong("ratio", "farthest over nearest", lambda p, q: far(p, q).max() / far(p, q).min()),
        Wrong(
            "last and first",
            "the last and the first",
            lambda p, q: (far(p, q)[-1] - far(p, q)[0]) / far(p, q)[0],
        ),
        Wrong("median", "by the median", lambda p, q: np.ptp(far(p, q)) / np.median(far(p, q))),
        Wrong("per cent", "per cent", lambda p, q: 100 * loops(p, q)),
        Wrong(
            "largest difference",
            "the largest difference",
            lambda p, q: np.ptp(abs(p - q).max(1)) / abs(p - q).max(1).min(),
        ),
        Wrong("over mean", "not by the mean", lambda p, q: np.ptp(far(p, q)) / far(p, q).mean()),
        Wrong(
            "squared",
            "The square root is missing",
            lambda p, q: np.ptp(far(p, q) ** 2) / (far(p, q) ** 2).min(),
        ),
        Wrong(
            "city block",
            "Square them",
            lambda p, q: np.ptp(abs(p - q).sum(1)) / abs(p - q).sum(1).min(),
        ),
        Wrong("from the origin", "from the origin", lambda p, q: loops(p, 0 * q)),
        Wrong("sign", "The sign is wrong", lambda p, q: -loops(p, q)),
        Wrong(
            "wrong axis",
            "You added over the points",
            lambda p, q: (
                np.ptp(np.linalg.norm(p - q, axis=0)) / np.linalg.norm(p - q, axis=0).min()
            ),
        ),
        Wrong("signs lost", "Expected", lambda p, q: loops(abs(p), abs(q))),
        Wrong("whole distances", "Expected", into_whole_numbers),
        Wrong("over the points where square", "Expected", square_slip),
    ),
    right={
        "scipy": with_scipy,
        "ratio minus one": ratio,
        "loops": loops,
        "float32": lambda p, q: np.float32(loops(p, q)),
        "mean instead of sum": lambda p, q: (
            np.ptp(np.sqrt(((p - q) ** 2).mean(1))) / np.sqrt(((p - q) ** 2).mean(1)).min()
        ),
    },
)

# --- 5. a design decision ----------------------------------------------------------------------


def measured(sides, accuracy_at):
    return {side: accuracy_at(side) for side in sides}


def smallest_first(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    for side in sorted(sides):
        if table[side] >= goal:
            return [table, np.int64(side)]
    return [table, None]


def rounded(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    good = [side for side in sides if table[side] >= goal]
    return {side: np.float32(share) for side, share in table.items()}, min(good, default=None)


def most_accurate(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    best = max(sides, key=table.get)
    return table, best if table[best] >= goal else None


def largest(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    return table, max((side for side in sides if table[side] >= goal), default=None)


def first_named(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    return table, next((side for side in sides if table[side] >= goal), None)


def more_than(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    return table, min((side for side in sides if table[side] > goal), default=None)


def last_named(goal, sides, accuracy_at):
    return first_named(goal, sides[::-1], accuracy_at)


def closest(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    good = [side for side in sides if table[side] >= goal]
    return table, min(good, key=lambda side: table[side] - goal, default=None)


def by_whole_per_cents(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    good = [side for side in sides if round(100 * table[side]) >= round(100 * goal)]
    return table, min(good, default=None)


def per_pixel(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    good = [side for side in sides if table[side] >= goal]
    return table, max(good, key=lambda side: table[side] / side**2, default=None)


def nearly(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    return table, min((side for side in sides if table[side] >= goal - 0.005), default=None)


def always_something(goal, sides, accuracy_at):
    table = measured(sides, accuracy_at)
    good = [side for side in sides if table[side] >= goal]
    return table, min(good) if good else max(sides)


RESOLUTION = Table(
    "choose_resolution",
    wrong=(
        Wrong("most accurate", "You chose the most accurate side", most_accurate),
        Wrong("largest", "You chose the largest side", largest),
        Wrong("first of the list", "the first side of the list", first_named),
        Wrong("last of the list", "the last side of the list", last_named),
        Wrong("closest to the goal", "closest to the goal", closest),
        Wrong("whole per cents", "whole per cents", by_whole_per_cents),
        Wrong("per pixel", "are too, and they are cheaper", per_pixel),
        Wrong("half a per cent off", "less than the", nearly),
        Wrong("more than the goal", "Exactly the goal is enough", more_than),
        Wrong("always something", "the honest choice is None", always_something),
        Wrong(
            "always the smallest",
            "less than the",
            lambda goal, sides, at: (measured(sides, at), min(sides)),
        ),
        Wrong(
            "never anything",
            "You chose nothing",
            lambda goal, sides, at: (measured(sides, at), None),
        ),
        Wrong(
            "exchanged",
            "First the measurements",
            lambda goal, sides, at: smallest_first(goal, sides, at)[::-1],
        ),
        Wrong("choice only", "Return two things", lambda goal, sides, at: min(sides)),
        Wrong(
            "nothing measured", "There is no measurement", lambda goal, sides, at: ({}, min(sides))
        ),
        Wrong(
            "made up",
            "measured again it is",
            lambda goal, sides, at: (dict.fromkeys(sides, 0.75), min(sides)),
        ),
        Wrong(
            "in per cent",
            "between 0 and 1",
            lambda goal, sides, at: ({s: 100 * at(s) for s in sides}, min(sides)),
        ),
        Wrong(
            "a side that is not there",
            "choose one of the sides",
            lambda goal, sides, at: (measured(sides, at), 6.5),
        ),
    ),
    right={"smallest first": smallest_first, "float32": rounded},
)


class TestExercises(ExerciseTests):
    lesson = "04_pixels_and_dimensions"
    tables = (FLATTEN, UNFLATTEN, PARAMETERS, CONTRAST, RESOLUTION)
