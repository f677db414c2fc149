"""The parts of tools/build_assets.py that turn models into things in 3-D."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load

from aml4d_utils.solids.mesh import unpack

ROOT = Path(__file__).resolve().parents[1]
MODEL = """
mtllib box.mtl
v 0 0 0
v 4 0 0
v 4 2 0
v 0 2 0
v 0 0 -1
v 4 0 -1
vt 0 0
vt 2 0
vt 2 1
vt 0 1
usemtl Wood#1
s off
f 1/1 2/2 3/3 4/4
f 4/4 3/3 2/2 1/1
usemtl steel
s 1
f -6 -2 -1
f 1 6 2
"""
MATERIALS = """
newmtl Wood#1
Kd 0.5 0.4 0.3
Ks 0.2 0.4 0.6
Ns 30
illum 1
map_Kd grain of wood.png
newmtl steel
Kd 0.1 0.2 0.3# here either
Ks 0.2 0.4 0.6
Ns 30
d 0.5
illum 2# nor here
"""


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))


@pytest.fixture
def model():
    from asset_build.wavefront import read_model

    files = {"box.obj": MODEL, "box.mtl": MATERIALS}
    return read_model("box.obj", lambda name: files[name].encode())


def picture(size=(300, 100)):
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 100, 50)).save(buffer, "PNG")
    return buffer.getvalue()


def test_faces_are_cut_and_given_once(model):
    assert len(model.triangles) == 4
    assert [material.texture for material in model.materials] == ["grain of wood.png", ""]
    wood, steel = model.materials
    assert wood.colour == (0.5, 0.4, 0.3) and wood.highlight == 0 and wood.alpha == 1
    assert steel.colour == (0.1, 0.2, 0.3) and steel.alpha == 0.5 and steel.shininess == 30
    assert steel.highlight == pytest.approx(0.4)
    assert (model.smoothing[model.material == 0] < 0).all()
    # Two triangles of one smoothing group meet in two corners, in one plane: round together.
    round_ = model.smoothing[model.material == 1]
    assert len(np.unique(round_)) == 4 and (round_ >= 0).all()


def test_a_packed_model_comes_back_as_a_mesh(model):
    from asset_build.solids import pack

    content = pack(model, {"grain of wood.png": picture()}, np.eye(3), np.array([8.0, 4.0, 2.0]))
    assert content == pack(
        model, {"grain of wood.png": picture()}, np.eye(3), np.array([8.0, 4.0, 2.0])
    )
    mesh = unpack(load(content))
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0) * np.sqrt(21), (8, 4, 2), atol=1e-3)
    wood = (mesh.textures[mesh.surface] >= 0).nonzero()[0]
    assert len(wood) == 2 and len(mesh.triangles) == 4
    for corners, places in zip(
        mesh.vertices[mesh.triangles[wood]], mesh.coordinates[wood], strict=True
    ):
        np.testing.assert_allclose(
            places, (corners[:, :2] * np.sqrt(21) + (4, 2)) / (4, 4), atol=1e-3
        )
    assert mesh.pictures.width[0] == 256 and mesh.pictures.height[0] == 64
    assert np.array_equal(mesh.colours[mesh.surface[wood[0]]], (1, 1, 1))
    assert mesh.see_through.sum() == 2


def test_without_its_texture_a_surface_keeps_its_colour(model):
    from asset_build.solids import pack

    mesh = unpack(load(pack(model, {}, np.eye(3), np.array([8.0, 4.0, 2.0]))))
    assert (mesh.textures < 0).all()
    np.testing.assert_allclose(mesh.colours, [(0.5, 0.4, 0.3), (0.1, 0.2, 0.3)])


def test_a_turn_puts_the_model_upright(model):
    from asset_build.solids import pack

    upright = np.array([(1, 0, 0), (0, 0, 1), (0, -1, 0)])
    mesh = unpack(load(pack(model, {}, upright, np.array([4.0, 1.0, 2.0]))))
    np.testing.assert_allclose(
        np.ptp(mesh.vertices, axis=0) * np.sqrt(21) / 2, (4, 1, 2), atol=1e-3
    )


@st.composite
def polygons(draw):
    """Simple polygons with dents: corners at growing angles, in any plane."""
    count = draw(st.integers(3, 12))
    radius = np.array(draw(st.lists(st.floats(0.2, 2), min_size=count, max_size=count)))
    angle = (np.arange(count) + 0.1) * 2 * np.pi / count
    flat = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.zeros(count)], 1)
    turn = np.linalg.qr(np.random.default_rng(draw(st.integers(0, 99))).normal(size=(3, 3)))[0]
    return flat @ turn


@given(polygons())
def test_ears_add_up_to_the_polygon(places):
    from asset_build.wavefront import cut_polygon

    cuts = cut_polygon(places)
    areas = [np.cross(places[b] - places[a], places[c] - places[a]) / 2 for a, b, c in cuts]
    whole = np.cross(places, np.roll(places, -1, 0)).sum(0) / 2
    np.testing.assert_allclose(np.sum(areas, 0), whole, atol=1e-9)
    # All on the polygon's own side: none overlaps another.
    assert all(area @ whole > -1e-12 for area in areas)


def test_a_licence_that_is_not_stated_stops_the_build(monkeypatch):
    from asset_build.packages import BuildError
    from asset_build.solids import Catalogue

    catalogue = Catalogue.__new__(Catalogue)
    catalogue.licence, catalogue._creator = "CC-BY-3.0", ""
    files = {"lib/mug/mug.obj": "", "lib/mug/1 - LICENSE.html": ""}
    catalogue._names = {name.lower(): name for name in files}
    monkeypatch.setattr(Catalogue, "_read", lambda self, name: files[self._names[name]].encode())
    item = {"model": "/lib/mug/mug.obj", "creator": "Ann"}
    with pytest.raises(BuildError, match="No licence file in lib/mug"):
        catalogue.creator(item)
    head = "<title>7 - A mug - Downloaded from Blend Swap</title>"
    address = '<a href="http://www.blendswap.com/blends/view/7">'
    files["lib/mug/1 - LICENSE.html"] = f"{head}{address}Released under Creative Commons Zero 1.0"
    with pytest.raises(BuildError, match="CC-BY-3.0"):
        catalogue.creator(item)
    stated = "<h3>Released under <a>Creative Commons Attribution 3.0</a>"
    files["lib/mug/1 - LICENSE.html"] = f"{head}{address}{stated}"
    assert catalogue.creator(item) == "Ann: A mug, http://www.blendswap.com/blends/view/7"


def test_every_thing_of_the_table_is_in_the_data():
    with (ROOT / "tools/asset_build/solids.csv").open(encoding="utf-8", newline="") as table:
        wanted = [(row["name"], row["kind"], row["original"]) for row in csv.DictReader(table)]
    with (ROOT / "data/solids/index.csv").open(encoding="utf-8", newline="") as table:
        built = [(row["name"], row["kind"], row["original"]) for row in csv.DictReader(table)]
    assert built == wanted
