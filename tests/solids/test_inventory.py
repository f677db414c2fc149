"""The things: names, words, creators, and a division that leaks nothing."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import nets
from aml4d_utils.places import data_dir
from aml4d_utils.solids import kinds, render, split_things, thing, things

ALL = things()


def test_how_many_there_are():
    assert len(ALL) >= 120
    assert len(things("chair")) >= 40
    assert {"chair", "stool", "table", "sofa", "lamp", "cup", "person"} <= set(kinds())
    assert sum(len(things(kind)) for kind in kinds()) == len(ALL)
    assert sum(path.stat().st_size for path in (data_dir() / "solids").iterdir()) <= 15e6


def test_names_and_files_are_unique():
    assert max(Counter(each.name for each in ALL).values()) == 1
    assert max(Counter(each.file for each in ALL).values()) == 1


def test_words_are_classes_and_fit_the_kind():
    imagenet, coco = nets.labels("efficientnet_lite0"), nets.labels("nanodet_g")
    for each in ALL:
        assert all(0 <= index < 1000 for index in each.imagenet)
        assert all(0 <= index < 80 for index in each.coco)
    word = {"chair": "chair", "bench": "bench", "sofa": "couch", "person": "person"}
    for kind, expected in word.items():
        assert all(coco.index(expected) in each.coco for each in things(kind))
    assert [imagenet[index] for index in thing("forklift").imagenet] == ["forklift"]
    assert sum(bool(each.imagenet) for each in ALL) >= 90
    assert sum(bool(each.coco) for each in ALL) >= 90


def test_sizes_are_those_of_real_things():
    for each in ALL:
        assert all(0.005 <= side <= 16 for side in each.size)
        lengths = np.ptp(each.mesh.vertices, axis=0)
        ratio = lengths / np.array(each.size)
        assert ratio.max() / ratio.min() < 1.02, each.name
    assert 0.6 <= min(person.size[1] for person in things("person"))
    assert max(person.size[1] for person in things("person")) <= 2.1


def test_every_mesh_is_whole():
    for each in ALL:
        mesh = each.mesh
        assert np.isfinite(mesh.vertices).all()
        distance = np.linalg.norm(mesh.vertices, axis=1).max()
        assert distance == pytest.approx(1, abs=1e-4)
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=-1), 1, atol=1e-4)
        assert mesh.surface.max() < len(mesh.colours)
        assert mesh.colours.min() >= 0 and mesh.colours.max() <= 1
        assert 0 < mesh.opacities[mesh.surface].min() and mesh.opacities.max() <= 1


def test_no_two_things_are_one_model():
    outlines: dict[bytes, str] = {}
    for each in ALL:
        key = render(each, size=24).mask.tobytes()
        assert key not in outlines, (each.name, outlines.get(key))
        outlines[key] = each.name


def listed():
    entries = json.loads((data_dir() / "MANIFEST.json").read_text(encoding="utf-8"))["files"]
    return {entry["path"]: entry for entry in entries if entry["path"].startswith("solids/")}


def test_the_manifest_names_every_creator():
    entries = listed()
    assert set(entries) == {each.file for each in ALL} | {"solids/index.csv"}
    credits = (data_dir().parent / "THIRD_PARTY.md").read_text(encoding="utf-8")
    for each in ALL:
        entry = entries[each.file]
        assert entry["creator"] == each.creator and len(each.creator) >= 5
        assert entry["licence"] == each.licence
        assert each.licence in ("CC0-1.0", "CC-BY-3.0", "CC-BY-3.0-US")
        assert entry["source"]["file"].endswith(".obj")
        name = each.creator.split(", http")[0]
        line = next(line for line in credits.splitlines() if line.startswith(f"| {name}"))
        assert each.name in line


def test_a_division_leaks_no_design():
    train, test = split_things(ALL)
    assert set(train) | set(test) == set(ALL) and not set(train) & set(test)
    assert not {each.original for each in train} & {each.original for each in test}
    for kind in ("chair", "lamp", "table", "vehicle"):
        share = sum(each.kind == kind for each in test) / len(things(kind))
        assert 0.1 < share < 0.45
    assert split_things(ALL) == (train, test)
    assert split_things(ALL, seed=1) != (train, test)


@given(st.floats(0, 1), st.integers(0, 99))
def test_any_division_leaks_no_design(share, seed):
    train, test = split_things(ALL, share, seed)
    assert len(train) + len(test) == len(ALL)
    assert not {each.original for each in train} & {each.original for each in test}


def test_pieces_of_a_set_share_their_design():
    assert thing("rattan armchair").original == thing("rattan sofa").original
    assert thing("white tulip chair").original == thing("white tulip armchair").original
    assert (
        thing("yellow striped table").name == thing("yellow striped table").original[:14] + " table"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [("fork lift", "'forklift'"), ("sofa", "sofa'"), ("Forklift", "'forklift'"), (3, "things()")],
)
def test_an_unknown_name_is_refused_with_what_is_close(name, hint):
    with pytest.raises(ValueError, match="There is no thing called") as caught:
        thing(name)
    assert hint in str(caught.value)


def test_an_unknown_kind_and_share_are_refused():
    with pytest.raises(ValueError, match="choose one of: animal, "):
        things("boat")
    with pytest.raises(ValueError, match="between 0 and 1"):
        split_things(ALL, 1.5)
