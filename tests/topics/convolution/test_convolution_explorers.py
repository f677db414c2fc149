"""Each explorer without a kernel: any photo, every control, clear refusals, Reset."""

import dataclasses

import numpy as np
import pytest

from aml4d_utils.topics.convolution import explorers
from aml4d_utils.topics.convolution.explorers import training_view
from aml4d_utils.topics.convolution.training import TrainingStep
from aml4d_utils.widgets import Picture, Plot
from aml4d_utils.widgets.explorer import Explorer
from aml4d_utils.widgets.fields import Choice, Slider, Toggle, controls_of

WITH_PHOTO = {
    "shift": explorers.shift_explorer,
    "locality": explorers.locality_explorer,
    "surgery": explorers.surgery_explorer,
}
WITHOUT_PHOTO = {"counter": explorers.counter_explorer, "growing": explorers.growing_explorer}
ALL = {**WITHOUT_PHOTO, **WITH_PHOTO}


@pytest.fixture(scope="module")
def made(photo):
    """One of each explorer; every test leaves it reset."""
    made = {name: make(photo) for name, make in WITH_PHOTO.items()}
    made |= {name: make() for name, make in WITHOUT_PHOTO.items()}
    return made


@pytest.fixture(params=ALL)
def explorer(request, made):
    yield made[request.param]
    made[request.param].reset()


