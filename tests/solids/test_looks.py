"""Light, colour, texture and glass against closed forms."""

import io

import numpy as np
import pytest
from PIL import Image

from aml4d_utils.solids import Lamp, Mesh, Viewpoint, render, thing
from aml4d_utils.solids.mesh import corner_normals, unpack
from aml4d_utils.solids.texturing import Textures

FULL = 32767
SQUARE = [(-FULL, -FULL, 0), (FULL, -FULL, 0), (FULL, FULL, 0), (-FULL, FULL, 0)]
FRONT = Viewpoint(0, 0, 0, 6, 30)


@pytest.mark.parametrize("yaw", [0, 30, 60, 85])
def test_a_matt_square_obeys_lamberts_law(yaw, make_body):
    square = make_body(SQUARE, [(0, 1, 2), (0, 2, 3)], colour=(1, 0.5, 0.25))
    lamp = Lamp(yaw, 0, 0.6, 0.2)
    middle = render(square, FRONT, lamp, size=9).picture[4, 4]
    expected = (0.2 + 0.6 * np.cos(np.radians(yaw))) * np.array([1, 0.5, 0.25])
    np.testing.assert_allclose(middle, expected, atol=1e-6)


def test_light_from_behind_gives_only_what_comes_from_all_sides(make_body):
    square = make_body(SQUARE, [(0, 1, 2), (0, 2, 3)])
    picture = render(square, FRONT, Lamp(180, 0, 0.6, 0.2), size=9).picture
    np.testing.assert_allclose(picture[4, 4], 0.2, atol=1e-6)


def test_both_sides_of_a_triangle_are_lit_alike(make_body):
    lamp = Lamp(20, 10)
    one, other = (
        render(make_body(SQUARE, order), FRONT, lamp, size=9).picture
        for order in ([(0, 1, 2), (0, 2, 3)], [(2, 1, 0), (3, 2, 0)])
    )
    assert np.array_equal(one, other)


def test_a_standing_lamp_stays_and_a_carried_one_goes_along(cube):
    def brightness(camera, **lamp):
        return render(cube, camera, Lamp(**lamp), size=9).picture[4, 4, 0]

    front, side = Viewpoint(0, 0), Viewpoint(90, 0)
    fixed = {"yaw": 0, "pitch": 0, "strength": 0.6, "ambient": 0.2}
    assert brightness(front, **fixed) == pytest.approx(0.8, abs=1e-6)
    assert brightness(side, **fixed) == pytest.approx(0.8, abs=1e-6)
    assert brightness(front, with_camera=False, **fixed) == pytest.approx(0.8, abs=1e-6)
    assert brightness(side, with_camera=False, **fixed) == pytest.approx(0.2, abs=1e-6)


