"""Plots: what reaches the page is complete, finite and plain."""

import json

import numpy as np
import pytest

from aml4d_utils.widgets import Axis, Bar, Handle, Plot, Series

X, Y = Axis("pixels", 0, 10), Axis("share", 0, 1, percent=True)
LOG = Axis("parameters", 1, 1000, log=True)


@pytest.fixture
def plot():
    return Plot(heading="Curves")


def test_curves(plot):
    seen = plot.revision
    plot.curves(
        [Series([0, 5], [0.1, 0.9], "one"), Series(np.arange(3), np.zeros(3), kind="points")],
        X,
        Y,
        "Two series.",
        marker=(5, None),
        height=300,
    )
    assert plot.revision == seen + 1
    assert plot.alt == "Two series."
    spec = plot.spec
    assert (spec["kind"], spec["height"]) == ("xy", 300)
    assert [s["kind"] for s in spec["series"]] == ["line", "points"]
    assert spec["series"][0]["y"] == [0.1, 0.9]
    assert spec["marker"] == {"x": 5.0, "y": None}
    assert spec["y"]["percent"]
    plot.curves([], X, Y, "Nothing yet.")
    assert plot.spec["marker"] is None


def test_bars(plot):
    plot.bars([Bar("tabby", 0.5, 0.25, strong=True), Bar("lynx", 0.1)], "Two bars.", high=1)
    first, second = plot.spec["bars"]
    assert first == {
        "label": "tabby",
        "value": 0.5,
        "before": 0.25,
        "strong": True,
        "interval": None,
    }
    assert second["before"] is None
    assert plot.spec["high"] == 1.0
    plot.bars([], "No bars.", high=1)
    assert plot.spec["height"] > 0


def test_bars_with_intervals(plot):
    plot.bars([Bar("tabby", 0.5, interval=(np.float32(0.25), 1))], "A bar.", high=1)
    assert json.loads(json.dumps(plot.spec))["bars"][0]["interval"] == [0.25, 1.0]
    with pytest.raises(ValueError, match="NaN or infinite"):
        plot.bars([Bar("tabby", 0.5, interval=(0, np.nan))], "A bar.", high=1)


def test_numbers_of_numpy_reach_the_page_as_json(plot):
    plot.curves(
        [Series(np.arange(3), np.ones(3, dtype=np.float32))],
        Axis("pixels", np.int64(0), np.float32(4), ticks=tuple(np.arange(1, 3))),
        Y,
        "A curve.",
        marker=(np.int64(2), np.float32(1)),
    )
    assert json.loads(json.dumps(plot.spec))["x"]["ticks"] == [1, 2]
    bar = Bar("tabby", np.float32(0.5), np.int64(0), strong=np.bool_(True))
    plot.bars([bar], "A bar.", high=np.int64(1))
    assert json.loads(json.dumps(plot.spec))["bars"][0]["value"] == 0.5


@pytest.mark.parametrize("alt", ["", " \n"])
def test_no_plot_without_words(plot, alt):
    with pytest.raises(ValueError, match="needs a description"):
        plot.curves([], X, Y, alt)
    with pytest.raises(ValueError, match="needs a description"):
        plot.bars([], alt, high=1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(plot, bad):
    before = plot.spec
    with pytest.raises(ValueError, match="NaN or infinite"):
        plot.curves([Series([0, bad], [0, 0])], X, Y, "A curve.")
    with pytest.raises(ValueError, match="NaN or infinite"):
        plot.curves([Series([0, 1], [0, bad])], X, Y, "A curve.")
    with pytest.raises(ValueError, match="NaN or infinite"):
        plot.curves([], X, Y, "A curve.", marker=(bad, 0))
    for bar in (Bar("tabby", bad), Bar("tabby", 0, bad)):
        with pytest.raises(ValueError, match="NaN or infinite"):
            plot.bars([bar], "A bar.", high=1)
    with pytest.raises(ValueError, match="NaN or infinite"):
        plot.bars([], "A bar.", high=bad)
    with pytest.raises(ValueError, match="finite ends"):
        Axis("pixels", 0, bad)
    assert plot.spec == before


def test_series_are_checked():
    with pytest.raises(ValueError, match="3 values of x and 2 of y"):
        Series([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="not as 'lines'"):
        Series([1], [1], kind="lines")


def test_faint_lines_are_passed_on(plot):
    plot.curves([Series([0, 1], [0, 1], kind="faint"), Series([0], [1])], X, Y, "Curves.")
    assert [series["kind"] for series in plot.spec["series"]] == ["faint", "line"]


@pytest.mark.parametrize(("low", "high"), [(0, 10), (-1, 10), (10, 10), (10, 1)])
def test_logarithmic_axes_begin_above_zero(low, high):
    with pytest.raises(ValueError, match="begins above 0"):
        Axis("parameters", low, high, log=True)


def test_logarithmic_axes_show_numbers_above_zero(plot):
    plot.curves([Series([0, 1], [1, 1000])], X, LOG, "A curve.")
    with pytest.raises(ValueError, match="'parameters' shows numbers above 0 only"):
        plot.curves([Series([0, 1], [0, 1000])], X, LOG, "A curve.")
    with pytest.raises(ValueError, match="above 0 only"):
        plot.curves([], X, LOG, "A curve.", marker=(0, -1))


def test_handles_can_be_dragged(plot):
    heard, answers = [], []
    plot.send = lambda content, buffers=None: answers.append(content)
    plot.on_drag(lambda *place: heard.append(place))
    handles = [
        Handle("x", 2, np.float32(0.5), "Place on the curve", moves="x", step=0.25, mark="a")
    ]
    plot.curves([], X, Y, "A curve with a handle.", handles=handles)
    assert plot.spec["handles"] == [
        {
            "name": "x",
            "x": 2.0,
            "y": 0.5,
            "label": "Place on the curve",
            "moves": "x",
            "step": 0.25,
            "mark": "a",
        }
    ]
    for name, x in (("x", 3), ("unknown", 3), ("x", float("nan"))):
        plot._on_message(plot, {"kind": "drag", "name": name, "x": x, "y": 0.5}, [])
    assert heard == [("x", 3.0, 0.5)]
    assert answers == [{"kind": "done", "sequence": None}] * 3
    plot.curves([], X, Y, "A curve without.")
    plot._on_message(plot, {"kind": "drag", "name": "x", "x": 3, "y": 0.5}, [])
    assert len(heard) == 1


def test_handles_say_what_they_move():
    with pytest.raises(ValueError, match="x, y or xy, not 'z'"):
        Handle("a", 0, 0, "Place", moves="z")
    with pytest.raises(ValueError, match="label is empty"):
        Handle("a", 0, 0, " ")


def test_a_boxed_plot_keeps_to_its_own_width():
    plot = Plot("heading", display_width=305)
    box = plot.boxed()
    assert box.children == (plot,)
    assert box.layout.width == "305px"