def ends_and_middle(control):
    if isinstance(control, Slider):
        middle = (control.low + control.high) / 2
        return [control.low, control.clean(middle), control.high]
    if isinstance(control, Choice):
        options = control.options
        return [options[0], options[len(options) // 2], options[-1]]
    assert isinstance(control, Toggle)
    return [False, True]


def stage_of(explorer):
    return [w for w in explorer.widget.children[0].children[1].children]


def alts(explorer):
    return [widget.alt for widget in stage_of(explorer)]


def same(a, b):
    """Whether two results are equal, arrays included."""
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return np.array_equal(a, b)


def test_every_control_reaches_both_ends_and_the_middle(explorer):
    first = explorer.state
    for name, control in controls_of(first).items():
        seen = {}
        for value in ends_and_middle(control):
            explorer.reset()
            before, sentence = explorer.result, explorer.sentence
            explorer.set(**{name: value})
            assert getattr(explorer.state, name) == value
            assert explorer.sentence.strip()
            assert "nan" not in explorer.sentence
            assert explorer.status == ""
            if value != getattr(first, name):
                assert not same(before, explorer.result), (name, value)
                assert explorer.sentence != sentence, (name, value)
            seen[value] = explorer.sentence
        assert len(set(seen.values())) == len(seen)


def test_what_is_on_the_stage_has_alt_text_that_follows(explorer):
    assert all(isinstance(widget, (Picture, Plot)) for widget in stage_of(explorer))
    before = alts(explorer)
    assert all(alt.strip() for alt in before)
    for name, control in controls_of(explorer.state).items():
        value = ends_and_middle(control)[-1]
        if value == getattr(explorer.state, name):
            value = ends_and_middle(control)[0]
        explorer.set(**{name: value})
    assert all(a != b for a, b in zip(before, alts(explorer), strict=True))


def test_one_wrong_value_of_several_changes_none(made):
    explorer = made["shift"]
    with pytest.raises(ValueError, match="Shift down must be a number from -40 to 40, not 41"):
        explorer.set(cols=3, rows=41)
    assert explorer.state.cols == 0


def test_not_slow(explorer):
    """These answer at once; a slow one would need Cancel and progress."""
    assert isinstance(explorer, Explorer)
    assert not explorer.slow


@pytest.mark.parametrize("make", WITH_PHOTO.values(), ids=WITH_PHOTO)
def test_a_photo_of_48_megapixels(make):
    rng = np.random.default_rng(0)
    explorer = make(rng.integers(0, 256, (6000, 8000, 3), dtype=np.uint8))
    before = explorer.sentence
    name, control = next(iter(controls_of(explorer.state).items()))
    explorer.set(**{name: ends_and_middle(control)[-1]})
    assert explorer.sentence != before


def test_without_a_photo_it_is_the_students_own():
    from aml4d_utils import images

    own = np.zeros((60, 60, 3))
    own[:, 30:] = (0, 0.2, 1)
    images.keep_own_photo(own)
    explorer = explorers.locality_explorer()
    np.testing.assert_allclose(explorer.result.photo[10, 200], (0, 0.2, 1), atol=0.02)


# --- what is special about each --------------------------------------------------------------


def test_counter_marks_the_layer(made):
    explorer = made["counter"]
    explorer.set(side=128, kernel=5)
    here, sides = explorer.result
    (plot,) = stage_of(explorer)
    assert plot.spec["marker"] == {"x": 128.0, "y": float(here.dense)}
    dense, convolution = plot.spec["series"]
    assert convolution["y"] == [here.convolution] * len(sides)
    assert dense["y"] == sorted(dense["y"])
    assert plot.spec["y"]["high"] >= max(dense["y"])
    explorer.reset()


def test_shift_rings_the_strongest_cell(made):
    explorer = made["shift"]
    explorer.set(rows=10, cols=-4)
    result = explorer.result
    row, col = np.unravel_index(result.map_before.argmax(), result.map_before.shape)
    ring = stage_of(explorer)[1].overlays[0]
    assert ring["at"] == [row + 5, col - 2]
    assert result.map_after[row + 5, col - 2] == pytest.approx(result.map_before.max(), rel=1e-5)
    explorer.reset()


def test_no_ring_where_the_strongest_cell_has_left_the_map():
    spot = np.zeros((307, 307, 3))
    spot[150:153, 45:48] = 1  # five pixels from the left edge of the window
    explorer = explorers.shift_explorer(spot)
    feature_map = stage_of(explorer)[1]
    assert len(feature_map.overlays) == 1
    explorer.set(cols=-40)
    assert feature_map.overlays == []
    assert "has left the map" in feature_map.alt
    assert "row -" not in feature_map.alt


def test_dragging_the_pixel(made):
    explorer = made["locality"]
    picture = stage_of(explorer)[0]
    picture._on_message(picture, {"kind": "cursor", "row": 113, "col": 114}, [])
    assert (explorer.state.row, explorer.state.col) == (113, 114)
    assert picture.cursor == [113, 114]
    assert "row 113, column 114" in picture.alt
    assert explorer.result.pixel == (113, 114)
    explorer.set(row=5)
    assert picture.cursor == [5, 114]
    explorer.reset()


def test_the_box_is_drawn_where_the_cell_sees(made):
    explorer = made["locality"]
    explorer.set(stage="fire4")
    frame, ring = stage_of(explorer)[0].overlays
    assert frame["box"] == list(explorer.result.box)
    assert ring["at"] == list(map(float, explorer.result.pixel))
    explorer.reset()


def test_surgery_goes_round_after_the_last_filter(made):
    explorer = made["surgery"]
    explorer.set(first=62, count=4)
    assert explorer.result.filters == (62, 63, 0, 1)
    assert not explorer.result.map_after.any()
    explorer.reset()


def test_bars_show_the_probabilities(made):
    explorer = made["surgery"]
    explorer.set(operation="flip its sign", count=20)
    spec = stage_of(explorer)[-1].spec
    result = explorer.result
    assert [bar["value"] for bar in spec["bars"]] == pytest.approx(list(result.after))
    assert [bar["before"] for bar in spec["bars"]] == pytest.approx(list(result.before))
    strong = [bar["strong"] for bar in spec["bars"]]
    assert strong.index(True) == result.after.argmax()
    assert sum(strong) == 1
    explorer.reset()


# --- the training view -----------------------------------------------------------------------


@pytest.mark.parametrize("looks", [1, 5])
def test_training_view_shows_a_record(looks):
    rng = np.random.default_rng(0)
    history = np.column_stack([64 * np.arange(1, looks + 1), rng.random(looks), rng.random(looks)])
    step = TrainingStep(
        step=looks,
        fraction=0.5,
        examples=64 * looks,
        loss=0.5,
        accuracy=float(history[-1, 2]),
        kernels=rng.normal(size=(8, 5, 5)).astype(np.float32),
        maps=np.zeros((8, 28, 28), dtype=np.float32),
        example=np.zeros((28, 28), dtype=np.float32),
        history=history,
    )
    view = training_view()
    view.draw(step)
    parts = view.widget.children
    assert all(part.alt.strip() for part in parts)
    assert view.accuracy.spec["series"][0]["y"] == pytest.approx(list(history[:, 2]))
    assert view.loss.spec["series"][0]["y"] == pytest.approx(list(history[:, 1]))
    assert f"{64 * looks:,} images seen" in view.loss.alt
    assert "text/plain" in view._repr_mimebundle_()


# --- a receptive field grown by hand ---------------------------------------------------------


def test_a_visited_cell_is_open_and_stays_open():
    explorer = explorers.growing_explorer()
    (picture,) = stage_of(explorer)
    assert explorer.result.opened == (0,)
    row, col = picture.cursor
    for cell in (1, 2):
        place = {"kind": "cursor", "row": row, "col": col + cell * picture.step}
        picture._on_message(picture, place, [])
        assert explorer.result.opened == tuple(range(cell + 1))
        assert picture.cursor == [place["row"], place["col"]]
    picture._on_message(picture, {"kind": "cursor", "row": 0, "col": 0}, [])
    assert explorer.result.whole
    assert explorer.sentence.endswith("3 + (3 − 1) · 1 = 5.")
    explorer.set(above=5)
    assert explorer.result.opened == (0, 1, 2)
    explorer.set(stride=3, above=1)
    assert explorer.result.opened == (0,)
