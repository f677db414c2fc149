"""The renderer against rays cast one by one and against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils.solids import Lamp, Viewpoint, render, thing
from aml4d_utils.solids.rasterising import fragments, nearest
from aml4d_utils.solids.rendering import POINTS, _Window

CUBE_HALF = 16383 / 32767
VIEWS = [
    ("park bench", "white park bench", Viewpoint(30, 15)),
    ("from below", "trestle table", Viewpoint(-140, -35, 20)),
    ("upside down", "reflex camera", Viewpoint(35, 15, 180)),
    ("from above", "wooden chair with red seat", Viewpoint(10, 90)),
    ("over the top", "white kitchen table", Viewpoint(70, 130, -45)),
    ("near", "crash helmet", Viewpoint(200, 5, 0, 1.8, 70)),
    ("cut off", "red sports car", Viewpoint(25, 10, 10, 2.2, 20)),
    ("wide", "hammer", Viewpoint(-60, 40, 75, 1.3, 110)),
    ("thin bars", "blue checked chair", Viewpoint(-35, 20)),
    ("far", "electric drill", Viewpoint(90, 0, 0, 12, 30)),
]


@pytest.mark.parametrize(
    ("name", "camera"), [view[1:] for view in VIEWS], ids=[v[0] for v in VIEWS]
)
def test_silhouette_and_depth_are_those_of_rays(name, camera, cast):
    mesh = thing(name).mesh
    height, width = 22, 26
    view = render(mesh, camera, size=(height, width))
    hits = cast(mesh, camera, height, width, POINTS)

    def covered(hit):
        return hit.reshape(height, POINTS, width, POINTS).sum((1, 3)) / POINTS**2

    assert 0.01 < view.mask.mean() <= 1
    assert (hits.possibly & ~hits.surely).mean() < 1e-3
    solid = not mesh.see_through.any()
    if solid:
        assert (view.mask >= covered(hits.surely) - 1e-6).all()
        assert (view.mask <= covered(hits.possibly) + 1e-6).all()
    middle = slice(POINTS // 2, None, POINTS)
    sure = (hits.surely == hits.possibly)[middle, middle]
    expected = hits.depth[middle, middle]
    assert np.array_equal(np.isinf(view.depth)[sure], np.isinf(expected)[sure])
    seen = sure & np.isfinite(expected)
    np.testing.assert_allclose(view.depth[seen], expected[seen], rtol=2e-6)


def test_most_views_are_of_solid_things():
    assert sum(not thing(name).mesh.see_through.any() for _, name, _ in VIEWS) >= 8


@pytest.mark.parametrize(
    "camera",
    [Viewpoint(0, 0), Viewpoint(40, 25, 10), Viewpoint(-100, -60, 200, 2, 60), Viewpoint(13, 90)],
)
def test_depth_of_a_cube_is_the_slab_formula(camera, cube, cast_rays):
    view = render(cube, camera, size=(41, 60))
    start, directions = cast_rays(camera, 41, 60)
    with np.errstate(divide="ignore"):
        sides = np.stack([(sign * CUBE_HALF - start) / directions for sign in (-1, 1)])
    enter, leave = sides.min(0).max(-1), sides.max(0).min(-1)
    expected = np.where(enter < leave, enter, np.inf)
    border = np.abs(enter - leave) < 1e-9
    assert np.array_equal(np.isinf(view.depth)[~border], np.isinf(expected)[~border])
    seen = np.isfinite(expected) & ~border
    assert seen.sum() > 100
    np.testing.assert_allclose(view.depth[seen], expected[seen], rtol=1e-6)


@pytest.mark.parametrize(
    "camera", [Viewpoint(0, 0), Viewpoint(77, 33, 5), Viewpoint(-20, -80, 0, 2.5, 50)]
)
def test_depth_of_a_ball_is_that_of_the_sphere(camera, ball, cast_rays):
    view = render(ball, camera, size=64)
    start, directions = cast_rays(camera, 64, 64)
    square = (directions**2).sum(-1)
    half = directions @ start
    root = half**2 - square * (start @ start - 1)
    expected = np.where(root > 0, (-half - np.sqrt(np.maximum(root, 0))) / square, np.inf)
    # The facets lie inside the sphere, by no more than the height of an arc of 360 / 96 degrees
    # seen at a slant.
    points = start + directions * np.where(root > 0, expected, 0)[..., None]
    slant = np.abs((points * directions).sum(-1)) / np.sqrt(square)
    facing = (root > 0) & (slant > 0.3)
    assert facing.sum() > 500
    deeper = view.depth[facing] - expected[facing]
    assert deeper.min() > -1e-4
    assert (deeper * slant[facing]).max() < 1 - np.cos(np.pi / 48) + 1e-4
    # Its outline is a circle of the closed form: tan of the angle at which the sphere is touched.
    touched = np.tan(np.arcsin(1 / camera.distance))
    radius = touched / np.tan(np.radians(camera.field_of_view / 2)) * 32
    assert view.mask.sum() == pytest.approx(np.pi * radius**2, rel=4e-3)


angles = st.floats(-180, 180, allow_nan=False)


@settings(max_examples=40)
@given(angles, angles, angles, st.floats(1.05, 8), st.floats(5, 110))
def test_a_closed_body_has_no_hole_and_no_seam(ball, cube, yaw, pitch, roll, distance, angle):
    """Each point of its silhouette lies in exactly one front and in exactly one back triangle."""
    camera = Viewpoint(yaw, pitch, roll, distance, angle)
    for mesh in (ball, cube):
        window = _Window.around(mesh, camera, Lamp(), 24, 24)
        x, y = (values[mesh.triangles] for values in (window.projected.x, window.projected.y))
        turn = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
        counts = [
            np.bincount(window.fragments(mesh, side).point, minlength=window.points)
            for side in (turn < 0, turn > 0)
        ]
        assert counts[0].max() == 1
        assert np.array_equal(*counts)


def test_a_square_of_two_triangles_covers_each_of_its_points_once(make_body):
    square = make_body([(-9, -9, 0), (9, -9, 0), (9, 9, 0), (-9, 9, 0)], [(0, 1, 2), (0, 2, 3)])
    window = _Window.around(square, Viewpoint(0, 0, 0, 4, 30), Lamp(), 9, 9)
    projected = type(window.projected)(
        np.array([1, 8, 8, 1.0]), np.array([8, 8, 1, 1.0]), np.ones(4)
    )
    found = fragments(projected, square.triangles, np.array([0, 1]), 9, 9)
    count = np.bincount(found.point, minlength=81).reshape(9, 9)
    expected = np.zeros((9, 9), int)
    expected[1:8, 1:8] = 1
    assert np.array_equal(count, expected)


def test_of_two_equally_near_triangles_the_later_one_is_seen(make_body):
    size = 30000
    twice = make_body([(-size, -size, 0), (size, -size, 0), (size, size, 0)], [(0, 1, 2)] * 2)
    window = _Window.around(twice, Viewpoint(0, 0, 0, 4, 60), Lamp(), 9, 9)
    triangle, near = nearest(window.fragments(twice, np.ones(2, bool)), window.points)
    assert set(triangle.tolist()) == {-1, 1}
    assert np.array_equal(triangle >= 0, near > 0)