def test_panes_of_glass_add_up(make_body):
    panes = 3
    corners = [(x, y, 5000 * z) for z in range(panes) for x, y, _ in np.array(SQUARE) // 2]
    order = [
        (4 * z + a, 4 * z + b, 4 * z + c)
        for z in range(panes)
        for a, b, c in ((0, 1, 2), (0, 2, 3))
    ]
    glass = make_body(corners, order, colour=(1, 0, 0), opacity=0.25)
    view = render(glass, FRONT, Lamp(strength=0, ambient=1), background=(0, 1, 0), size=9)
    covered = 1 - 0.75**panes
    np.testing.assert_allclose(view.mask[4, 4], covered, atol=1e-6)
    np.testing.assert_allclose(view.picture[4, 4], [covered, 1 - covered, 0], atol=1e-6)
    assert view.depth[4, 4] == pytest.approx(6 - 5000 * (panes - 1) / FULL, abs=1e-5)


@pytest.mark.parametrize("glass_in_front", [True, False])
def test_glass_behind_something_solid_is_not_seen(glass_in_front, make_body):
    front, back = (np.array(SQUARE) // 2 + (0, 0, z) for z in (5000, -5000))
    panes = make_body(np.concatenate([front, back]), [(0, 1, 2), (0, 2, 3), (4, 5, 6), (4, 6, 7)])
    glass = np.array([glass_in_front] * 2 + [not glass_in_front] * 2)
    mixed = Mesh(
        **{
            **vars(panes),
            "surface": glass.astype(np.int64),
            "colours": np.array([(0, 0, 1), (1, 0, 0)], np.float32),
            "opacities": np.array([1, 0.25], np.float32),
            "highlights": np.zeros(2, np.float32),
            "shininess": np.ones(2, np.float32),
            "textures": np.full(2, -1),
            "see_through": glass,
        }
    )
    view = render(mixed, FRONT, Lamp(strength=0, ambient=1), size=9)
    expected = (0.25, 0, 0.75) if glass_in_front else (0, 0, 1)
    np.testing.assert_allclose(view.picture[4, 4], expected, atol=1e-6)
    assert view.mask[4, 4] == 1
    assert view.depth[4, 4] == pytest.approx(6 - 5000 / FULL, abs=1e-5)


def textured(pixels, coordinates):
    """A square that carries a texture stored without loss."""
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "WEBP", lossless=True, exact=True)
    return unpack(
        {
            "vertices": np.array(SQUARE, np.int16),
            "triangles": np.array([(0, 1, 2), (0, 2, 3)], np.uint16),
            "flat": np.ones(2, np.uint8),
            "surface": np.zeros(2, np.uint8),
            "surfaces": np.array([[1, 1, 1, 1, 0, 1]], np.float32),
            "textures": np.array([0], np.int8),
            "range": np.array([(0, 0), (2, 2)], np.float32),
            "coordinates": np.round(np.array(coordinates) / 2 * 65535).astype(np.uint16),
            "mapped": np.array([(0, 1, 2), (0, 2, 3)], np.uint16),
            "texture_0": np.frombuffer(buffer.getvalue(), np.uint8),
        }
    )


QUARTERS = np.zeros((64, 64, 3), np.uint8)
QUARTERS[:32, :32] = (255, 0, 0)
QUARTERS[:32, 32:] = (0, 255, 0)
QUARTERS[32:, :32] = (0, 0, 255)
ONCE = [(0, 0), (1, 0), (1, 1), (0, 1)]
PLAIN = Lamp(strength=0, ambient=1)
# The square fills the picture exactly: its corners at ±1 / √3 · √3, one unit before the camera.
FILLING = Viewpoint(0, 0, 0, 2, 2 * np.degrees(np.arctan(1 / 2)))


def test_a_texture_lies_the_right_way_round():
    picture = render(textured(QUARTERS, ONCE), FILLING, PLAIN, size=64).picture
    np.testing.assert_allclose(picture, QUARTERS / 255, atol=0.6)
    for part in (np.s_[2:28, 2:28], np.s_[2:28, 36:62], np.s_[36:62, 2:28], np.s_[36:62, 36:62]):
        np.testing.assert_allclose(picture[part], (QUARTERS / 255)[part], atol=1e-4)


def test_a_texture_is_repeated_beyond_its_border():
    twice = [(0, 0), (2, 0), (2, 2), (0, 2)]
    picture = render(textured(QUARTERS, twice), FILLING, PLAIN, size=64).picture
    for top in (0, 32):
        for left in (0, 32):
            tile = picture[top : top + 32, left : left + 32]
            for part in (np.s_[2:14, 2:14], np.s_[2:14, 18:30], np.s_[18:30, 2:14]):
                np.testing.assert_allclose(tile[part], (QUARTERS[::2, ::2] / 255)[part], atol=1e-4)


def test_a_fine_texture_far_away_is_its_mean_and_does_not_alias():
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, ::2] = 255
    picture = render(textured(stripes, ONCE), FILLING, PLAIN, size=24).picture
    np.testing.assert_allclose(picture[2:-2, 2:-2], 0.5, atol=0.01)


