"""Figures are drawn, and their words follow the result."""

import numpy as np
import pytest

from aml4d_utils.notebook import show
from aml4d_utils.topics.dissection import census, figures
from aml4d_utils.topics.dissection.ablation import CLASSES, ClassAccuracy, LabelledOrNeeded
from aml4d_utils.topics.dissection.concepts import CONCEPTS
from aml4d_utils.topics.dissection.lighting import light_up
from aml4d_utils.topics.dissection.units import Unit, unit_at


def counts(right):
    return ClassAccuracy(np.full(len(CLASSES), right), np.full(len(CLASSES), 10))


@pytest.fixture(scope="module")
def views(net, both_sets, dissection):
    """For two units: four scenes lit."""
    images = [scene.image for scene in both_sets[0][:4]]
    return [
        light_up(net, images, unit_at(number), float(dissection.thresholds[number, 0]))
        for number in (40, 2200)
    ]


def test_spotlight_dims_outside_and_outlines():
    image = np.full((40, 40, 3), 200, np.uint8)
    mask = np.zeros((40, 40), bool)
    mask[10:20, 10:20] = True
    shown = figures.spotlight(image, mask)
    assert (shown[mask] == 200).all()
    assert (shown[9, 12] == 255).all() and (shown[0, 0] < 100).all()
    assert (figures.spotlight(image, np.zeros((40, 40), bool)) < 100).all()


def test_lit_places_and_things_are_told(views, both_sets):
    words = [figures.describe_lit(view, both_sets[0][:4]) for view in views]
    assert words[0] != words[1]
    assert all("4 pictures" in text and "%" in text for text in words)
    assert figures.lit_tiles(views[0], 2).shape == (2 * 227 + 6, 2 * 227 + 6, 3)


def test_scenes_and_concepts_are_told(both_sets):
    scenes = both_sets[0]
    assert figures.describe_concepts(scenes[0]) != figures.describe_concepts(scenes[1])
    show(figures.draw_concepts(scenes[0]), figures.describe_concepts(scenes[0]))
    assert figures.describe_scenes(scenes[:3]) != figures.describe_scenes(scenes[3:6])
    show(figures.draw_scenes([s.image for s in scenes[:6]]), figures.describe_scenes(scenes[:6]))
    sizes = [scenes[0].mask(c).mean() for c in figures.concepts_in(scenes[0])]
    assert min(sizes) >= 0.01


def test_overlaps_are_told(views, both_sets):
    scene = both_sets[0][0]
    concept = figures.concepts_in(scene)[0]
    texts = [figures.describe_overlap(view[0], scene, concept, Unit("conv1", 40)) for view in views]
    assert texts[0] != texts[1] and CONCEPTS[concept].name in texts[0]
    show(figures.draw_overlap(views[0][0], scene, concept, Unit("conv1", 40)), texts[0])


def test_a_units_words_say_whether_it_is_a_detector():
    iou = np.zeros(len(CONCEPTS))
    iou[4] = 0.3
    assert "counts as a detector" in figures.describe_unit(Unit("fire5", 1), iou, 0.005, 0.04)
    assert "too little" in figures.describe_unit(Unit("fire5", 1), iou, 0.005, 0.4)


def test_the_census_is_told(dissection):
    one, other = (census.count_detectors(dissection, least=least) for least in (0.04, 0.15))
    assert figures.describe_census(one, other) != figures.describe_census(other, one)
    assert "fire9" in figures.describe_shares(one, "trained")
    assert figures.describe_shares(one, "trained") != figures.describe_shares(other, "trained")


def test_kernels_are_turned_to_rgb(net):
    weight = net.features[0].weight.numpy()
    kernel = figures.kernel_of(weight, Unit("conv1", 51))
    np.testing.assert_array_equal(kernel[1, 2], weight[51, ::-1, 1, 2])
    with pytest.raises(ValueError, match="fire2/3 is deeper"):
        figures.kernel_of(weight, Unit("fire2", 3))


def test_a_confused_unit_is_drawn(views, dissection, net):
    texts = []
    for view, number in zip(views, (40, 50), strict=True):
        kernel = figures.kernel_of(net.features[0].weight.numpy(), Unit("conv1", number))
        one = (view, dissection.iou()[number], Unit("conv1", number), kernel)
        texts.append(figures.describe_confused_unit(*one))
        show(figures.draw_confused_unit(*one), texts[-1])
    assert texts[0] != texts[1]


def test_accuracies_are_drawn_and_told():
    before = counts(8)
    show(figures.draw_accuracy(before), figures.describe_accuracy(before))
    assert "8 of 10" in figures.describe_accuracy(before)
    assert figures.describe_accuracy(before) != figures.describe_accuracy(counts(5))
    with_off = figures.describe_accuracy(before, counts(2), 20)
    assert "with 20 units off 2" in with_off
    said = figures.describe_ablation("birds", before, counts(2), 1)
    assert "With 1 unit of 512" in said and "2 of 10 times (before: 8" in said
    common = np.full(len(CLASSES), 3)
    result = LabelledOrNeeded(10, before, counts(7), counts(4), common)
    text = figures.describe_labelled_or_needed(result)
    show(figures.draw_labelled_or_needed(result), text)
    assert "80 %, 70 % and 40 %" in text and "share 3.0 units" in text
