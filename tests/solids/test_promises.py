"""What render promises: sizes, backgrounds, the same numbers everywhere, clear refusals."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from aml4d_utils.images import photo, resize
from aml4d_utils.solids import Lamp, Viewpoint, render, thing, things

HASH = """
import hashlib
from aml4d_utils.solids import Viewpoint, Lamp, render, thing
for name in ("forklift", "red sneakers", "wine glass"):
    view = render(thing(name), Viewpoint(37, 21, 11), Lamp(-20, 50), size=64)
    print(hashlib.sha256(view.picture.tobytes() + view.depth.tobytes()).hexdigest())
"""


def test_shapes_types_and_ranges():
    view = render(thing("forklift"), size=(40, 50))
    assert view.picture.shape == (40, 50, 3) and view.picture.dtype == np.float32
    assert view.rgba.shape == (40, 50, 4) and view.rgba.dtype == np.float32
    assert view.mask.shape == view.depth.shape == (40, 50) and view.depth.dtype == np.float32
    for values in (view.picture, view.rgba):
        assert values.min() >= 0 and values.max() <= 1
    assert np.array_equal(np.unique(np.round(view.mask * 9)), np.arange(10))
    assert np.isinf(view.depth[view.mask == 0]).all()
    assert np.isfinite(view.depth[view.mask == 1]).all()
    assert view.depth[np.isfinite(view.depth)].min() > 3
    assert view.depth[np.isfinite(view.depth)].max() < 5


def test_the_picture_is_the_cut_out_on_its_background():
    ground = resize(photo("chelsea"), 60, 60)
    view = render(thing("red sneakers"), background=photo("chelsea"), size=60)
    alpha = view.mask[..., None]
    np.testing.assert_allclose(
        view.picture, view.rgba[..., :3] * alpha + ground * (1 - alpha), atol=1e-5
    )
    assert np.array_equal(view.picture[view.mask == 0], ground[view.mask == 0])


@pytest.mark.parametrize(("background", "corner"), [(0.2, (0.2,) * 3), ((0, 1, 0.5), (0, 1, 0.5))])
def test_a_grey_and_a_colour_fill_the_background(background, corner):
    view = render(thing("hammer"), background=background, size=20)
    np.testing.assert_allclose(view.picture[0, 0], corner, atol=1e-7)


def test_a_thing_outside_the_picture_leaves_the_background():
    off = thing("hammer").mesh
    off = off.__class__(**{**vars(off), "vertices": off.vertices * 0.001 + (0.9, 0, 0)})
    view = render(off, Viewpoint(0, 0, 0, 4, 10), background=0.3, size=16)
    assert not view.mask.any() and np.isinf(view.depth).all()
    np.testing.assert_allclose(view.picture, 0.3, atol=1e-7)


def test_every_thing_fits_into_the_picture_whatever_way_it_is_turned():
    rng = np.random.default_rng(0)
    for each in things():
        view = render(each, Viewpoint(*rng.uniform(-180, 180, 3)), size=72)
        assert view.mask.max() > 0.05
        assert not view.mask[[0, -1]].any() and not view.mask[:, [0, -1]].any(), each.name


def test_rendering_twice_gives_the_same_bits():
    for name in ("antique chair", "coffee maker"):
        one, two = (render(thing(name), Viewpoint(12, 34, 56), size=48) for _ in range(2))
        for field in ("picture", "rgba", "depth"):
            assert getattr(one, field).tobytes() == getattr(two, field).tobytes()


def test_another_processor_gives_the_same_bits():
    """With NumPy's faster instructions switched off, as on a processor that lacks them."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    faster = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    slow = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(faster)}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", HASH], env=env, capture_output=True, text=True, check=True
        ).stdout
        for env in (os.environ | {"NPY_DISABLE_CPU_FEATURES": ""}, slow)
    ]
    assert len(outputs[0].split()) == 3
    assert outputs[0] == outputs[1]


def test_no_input_is_changed():
    ground = np.full((30, 30, 3), 0.25, np.float32)
    before = ground.copy()
    mesh = thing("wine glass").mesh
    digest = hashlib.sha256(mesh.vertices.tobytes() + mesh.normals.tobytes()).hexdigest()
    render(mesh, background=ground, size=30)
    assert np.array_equal(ground, before)
    assert hashlib.sha256(mesh.vertices.tobytes() + mesh.normals.tobytes()).hexdigest() == digest


@pytest.mark.parametrize("size", [0, -1, 2049, 1.5, "big", True, None, (0, 4), (4,), (4, 4, 4)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="Expected `size` as a whole number of pixels"):
        render(thing("hammer"), size=size)


@pytest.mark.parametrize("background", [1.5, -0.1, float("nan"), (0, 1), (0, 0, 2), np.ones(4)])
def test_a_background_that_is_none_is_refused(background):
    with pytest.raises(ValueError, match="Expected `background`"):
        render(thing("hammer"), background=background, size=8)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "1", None, True])
@pytest.mark.parametrize("field", ["yaw", "pitch", "roll", "distance", "field_of_view"])
def test_a_camera_wants_finite_numbers(field, value):
    with pytest.raises(ValueError, match=f"Expected `{field}` as a"):
        Viewpoint(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("distance", 1.0), ("distance", -4), ("field_of_view", 0.5), ("field_of_view", 121)],
)
def test_a_camera_wants_numbers_in_range(field, value):
    with pytest.raises(ValueError, match=f"Expected `{field}`"):
        Viewpoint(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("yaw", float("nan")), ("pitch", float("inf")), ("strength", -0.1), ("ambient", 3.1)],
)
def test_a_lamp_wants_numbers_in_range(field, value):
    with pytest.raises(ValueError, match=f"Expected `{field}`"):
        Lamp(**{field: value})