def test_holes_of_a_texture_are_holes_of_the_thing():
    leaf = np.zeros((64, 64, 4), np.uint8)
    leaf[..., 1] = 255
    leaf[:, :32, 3] = 255
    view = render(textured(leaf, ONCE), FILLING, PLAIN, background=0.0, size=32)
    np.testing.assert_allclose(view.mask[4:-4, 2:12], 1, atol=1e-5)
    np.testing.assert_allclose(view.mask[4:-4, 20:-2], 0, atol=1e-5)


def test_textures_are_looked_up_between_pixels_and_at_a_fitting_size():
    ramp = np.zeros((1, 4, 4), np.float32)
    ramp[0, :, 0] = [0, 1, 2, 3]
    textures = Textures.of([ramp])
    u = np.array([0.125, 0.25, 0.375, 0.875, 1.375, 0], np.float32)

    def red(texels_per_point):
        density = np.full(6, texels_per_point, np.float32)
        return textures.looked_up(np.zeros(6, int), u, np.zeros_like(u), density)[0]

    np.testing.assert_allclose(red(1), [0, 0.5, 1, 3, 1, 1.5], atol=1e-6)
    np.testing.assert_allclose(red(1000), 1.5, atol=1e-6)


def test_normals_of_a_ball_point_outwards(ball):
    corners = ball.vertices[ball.triangles]
    along = (ball.normals * corners).sum(-1) / np.linalg.norm(corners, axis=-1)
    assert along.min() > 0.999


def test_flat_triangles_keep_their_own_normal():
    vertices = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], float)
    triangles = np.array([(0, 1, 2), (0, 3, 1)])
    flat = corner_normals(vertices, triangles, np.array([True, True]))
    assert np.array_equal(flat[0], [(0, 0, 1)] * 3) and np.array_equal(flat[1], [(0, 1, 0)] * 3)
    both = corner_normals(vertices, triangles, np.array([False, False]))
    np.testing.assert_allclose(both[0, 0], np.array([0, 1, 1]) / np.sqrt(2), atol=1e-6)


def test_a_highlight_is_brightest_where_the_lamp_is_mirrored(ball):
    shiny = ball.__class__(
        **{**vars(ball), "highlights": np.ones(1, np.float32), "shininess": np.full(1, 50.0)}
    )
    lamp = Lamp(40, 0, 0.4, 0)
    gain = (
        render(shiny, FRONT, lamp, size=101).picture - render(ball, FRONT, lamp, size=101).picture
    )
    row, column = np.unravel_index(gain[..., 0].argmax(), gain.shape[:2])
    # Half way between lamp and camera, on a ball that is seen under asin(1 / 6).
    half = np.sin(np.radians(20)) / (6 - np.cos(np.radians(20))) / np.tan(np.radians(15)) * 50.5
    assert abs(row - 50) <= 1 and abs(column - (50 + half)) <= 3
    assert gain.max() == pytest.approx(0.4, abs=0.01)


def test_the_camera_goes_to_the_left_hand_side_and_up():
    forklift = thing("forklift").mesh
    # Its forks are in front: from the front they are in the middle, from its left hand they are
    # on the left of the picture.
    tip = forklift.vertices[forklift.vertices[:, 2].argmax()]
    for yaw in (90, -90):
        right, up, back = Viewpoint(yaw, 0).rotation()
        assert (tip @ right < 0) == (yaw > 0)
    assert Viewpoint(0, 90).rotation()[2] == pytest.approx((0, 1, 0))


def test_roll_turns_the_picture_anticlockwise():
    mesh = thing("wine bottle").mesh
    upright = render(mesh, Viewpoint(20, 0, 0), Lamp(strength=0), size=64)
    turned = render(mesh, Viewpoint(20, 0, 90), Lamp(strength=0), size=64)
    np.testing.assert_allclose(np.rot90(upright.mask), turned.mask, atol=1 / 9 + 1e-6)
    rows = np.nonzero(upright.mask.sum(1))[0]
    assert upright.mask[rows[:12]].sum() < upright.mask[rows[-12:]].sum()  # the neck is up
