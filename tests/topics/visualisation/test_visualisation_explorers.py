"""Each explorer without a kernel: any photo, every control, clear refusals, Reset."""

import asyncio
import time

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.visualisation import explorers, top_patches
from aml4d_utils.topics.visualisation.projection import LAYERS, UNITS
from aml4d_utils.widgets.explorer import MOST_VISIBLE_CONTROLS
from aml4d_utils.widgets.fields import Choice, Slider, controls_of


@pytest.fixture(scope="module")
def made(photo):
    return {
        "projection": explorers.projection_explorer(photo),
        "browser": explorers.unit_browser(),
        "evidence": explorers.evidence_explorer(photo),
        "drawing": explorers.drawing_explorer(),
    }


NAMES = ("projection", "browser", "evidence", "drawing")


def stage_of(explorer):
    return list(explorer.widget.children[0].children[1].children)


def alts(explorer):
    return [widget.alt for widget in stage_of(explorer)]


def other_value(control, now):
    if isinstance(control, Slider):
        return control.low if now != control.low else control.high
    if isinstance(control, Choice):
        return next(option for option in control.options if option != now)
    return not now


@pytest.mark.parametrize("name", NAMES)
def test_every_control_changes_result_sentence_and_alt(made, name):
    explorer = made[name]
    if name == "drawing":
        explorer.set(steps=64)
    for field, control in controls_of(explorer.state).items():
        sentence, before = explorer.sentence, alts(explorer)
        value = other_value(control, getattr(explorer.state, field))
        explorer.set(**{field: value})
        assert getattr(explorer.state, field) == value
        assert explorer.sentence != sentence, (field, value)
        assert alts(explorer) != before
        assert "nan" not in explorer.sentence and explorer.status == ""
    assert all(len(alt) > 20 for alt in alts(explorer))
    explorer.reset()


@pytest.mark.parametrize("name", NAMES)
def test_few_controls_and_pictures_that_fit(made, name):
    explorer = made[name]
    visible = [c for c in controls_of(explorer.state).values() if not c.advanced]
    assert 1 <= len(visible) <= MOST_VISIBLE_CONTROLS
    assert all(widget.display_width <= 662 for widget in stage_of(explorer))
    assert explorer.slow == (name != "projection")


PHOTOS = {
    "one pixel": lambda: np.full((1, 1, 3), 0.3),
    "constant": lambda: np.full((50, 50, 3), 128, dtype=np.uint8),
    "black": lambda: np.zeros((40, 40, 3)),
    "grey": lambda: np.random.default_rng(0).random((40, 60)),
    "a strip": lambda: np.random.default_rng(0).random((2, 500, 3)),
}


@pytest.mark.parametrize("kind", PHOTOS)
def test_any_photo(kind):
    photo = PHOTOS[kind]()
    explorer = explorers.projection_explorer(photo)
    for rule in ("guided", "gradient"):
        explorer.set(rule=rule, rank=9, layer="fire9")
        assert "nan" not in explorer.sentence
        assert all("nan" not in alt for alt in alts(explorer))


def test_a_constant_photo_has_evidence_of_nothing():
    explorer = explorers.evidence_explorer(np.full((50, 50, 3), 0.5))
    assert "nan" not in explorer.sentence
    assert explorer.result.fraction == 1


# --- what is special about each ----------------------------------------------------------------


def test_a_click_moves_the_place(made):
    explorer = made["projection"]
    picture, large, strip = stage_of(explorer)
    picture._on_message(picture, {"kind": "cursor", "row": 150, "col": 160}, [])
    assert (explorer.state.row, explorer.state.col) == (150, 160)
    assert explorer.result.large.spot.layer == "fire7"
    ranked = explorer.result.large.spot.value
    explorer.set(rank=2)
    assert explorer.result.large.spot.value < ranked
    assert len(strip.overlays) == len(LAYERS)
    explorer.set(layer="conv1")
    assert "conv1" in large.heading
    explorer.reset()


def test_own_photo_is_the_default():
    own = np.zeros((60, 60, 3))
    own[:, 30:] = (0, 0.2, 1)
    images.keep_own_photo(own)
    explorer = explorers.projection_explorer()
    frame = np.frombuffer(stage_of(explorer)[0].frame, np.uint8).reshape(227, 227, 3)
    assert frame[10, 200].tolist() == pytest.approx([0, 51, 255], abs=2)


