"""Concepts lie where the scene was composed to have them."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.dissection import concepts
from aml4d_utils.topics.dissection.concepts import COLOURS, CONCEPTS, MAP_SIDE, NONE, SIDE, THINGS


def test_there_are_31_concepts_with_names_of_their_own():
    assert len(CONCEPTS) == len({c.name for c in CONCEPTS}) == 31
    assert [c.kind for c in CONCEPTS].count("texture") == len(images.background_names())


def test_the_things_are_the_categories_with_twelve_originals():
    originals = {}
    for cutout in images.cutouts():
        originals.setdefault(cutout.category, set()).add(cutout.original)
    assert THINGS == tuple(sorted(name for name, found in originals.items() if len(found) >= 12))


@pytest.mark.parametrize("name", COLOURS)
def test_typical_colours_have_their_own_name(name):
    pixels = np.full((2, 3, 3), COLOURS[name])
    assert (concepts.name_colours(pixels) == list(COLOURS).index(name)).all()


def test_colours_are_the_nearest_in_cielab():
    from skimage.color import deltaE_cie76, rgb2lab

    pixels = np.random.default_rng(0).random((5, 7, 3))
    typical = rgb2lab(np.array([list(COLOURS.values())]))[0]
    lab = rgb2lab(pixels)
    for place in np.ndindex(5, 7):
        nearest = np.argmin([deltaE_cie76(lab[place], colour) for colour in typical])
        assert concepts.name_colours(pixels)[place] == nearest


def test_a_scene_has_one_colour_everywhere_and_a_thing_or_a_texture(both_sets):
    for scene in both_sets[0]:
        thing, colour, texture = scene.labels
        assert scene.image.shape == (SIDE, SIDE, 3) and scene.image.dtype == np.uint8
        assert scene.labels.shape == (3, MAP_SIDE, MAP_SIDE)
        assert (colour >= len(THINGS)).all() and (colour < len(THINGS) + len(COLOURS)).all()
        assert ((thing == NONE) != (texture == NONE)).all()
        assert len(np.unique(texture[texture != NONE])) == 1
        assert len(np.unique(thing[thing != NONE])) <= 3


def test_masks_are_those_of_the_cutouts():
    zebra = next(c for c in images.cutouts() if c.name == "zebra")
    grass = images.background("grass", SIDE, SIDE)
    placement = images.Placement(zebra, row=SIDE / 2, column=SIDE / 2, length=150)
    scene = images.compose(images.Layout(grass, (placement,)))
    labels = concepts._labels(scene, "grass")
    found = (labels[0] == concepts.concept_index("mammals")).mean()
    assert found == pytest.approx(scene.masks[0].mean(), abs=0.01)
    assert (labels[2] == concepts.concept_index("grass")).mean() == pytest.approx(1 - found)


def test_the_two_sets_share_no_original_and_repeat(last_of):
    first, second = images.split(images.cutouts(), 0.5, seed=3)
    assert not {c.original for c in first} & {c.original for c in second}
    seen, one = last_of(concepts.scene_sets(2, 2, seed=3))
    _, other = last_of(concepts.scene_sets(2, 2, seed=3))
    assert [step.fraction for step in seen] == [0.25, 0.5, 0.75, 1.0]
    for a, b in zip(one[0] + one[1], other[0] + other[1], strict=True):
        np.testing.assert_array_equal(a.image, b.image)
        np.testing.assert_array_equal(a.labels, b.labels)


def test_too_few_categories_are_named():
    with pytest.raises(ValueError, match="at least 3 categories, but got 1"):
        concepts.concept_scene(np.random.default_rng(0), images.cutouts("coins"))


def test_unknown_concepts_are_named():
    with pytest.raises(ValueError, match="no concept 'dogs'"):
        concepts.concept_index("dogs")
