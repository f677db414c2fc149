"""Teach it yourself: controls and wiring, no mathematics."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ipywidgets
import numpy as np

from aml4d_utils.topics.own_classes import figures, model_bundle
from aml4d_utils.topics.own_classes.bundle_files import BundleFiles
from aml4d_utils.topics.own_classes.photo_collection import (
    MOST_CLASSES,
    Opened,
    OwnPhoto,
    PhotoCollection,
    as_own,
    example_collection,
)
from aml4d_utils.topics.own_classes.photo_files import PhotoFiles
from aml4d_utils.topics.own_classes.teaching import Taught
from aml4d_utils.topics.own_classes.teaching_session import FRAMES, Desk, TeachingSession
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from aml4d_utils.widgets import Bar, Camera, Explorer, Picture, Plot, choice, toggle
from aml4d_utils.widgets.picture import box, point

__all__ = ["teach_explorer"]

_HEAD, _BLOCK = "the head only (frozen)", "the last block too"
_LIKENESS, _SCORES = "map: alike lies near", "map: as the head sees it"
_WEIGHTS, _COLLECT = "the head's weights", "camera and files"
_ONLY_RECORDED = "Only what you record is kept."
_PLACES = [f"class {k + 1}" for k in range(MOST_CLASSES)]
_BLACK = 7
_ROW, _LOW_ROW = 26, 22
_PHOTO, _SMALL_PHOTO = 180, 110
_FEW = 3
"""Classes that leave room for a large photo and for rows of full height."""

_SHORT = 10
"""Letters of a name that finds room before its bar; a longer one stands above."""

_RECORD = "Record a burst"


@dataclass
class TeachState:
    """What learns, how photos are laid out, and the photo and the class that are chosen."""

    target: str = choice("class 1", _PLACES, label="Class (to add to, to move to)", later=True)
    learns: str = choice(_HEAD, (_HEAD, _BLOCK), label="What learns")
    shown: str = choice(_LIKENESS, (_LIKENESS, _SCORES, _WEIGHTS, _COLLECT), label="To be seen")
    wrong_only: bool = toggle(False, label="Gallery: wrong side only")
    place: int = 0


def teach_explorer(
    collection: PhotoCollection | None = None, bodies: Bodies | None = None
) -> Explorer:
    """Teach two to six classes of your own, look at every photo, and correct what is wrong.

    Parameters
    ----------
    collection : PhotoCollection, optional
        What to begin with; by default flowers and fruit, one of them misfiled.
    bodies : Bodies, optional
        Remembers photos it has seen.
    """
    desk = _TeachingDesk(TeachingSession(bodies or Bodies(), collection or example_collection()))
    return desk.explorer


class _TeachingDesk:
    """The widgets of the explorer, and what a click on each does."""

    def __init__(self, session: TeachingSession):
        self.session = session
        self.gallery = Picture("every photo (click one; a cross: on the wrong side)",
                               figures.GALLERY_WIDTH, True, step=figures.TILES[0])  # fmt: skip
        self.map = Picture("feature map: alike lies near", figures.MAP_SIDE, True, step=8)
        self.photo = Picture("the chosen photo", _PHOTO)
        self.bars = Plot("what the others say of it", 258)
        self.weights = Picture("the head's weights", figures.GALLERY_WIDTH)
        self.camera = Camera(320, on_frame=self._frame, kept=_ONLY_RECORDED)
        self.camera.layout.width = "300px"
        self.live = Plot("what it says live", 284)
        self.record = ipywidgets.ToggleButton(description=_RECORD)
        self.names = ipywidgets.Text(placeholder="mug, bottle, pen", description="Classes")
        self.names.style.description_width = "initial"
        self.files = PhotoFiles(self._add_files)
        self.bundle = BundleFiles(self._load)
        self._bursts = itertools.count(1)
        self._burst = ""
        self.looking = _side_by_side(
            self.map,
            ipywidgets.VBox([self.photo, self.bars.boxed()],
                            layout=ipywidgets.Layout(width="262px", grid_gap="8px")),
        )  # fmt: skip
        self.collecting = _side_by_side(
            _row(self.names, _button("Start with these", self._new_classes)),
            self.camera,
            ipywidgets.VBox([_row(self.record), self.live.boxed(), self.files,
                             _row(_button("Save what it learned", self._save)), self.bundle],
                            layout=ipywidgets.Layout(width="290px", grid_gap="8px")),
        )  # fmt: skip
        self.explorer = Explorer(
            TeachState(),
            self._compute,
            self._draw,
            title="Teach it yourself",
            purpose="Your photos stay on this machine. A network that has seen a million photos "
            "looks at them; only what you choose learns.",
            stage=[self.looking, self.weights, self.collecting, self.gallery],
            beside=[_row(_button("Move it to the class", self._move),
                         _button("Delete it", self._delete), _button("Undo", self._undo))],
            describe=self._sentence,
            words=self._class_names,
            forget=self._forget,
        )  # fmt: skip
        self.map.on_cursor(self._click_map)
        self.gallery.on_cursor(self._click_gallery)
        self.record.observe(self._burst_ends, names="value")

    # --- compute and draw ---------------------------------------------------------------------

    def _compute(self, state: TeachState) -> Iterator[Desk]:
        target = _PLACES.index(state.target)
        yield from self.session.teach(state.learns == _BLOCK, state.place, target)

    @property
    def _state(self) -> TeachState:
        return self.explorer.state if hasattr(self, "explorer") else TeachState()

    def _places(self, taught: Taught) -> np.ndarray:
        by_scores = self._state.shown == _SCORES
        return taught.map_by_scores() if by_scores else taught.map_by_likeness()

    def _draw(self, desk: Desk) -> None:
        self._set_stage()
        if desk.loaded is not None:
            self._answer(desk.loaded, "Of the chosen photo the network that was loaded says")
        elif not self.camera.frames:
            self.live.bars([Bar("the camera is off", 0)], "The camera is off: 0 frames yet.",
                           high=1, row_height=_ROW)  # fmt: skip
        taught = desk.taught
        if taught is None:
            if desk.empty:
                self._clear(desk.note)
            return
        state = self._state
        places = self._places(taught)
        row, col = figures.centres(places)[desk.place]
        words = figures.describe_taught(taught)
        by_scores = state.shown == _SCORES
        order = "as the head sees them" if by_scores else "so that alike lies near"
        self.map.heading = f"feature {_SCORES if by_scores else _LIKENESS}"
        self.map.show(
            figures.photo_map(taught, places),
            f"{len(places)} photos, laid out {order}. {words}",
            overlays=[point(row, col, _BLACK, radius=20)],
        )
        chosen = figures.box_in_gallery(taught, desk.place, state.wrong_only)
        shown = len(figures.order_of(taught, state.wrong_only))
        self.gallery.step = figures.tile_of(shown)
        self.gallery.show(
            figures.gallery(taught, state.wrong_only),
            f"{shown} photos in rows, {'wrong ones first' if state.wrong_only else 'by class'}; "
            f"{len(taught.wrong)} crossed out.",
            overlays=[] if chosen is None else [box(*chosen, colour=_BLACK)],
        )
        said = figures.describe_photo_of(taught, desk.place)
        few = len(taught.collection.classes) <= _FEW
        self.photo.display_width = _PHOTO if few else _SMALL_PHOTO
        self.photo.show(taught.collection.photos[desk.place].picture, said)
        chances = taught.chances[desk.place]
        _show_chances(self.bars, dict(zip(taught.collection.classes, chances, strict=True)), said)
        weights = taught.strongest_weights()
        rows = ", ".join(taught.collection.classes)
        self.weights.heading = f"the head's weights, a row for each class: {rows}"
        self.weights.show_signed(
            figures.weight_tiles(weights),
            figures.describe_weights(weights, taught.collection.classes),
        )

    def _set_stage(self) -> None:
        parts = {_COLLECT: self.collecting, _WEIGHTS: self.weights}
        chosen = parts.get(self._state.shown, self.looking)
        if chosen is not self.collecting and self.collecting.layout.display is None:
            self.camera.stop()  # Nobody is filmed without seeing it.
        for part in (self.looking, *parts.values()):
            part.layout.display = None if part is chosen else "none"

    def _answer(self, answers: dict[str, float], says: str) -> None:
        words = ", ".join(f"{n} {100 * p:.0f} %" for n, p in answers.items())
        _show_chances(self.live, answers, f"{says} {words}.")

    def _clear(self, words: str) -> None:
        heights = {self.map: 300, self.photo: 300, self.gallery: 22, self.weights: 24}
        for picture, height in heights.items():
            blank = np.full((height, 300, 3), 235, np.uint8)
            picture.show(blank, f"Nothing is taught yet. {words}")
        self.bars.bars([Bar("nothing is taught yet", 0)], words, high=1, label_room=170)

    def _sentence(self, desk: Desk) -> str:
        if desk.empty:
            counts = self.session.now
            photos = zip(counts.classes, counts.counts, strict=True)
            return f"{desk.note} Photos: " + ", ".join(f"{n} {k}" for n, k in photos) + "."
        if desk.taught is None:
            return f"Looking at your photos: {100 * desk.fraction:.0f} % seen."
        collection = desk.taught.collection
        target = collection.classes[desk.target]
        return " ".join(
            filter(None, [
                desk.note,
                figures.describe_taught(desk.taught),
                f"Chosen: {figures.describe_photo_of(desk.taught, desk.place)}",
                f"The class to add to is {target}.",
            ])
        )  # fmt: skip

    def _class_names(self, desk: Desk) -> dict[str, dict[str, str]]:
        names = self.session.now.classes
        unused = {place: "(no such class)" for place in _PLACES[len(names) :]}
        return {"target": dict(zip(_PLACES, names, strict=False)) | unused}

    # --- what a click does --------------------------------------------------------------------

    @property
    def _target(self) -> int:
        return min(_PLACES.index(self.explorer.state.target), len(self.session.now.classes) - 1)

    @property
    def _place(self) -> int:
        return self.explorer.result.place

    def _click_map(self, row: int, col: int) -> None:
        taught = self.explorer.result.taught
        if taught is not None:
            self.explorer.follow(place=figures.on_map(self._places(taught), row, col))

    def _click_gallery(self, row: int, col: int) -> None:
        taught = self.explorer.result.taught
        if taught is not None:
            place = figures.in_gallery(taught, row, col, self.explorer.state.wrong_only)
            if place is not None:
                self.explorer.follow(place=place)

    def _do(self, action: Callable[[], None]) -> None:
        """Do something; what cannot be done is said in the sentence."""
        try:
            action()
        except (ValueError, OSError) as problem:
            self.session.explain(problem)
        self.explorer.refresh()

    def _move(self) -> None:
        self._do(lambda: self.session.move(self._place, self._target))

    def _delete(self) -> None:
        self._do(lambda: self.session.delete(self._place))

    def _undo(self) -> None:
        self._do(self.session.undo)

    def _new_classes(self) -> None:
        self._do(lambda: self.session.begin(self.names.value.split(",")))

    def _add_files(self, opened: Opened) -> None:
        self.session.add(list(opened.photos), self._target, opened.unread)
        self.explorer.refresh()

    def _load(self, labels: bytes | None, numbers: bytes | None) -> None:
        self._do(lambda: self.session.load(labels, numbers))

    def _forget(self) -> None:
        self.record.value = False
        self.session.start_again()

    def _frame(self, frame: np.ndarray) -> dict[str, float] | None:
        if self.record.value:
            photo = OwnPhoto(as_own(frame), self._burst, self._burst, self.files.elsewhere)
            kept = self.session.record(photo, time.monotonic())
            self.live.bars([Bar("frames", kept)], f"{kept} frames of this burst.", high=FRAMES,
                           row_height=_ROW)  # fmt: skip
            return None
        answering, taught = self.session.loaded, self.explorer.result.taught
        if answering is None and taught is not None:
            answering = model_bundle.classifier(self.session.bodies, taught)
        if answering is None:
            return None
        answers = answering.probabilities(frame)
        self._answer(answers, "The camera shows")
        return answers

    def _burst_ends(self, change: dict) -> None:
        if change["new"]:
            self._burst = f"burst {next(self._bursts)}"
            self.record.description = "End the burst, and keep it"
            self.camera.kept = f"Up to {FRAMES} of them are kept while you record."
        else:
            self.record.description = _RECORD
            self.camera.kept = _ONLY_RECORDED
            self.session.end_burst(self._target)
            self.explorer.refresh()

    def _save(self) -> None:
        self._do(lambda: self.session.save(Path.cwd() / "own_classes", self.explorer.result))


def _show_chances(plot: Plot, chances: Mapping[str, float], alt: str) -> None:
    short = max(map(len, chances)) <= _SHORT
    row = _ROW if len(chances) <= _FEW else _LOW_ROW
    plot.bars(
        [Bar(name, float(p)) for name, p in chances.items()],
        alt, high=1, percent=True, label_room=90 if short else 170, row_height=row,
    )  # fmt: skip


def _button(words: str, act: Callable[[], None]) -> ipywidgets.Button:
    button = ipywidgets.Button(description=words)
    button.on_click(lambda _button: act())
    return button


def _row(*parts: ipywidgets.Widget) -> ipywidgets.Box:
    row = ipywidgets.HBox(parts, layout=ipywidgets.Layout(flex_flow="row wrap"))
    row.add_class("aml4d")
    row.add_class("aml4d-buttons")
    for part in parts:
        part.layout.width = "auto"
    return row


def _side_by_side(*parts: ipywidgets.Widget) -> ipywidgets.Box:
    layout = ipywidgets.Layout(
        flex_flow="row wrap", grid_gap="16px", overflow="visible", width="100%"
    )
    return ipywidgets.HBox(parts, layout=layout)