def test_tiles_stand_for_units_evenly():
    for layer, count in UNITS.items():
        units = [top_patches.unit_of_tile(layer, tile) for tile in range(1, 65)]
        assert len(set(units)) == 64 and units[-1] == count - 1
    assert top_patches.unit_of_tile("fire5", 22) == 87
    assert top_patches.unit_of_tile("fire5", 43) == 171
    assert top_patches.unit_of_tile("fire7", 22) == 131


def test_a_click_on_the_sheet_chooses_a_unit(made):
    explorer = made["browser"]
    sheet = stage_of(explorer)[2]
    sheet._on_message(sheet, {"kind": "cursor", "row": 50, "col": 210}, [])
    assert explorer.state.tile == 22
    assert explorer.result.found.unit == 87
    assert sheet.step == 40
    explorer.reset()


def test_a_students_name_stays_with_its_unit(made):
    explorer = made["browser"]
    explorer.reset()
    patches = stage_of(explorer)[0]
    (naming,) = explorer.widget.children[0].children[0].children[1:]
    naming.value = "  two dots  "
    assert patches.heading == "“two dots”: unit 171 of fire5"
    assert "You call it “two dots”." in explorer.sentence
    explorer.set(tile=22)
    assert patches.heading == "nine favourite patches"
    assert naming.value == ""
    explorer.set(tile=43)
    assert naming.value == "two dots"
    naming.value = "x" * 100
    assert patches.heading == f"“{'x' * 24}”: unit 171 of fire5"
    naming.value = ""
    assert patches.heading == "nine favourite patches"
    assert "You call it" not in explorer.sentence


def test_the_classes_stand_in_the_list_by_their_names(made):
    explorer = made["evidence"]
    explorer.reset()
    words = explorer.widget.children[0].children[0].words["guess"]
    assert list(words) == ["1st guess", "2nd guess", "3rd guess", "4th guess", "5th guess"]
    assert words["1st guess"] == f"1. {explorer.result.names[0]}"
    before = dict(words)
    explorer.set(picture="hen and ferret")
    words = explorer.widget.children[0].children[0].words["guess"]
    assert words != before
    assert any("ferret" in name for name in words.values())
    explorer.reset()


def test_the_patch_follows_the_pointer_without_new_work(made):
    explorer = made["evidence"]
    explorer.reset()
    view = stage_of(explorer)[0]
    before = explorer.result.occlusion
    view._on_message(view, {"kind": "cursor", "row": 30, "col": 200}, [])
    assert explorer.result.occlusion is before
    row, col = explorer.result.place
    assert abs(before.starts[row] + 23 - 30) <= 8 and abs(before.starts[col] + 23 - 200) <= 8
    bars = stage_of(explorer)[-1].spec["bars"]
    assert [bar["value"] for bar in bars] == pytest.approx(list(before.chances[row, col]))
    assert [bar["before"] for bar in bars] == pytest.approx(list(before.whole))
    explorer.set(guess="2nd guess")
    assert explorer.result.occlusion is before
    explorer.reset()
    assert explorer.result.place == before.worst_place(0)


def test_two_animals_are_both_seen(made):
    explorer = made["evidence"]
    explorer.set(picture="hen and ferret")
    names = explorer.result.names
    assert "hen" in names and any("ferret" in name for name in names)
    explorer.reset()


def test_without_its_parts_a_drawing_is_noise(made):
    explorer = made["drawing"]
    explorer.set(steps=32, waves=True, colours=True, shake=True, layer="fire7", tile=22)
    full = explorer.result.step.picture
    explorer.set(waves=False, colours=False, shake=False)
    bare = explorer.result.step.picture
    rough = [np.abs(np.diff(picture, axis=0)).mean() for picture in (full, bare)]
    assert rough[1] > 1.5 * rough[0]


def test_a_drawing_can_be_cancelled(made):
    explorer = made["drawing"]

    async def scene():
        explorer.follow(steps=256)
        end = time.monotonic() + 20
        while explorer.result.state.steps != 256:
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        explorer.cancel()
        while "Stopped" not in explorer.status:
            assert time.monotonic() < end
            await asyncio.sleep(0.02)

    asyncio.run(scene())
    assert explorer.result.step.step < 256
