"""Every right answer with a number in it is computed here once more, in another way."""

import math
import re

import numpy as np
import pytest
from bank import BANK, BY_NAME, asked

from aml4d_utils import images


def round_to(value, digits=0):
    return f"{value:.{digits}f}".replace("-", "−")


def per_cent(value, digits=0):
    return f"{100 * value:.{digits}f} %"


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def wilson(right, count):
    """Both ends of the interval as the roots of (p̂ − p)² = z² p (1 − p) / n."""
    share, z = right / count, 1.959963984540054
    a, b, c = 1 + z**2 / count, -(2 * share + z**2 / count), share**2
    ends = sorted(np.roots([a, b, c]).real)
    return f"{per_cent(ends[0])} to {per_cent(ends[1])}"


def haar_features(side):
    """Count rectangles cell by cell: each shape at each size that fits, wherever it fits."""
    shapes = ((1, 2), (2, 1), (1, 3), (3, 1), (2, 2))
    return sum(
        (side - high * rows + 1) * (side - wide * cols + 1)
        for rows, cols in shapes
        for high in range(1, side // rows + 1)
        for wide in range(1, side // cols + 1)
    )


def seen_by(stack):
    """Follow which input pixels reach one output, layer by layer from the top."""
    cells = {0}
    for kernel, stride in reversed(stack):
        cells = {cell * stride + shift for cell in cells for shift in range(kernel)}
    return max(cells) - min(cells) + 1


def hog_length():
    from skimage.feature import hog

    blank = np.zeros((128, 64))
    return hog(blank, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2)).size


def negative_in_hog():
    from skimage.feature import hog

    photo = images.grey(images.fit(images.photo("chelsea"), 120))
    return np.corrcoef(hog(photo), hog(1 - photo))[0, 1]


def nearest_of(dimensions):
    from scipy.spatial.distance import pdist, squareform

    rng = np.random.default_rng(5)
    distances = squareform(pdist(rng.random((400, dimensions))))
    others = distances[~np.eye(400, dtype=bool)].reshape(400, 399)
    return others.min(axis=1).mean() / others.mean()


def moved_coat():
    before = images.fashion_mnist().test_images[6]
    after = np.zeros_like(before)
    after[:, 3:] = before[:, :-3]
    return np.count_nonzero(before != after) / before.size


def attacked(value, slope, epsilon):
    """One signed step on a loss that autograd differentiates."""
    import torch

    pixel = torch.tensor(value, requires_grad=True)
    (slope * pixel).backward()
    return value + epsilon * float(torch.sign(pixel.grad))


def squared_by_torch(outputs, wanted):
    import torch

    lost = torch.nn.functional.mse_loss(
        torch.tensor(outputs), torch.tensor(wanted), reduction="sum"
    )
    return float(lost)


def halved_coffee():
    photo = (images.photo("coffee") * 255).round().astype(int)
    return np.count_nonzero(photo != photo // 2) / photo.size


def fires(inputs, weights, bias):
    return sigmoid(sum(a * w for a, w in zip(inputs, weights, strict=True)) + bias)


def field_of_fire5():
    """Kernel and stride of all that lies below: conv1, a pool, two fires, a pool, two fires."""
    return seen_by([(3, 2), (3, 2), (3, 1), (3, 1), (3, 2), (3, 1), (3, 1)])


def words_of_the_detector():
    from aml4d_utils import nets

    return len(set(nets.labels("nanodet_g")))


def units_of_squeezenet():
    """Count the maps of conv1 and of the eight fires, as the paper's table lists them."""
    return 64 + 2 * (128 + 256 + 384 + 512)


RIGHT = {
    "welcome.cat": lambda: f"{451 * 300 * 3:,}",
    "welcome.contrast": lambda: f"All are {(0.0 * 0.3 + 0.5):.1f}, an even grey",
    "how_we_see.width": lambda: f"{120 - 60}°",
    "how_we_see.no_preference": lambda: "1",
    "how_we_see.growing_field": lambda: str(field_of_fire5()),
    "how_we_see.halves": lambda: (
        f"The best of {units_of_squeezenet():,} units is partly the luckiest, and luck does not "
        "last"
    ),
    "how_we_see.index": lambda: round_to((6 - 2) / (6 + 2), 1),
    "challenges.distance": lambda: f"{1.1 / 8 * 416 / (2 * math.tan(math.pi / 6)):.0f} pixels",
    "challenges.power": lambda: str(0.5 * 0.5),
    "challenges.half_the_light": lambda: per_cent(halved_coffee()),
    "challenges.ten_chairs": lambda: f"70 %, with a 95 % interval of {wilson(7, 10)}",
    "challenges.count_transfer": lambda: per_cent(9 / 12),
    "challenges.near_the_pole": lambda: f"{math.cos(math.pi / 3):.2f} times as much",
    "design_studio.all_right": lambda: (
        f"{wilson(10, 10).split(' to ')[0]}, the lower end of the interval"
    ),
    "design_studio.frames": lambda: "12",
    "detector.overlap": lambda: round_to(50 / (100 + 100 - 50), 2),
    "detector.cells": lambda: f"{52**2 + 26**2 + 13**2:,}",
    "detector.precision_recall": lambda: per_cent(6 / 15),
    "detector.teeth": lambda: round_to(0.5 * 1 + 0.5 * 2 / 3, 2),
    "detector.farthest": lambda: f"{0.3 * 208 / math.tan(math.pi / 6) / 40:.1f} m",
    "detector.nonsense": lambda: (
        f"Of its {words_of_the_detector()} words this one fits well; whether any is right it "
        "cannot say"
    ),
    "pixels.flattening": lambda: str(3 * 200 + 5),
    "pixels.way_back": lambda: "Row {}, column {}".format(*divmod(1000, 320)),
    "pixels.in_colour": lambda: f"{np.zeros((32, 32, 3)).size:,}",
    "pixels.filling": lambda: f"{len(np.mgrid[:10, :10, :10].reshape(3, -1).T):,}",
    "pixels.nearest": lambda: f"{100 * nearest_of(784):.0f} %",
    "pixels.weights": lambda: f"{(64 * 64 * 3 + 1) * 10:,}",
    "pixels.smaller": lambda: f"1 in {28 * 28 // (7 * 7)}",
    "pixels.moved": lambda: per_cent(moved_coat()),
    "features.descriptor": lambda: f"{4 * 4 * 8} numbers",
    "features.half_as_long": lambda: "By 0.0",
    "features.hog_numbers": lambda: f"{hog_length():,}",
    "features.bin": lambda: f"Bin {100 // 20}",
    "features.negative": lambda: round_to(negative_in_hog(), 1),
    "classic_detectors.cascade": lambda: (
        f"About {100 * 0.99**10:.0f} % of the faces, {1e6 * 0.3**10:.0f} of a million others"
    ),
    "classic_detectors.four_corners": lambda: str(
        (np.arange(1, 26).reshape(5, 5) % 7)[1:4, 2:4].sum()
    ),
    "classic_detectors.questions": lambda: f"{haar_features(16):,}",
    "classic_detectors.each_stage": lambda: per_cent(math.exp(math.log(0.9) / 20), 1),
    "classic_detectors.pulled": lambda: f"{max(2, 5 - 0.5 * 3**2):.1f}",
    "convolution.equivariance": lambda: "It moves 10 pixels to the right",
    "convolution.local": lambda: f"The {seen_by([(3, 1)]) ** 2} pixels under the kernel",
    "convolution.maps": lambda: f"{(3 * 3 * 3 + 1) * 16:,}",
    "convolution.dense": lambda: f"{(32 * 32 + 1) * 32 * 32:,}",
    "convolution.map_size": lambda: str(len(np.convolve(np.zeros(28), np.zeros(5), "valid"))),
    "convolution.by_hand": lambda: round_to(4 * 0.5 - 4 * 0.2, 1),
    "convolution.edges": lambda: "−1 0 1 / −2 0 2 / −1 0 1",
    "convolution.two_layers": lambda: str(seen_by([(3, 1), (3, 1)])),
    "convolution.with_stride": lambda: str(seen_by([(3, 2), (3, 1)])),
    "convolution.every_second": lambda: f"{8 // 2} cells",
    "visualisation.ways_back": lambda: str(max(2, 0)),
    "visualisation.class_map": lambda: str(max(3 * 1 - 2 * 2, 0)),
    "visualisation.times_asked": lambda: str(13 * 13),
    "dissection.iou": lambda: str(10 / 100),
    "dissection.threshold": lambda: (
        f"Units answer on different scales; the top {100 / 200} % of places is the same for all"
    ),
    "dissection.lit_places": lambda: f"{56 * 56 * 100 // 200:,}",
    "dissection.masks": lambda: round_to(20 / (30 + 60 - 20), 2),
    "dissection.small_class": lambda: f"It lies somewhere from {wilson(6, 8)}",
    "invariance_and_augmentation.soft_label": lambda: "0.7 shoe and 0.3 shirt",
    "invariance_and_augmentation.steady": lambda: per_cent(2 / 4),
    "invariance_and_augmentation.blurred_row": lambda: round_to((0 + 2 * 8 + 0) / 4),
    "invariance_and_augmentation.two_pixels": lambda: round_to(0.7 * 1 + 0.3 * 0.2, 2),
    "invariance_and_augmentation.one_step": lambda: round_to(attacked(0.5, -3.0, 0.1), 1),
    "invariance_and_augmentation.adding_up": lambda: f"By about {224 * 224 * 3 / 255:.0f}",
    "transfer_learning.head": lambda: f"{np.zeros((1280, 6)).size + 6:,}",
    "transfer_learning.balanced": lambda: per_cent((90 / 90 + 0 / 10) / 2),
    "gans.best_answer": lambda: round_to(1 / (1 + 0.1 / 0.3), 2),
    "gans.twenty_faces": lambda: f"Not shown: the interval is {wilson(13, 20)}",
    "generative_gallery.guidance": lambda: f"{(1 - 3) * 0.5 + 3 * 2.0:g}",
    "generative_gallery.decibels": lambda: f"{20 * math.log10(1 / 0.01):.0f} dB",
    "generative_gallery.mean_product": lambda: str(np.dot([1, 3], [2, 4]) // 2),
    "generative_gallery.accused": lambda: f"About {per_cent(99 / (99 + 9900 * 0.05))}",
    "neurons.neuron": lambda: "σ(w₀a₀ + w₁a₁ + … + b)",
    "neurons.leaky": lambda: "It keeps a slope of 0.1 below zero",
    "neurons.fires": lambda: round_to(fires((1, 0.5), (2, -4), 1), 2),
    "neurons.all_three": lambda: next(
        f"{bias:+d}".replace("-", "−")
        for bias in (-5, -1, 5)
        if [sum(x) for x in np.ndindex(2, 2, 2) if fires(x, (2, 2, 2), bias) > 0.5] == [3]
    ),
    "neurons.leaks": lambda: round_to(max(0.1 * -5, -5), 1),
    "neurons.steepest": lambda: round_to((sigmoid(1e-4) - sigmoid(-1e-4)) / 2e-4, 2),
    "neurons.higher_line": lambda: round_to(max(-4, -0.5 * -4 - 1)),
    "neurons.lowest": lambda: f"{round_to(math.expm1(-20))}, very nearly",
    "neurons.count": lambda: f"{(100 + 1) * 20 + (20 + 1) * 5:,}",
    "backprop.two_paths": lambda: round_to(0.5 - 0.2, 1),
    "backprop.cost": lambda: round_to(squared_by_torch([0.2, 0.9, 0.1], [0.0, 1.0, 0.0]), 2),
    "backprop.step": lambda: round_to(-2.2 + 1 * -0.3, 2),
    "backprop.six_sigmoids": lambda: f"1 in {4**6:,}",
    "backprop.row": lambda: f"By {(-0.02 + 0.5 - 0.21 - 0.1 + 0.4) / 5:+.3f}",
    "backprop.steps": lambda: str(8000 // 32),
    "backprop.nine_in_ten": lambda: f"About {9000 * 9 // 10 // 9} times",
}
"""The words of the right answer, for every question in whose right answer a number stands."""


MEASURED = {"backprop.only_one"}
"""A number that names something; the test of this question at the end measures it."""

PUBLISHED = {"gans.people"}
"""A number from a paper that the question names."""


def has_a_number(words):
    return bool(re.search(r"\d", words))


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_the_right_answer_is_right(name):
    assert asked(name).right.words == RIGHT[name]()


def test_every_number_is_recomputed():
    numbers = {each.name for each in BANK if has_a_number(asked(each.name).right.words)}
    assert numbers - set(RIGHT) - MEASURED - PUBLISHED == set()


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_no_other_option_would_do(name):
    wrong = [answer.words for answer in asked(name).answers if not answer.right]
    assert RIGHT[name]() not in wrong


# --- what is not a number, but measured ---------------------------------------------------------


def right_name(name):
    return asked(name).right.name


def test_suppression_keeps_the_third_box_when_the_second_has_gone():
    kept, overlaps = [], {("A", "B"): 0.6, ("B", "C"): 0.6, ("A", "C"): 1 / 3}
    for box in "ABC":
        if all(overlaps[other, box] <= 0.5 for other in kept):
            kept.append(box)
    assert asked("detector.three_in_a_row").right.words == " and ".join(kept)


def test_an_upright_bar_fits_the_field_best():
    picture = asked("how_we_see.field").picture.pixels.astype(float) - 127.5
    middle = slice(18, 23)
    assert picture[:, middle].sum() > max(picture[middle].sum(), 0)
    assert "upright" in asked("how_we_see.field").right.words


def test_the_map_of_edges_is_what_the_kernel_makes():
    from scipy.ndimage import sobel

    pixels = asked("convolution.edges").picture.pixels.astype(float)
    width = (pixels.shape[1] - 4) // 2
    photo, found = pixels[:, :width], pixels[:, -width:] - 127.5
    likeness = [np.corrcoef(sobel(photo, axis).ravel(), found.ravel())[0, 1] for axis in (0, 1)]
    assert likeness[1] > 0.9 > abs(likeness[0])


def test_two_dots_above_one_are_answered_like_faces():
    text = asked("visualisation.dots").question
    weakest, up, down = (int(number) for number in re.findall(r"\b\d+\b", text))
    assert up > weakest > 3 * down


def test_the_second_cup_is_the_mirrored_first():
    pixels = asked("invariance_and_augmentation.mirrored").picture.pixels
    assert (np.abs(pixels[:, :120][:, ::-1].astype(int) - pixels[:, -120:]) <= 1).all()


def test_the_two_pairs_of_intervals_say_what_the_answer_claims():
    reasons = " ".join(answer.why for answer in asked("features.two_counts").answers)
    assert wilson(82, 100) in reasons and wilson(86, 100) in reasons
    lows = re.findall(r"(\d+) %", asked("features.cheapest").question)
    needed, pixels, hog = map(int, lows)
    assert pixels >= needed and hog > pixels


def test_who_follows_one_6_reads_6_everywhere():
    from aml4d_utils.topics.backprop import nudges
    from aml4d_utils.topics.backprop.explorers import digits, untrained

    data, network = digits(), untrained()
    six = int(np.flatnonzero(data.labels == 6)[0])
    others = data.inputs[data.labels != 6][:200]
    for _ in range(5):
        table = nudges.nudge_table(network, data.inputs[[six]], np.eye(10)[[6]])
        network = nudges.take_step(network, table.mean, 1.0)
    read = network.forward(others).output.argmax(axis=1)
    assert right_name("backprop.only_one") == "six" and (read == 6).mean() > 0.95


def test_all_names_are_of_the_bank():
    assert set(RIGHT) <= set(BY_NAME)
