"""Figures are drawn, and their words follow the result."""

import numpy as np
import pytest
from topics.dissection.examples import censuses, counts, needed, overlap_of, overlaps, views

from aml4d_utils.notebook import show
from aml4d_utils.topics.dissection import figures
from aml4d_utils.topics.dissection.concepts import CONCEPTS
from aml4d_utils.topics.dissection.units import LAYERS, Unit


def test_spotlight_dims_outside_and_outlines():
    image = np.full((40, 40, 3), 200, np.uint8)
    mask = np.zeros((40, 40), bool)
    mask[10:20, 10:20] = True
    shown = figures.spotlight(image, mask)
    assert (shown[mask] == 200).all()
    assert (shown[9, 12] == 255).all() and (shown[0, 0] < 100).all()
    assert (figures.spotlight(image, np.zeros((40, 40), bool)) < 100).all()


def test_lit_places_are_told(both_sets):
    (view,) = views()[:1]
    words = figures.describe_lit(view, both_sets[0][:4])
    assert "4 pictures" in words and "%" in words
    assert figures.lit_tiles(view, 2).shape == (2 * 227 + 6, 2 * 227 + 6, 3)


def test_scenes_are_drawn_and_concepts_are_large(both_sets):
    scenes = both_sets[0]
    show(figures.draw_scenes([s.image for s in scenes[:6]]), figures.describe_scenes(scenes[:6]))
    sizes = [scenes[0].mask(c).mean() for c in figures.concepts_in(scenes[0])]
    assert min(sizes) >= 0.01


def test_overlaps_name_their_concept():
    view, scene, concept, unit = overlaps()[0]
    assert CONCEPTS[concept].name in figures.describe_overlap(view, scene, concept, unit)


def test_a_units_words_say_whether_it_is_a_detector():
    iou = overlap_of(0.3)
    assert "counts as a detector" in figures.describe_unit(Unit("fire5", 1), iou, 0.005, 0.04)
    assert "too little" in figures.describe_unit(Unit("fire5", 1), iou, 0.005, 0.4)


def test_the_census_names_every_layer():
    words = figures.describe_shares(censuses()[0], "trained")
    assert all(layer in words for layer in LAYERS)


def test_kernels_are_turned_to_rgb(net):
    weight = net.features[0].weight.numpy()
    kernel = figures.kernel_of(weight, Unit("conv1", 51))
    np.testing.assert_array_equal(kernel[1, 2], weight[51, ::-1, 1, 2])
    with pytest.raises(ValueError, match="fire2/3 is deeper"):
        figures.kernel_of(weight, Unit("fire2", 3))


def test_accuracies_are_told():
    before = counts(8)
    assert "8 of 10" in figures.describe_accuracy(before)
    with_off = figures.describe_accuracy(before, counts(2), 20)
    assert "with 20 units off 2" in with_off
    said = figures.describe_ablation("birds", before, counts(2), 1)
    assert "With 1 unit of 512" in said and "2 of 10 times (before: 8" in said
    text = figures.describe_labelled_or_needed(needed(4))
    assert "80 %, 70 % and 40 %" in text and "share 3.0 units" in text
