"""The explorer of face units: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import nn

from aml4d_utils import images
from aml4d_utils.topics.dissection.units import LAYERS
from aml4d_utils.topics.selectivity import figures
from aml4d_utils.topics.selectivity.equal_pictures import FACES, equalise
from aml4d_utils.topics.selectivity.face_search import FaceSearch, OwnPhoto, UnitReport, ask_about
from aml4d_utils.widgets import Bar, Explorer, Picture, Plot, choice, slider

__all__ = ["face_unit_explorer"]

_NETS = ("trained", "untrained")
_TILES = 15


@dataclass
class FaceState:
    """Which unit is looked at."""

    net: str = choice("trained", _NETS, label="Network")
    layer: str = choice("conv1", list(LAYERS), label="Layer")
    place: int = slider(1, low=1, high=64, label="Place, best for faces first")


@dataclass(frozen=True)
class FaceView:
    """One unit, what it answers, and what it makes of the photo."""

    report: UnitReport
    search: FaceSearch
    own: OwnPhoto


def face_unit_explorer(
    trained: tuple[nn.Module, FaceSearch],
    untrained: tuple[nn.Module, FaceSearch],
    photo: np.ndarray | None = None,
) -> Explorer:
    """Go through the units that prefer faces, and test each on pictures that are new to it.

    Parameters
    ----------
    trained, untrained : (nn.Module, FaceSearch)
        A network and what the search with it gave.
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    own = equalise(images.photo_or_own(photo))
    found = dict(zip(_NETS, (trained, untrained), strict=True))
    bars = Plot("mean answer to each group (thin: middle half)", display_width=620)
    tiles = Picture("new pictures that it answers most", display_width=390)
    mine = Picture("your photo, made equal", display_width=200)

    def compute(state: FaceState) -> FaceView:
        net, search = found[state.net]
        unit = search.ranking(state.layer)[state.place - 1]
        return FaceView(search.report(unit), search, ask_about(net, own, unit))

    def draw(view: FaceView) -> None:
        report = view.report
        rows = figures.answer_rows(report)
        bars.bars(
            [
                Bar(name, float(f"{mean:.3g}"), strong=name == FACES, interval=middle)
                for name, mean, middle in rows
            ],
            figures.describe_answers(report),
            high=1.05 * max(1e-3, *(max(mean, middle[1]) for _, mean, middle in rows)),
            row_height=27,
        )
        best = [picture for _, picture in figures.strongest(report, view.search.pictures, _TILES)]
        tiles.show(
            figures.sheet(np.array(best), 5),
            figures.describe_strongest(report, view.search.pictures, _TILES),
        )
        mine.show(view.own.view, figures.describe_own(view.own, report))

    return Explorer(
        FaceState(),
        compute,
        draw,
        title="Units that prefer faces",
        purpose="Chosen on one half of the pictures, shown here on the other.",
        stage=[bars, tiles, mine],
        describe=lambda view: (
            figures.describe_report(view.report) + " " + figures.describe_own(view.own, view.report)
        ),
    )
