"""Teach it yourself: controls and wiring, no mathematics."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ipywidgets
import numpy as np

from aml4d_utils.places import state_dir
from aml4d_utils.topics.own_classes import figures, model_bundle
from aml4d_utils.topics.own_classes.photo_collection import (
    MOST_CLASSES,
    Opened,
    OwnPhoto,
    PhotoCollection,
    as_own,
    example_collection,
)
from aml4d_utils.topics.own_classes.photo_files import PhotoFiles
from aml4d_utils.topics.own_classes.teaching_session import Desk, TeachingSession
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from aml4d_utils.widgets import Bar, Camera, Explorer, Picture, Plot, choice, toggle
from aml4d_utils.widgets.picture import box, point

__all__ = ["teach_explorer"]

_HEAD, _BLOCK = "the head only (frozen)", "the last block too"
_LIKENESS, _SCORES = "by likeness", "as the head sees it"
_PLACES = [f"class {k + 1}" for k in range(MOST_CLASSES)]
_BLACK = 7


@dataclass
class TeachState:
    """What learns, how photos are laid out, and the photo and the class that are chosen."""

    target: str = choice("class 1", _PLACES, label="Class (to add to, to move to)")
    learns: str = choice(_HEAD, (_HEAD, _BLOCK), label="What learns")
    layout: str = choice(_LIKENESS, (_LIKENESS, _SCORES), label="Map of the photos")
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
        self.gallery = Picture("every photo (click one; a cross: on the wrong side)", 620, True,
                               step=figures.TILE)  # fmt: skip
        self.map = Picture("feature map: alike lies near", figures.MAP_SIDE, True, step=8)
        self.photo = Picture("the chosen photo", 150)
        self.bars = Plot("what the others say of it", 250)
        self.weights = Picture("the head's weights, a row a class", 250)
        self.note = ipywidgets.HTML()
        self.live = Plot("live", 250)
        self.live.bars([Bar("the camera is off", 0)], "The camera is off: 0 frames yet.", high=1)
        self.record = ipywidgets.ToggleButton(description="Record a burst, and keep it")
        self.names = ipywidgets.Text(placeholder="mug, bottle, pen", description="Classes")
        self.names.style.description_width = "initial"
        self.files = PhotoFiles(self._add_files)
        self._bursts = itertools.count(1)
        self._burst = ""
        beside = ipywidgets.VBox([
            _row(_button("Move it to the class", self._move), _button("Delete it", self._delete),
                 _button("Undo", self._undo)),
            self.files,
        ])  # fmt: skip
        side = ipywidgets.VBox([self.photo, self.bars.boxed(), self.weights])
        self.explorer = Explorer(
            TeachState(),
            self._compute,
            self._draw,
            title="Teach it yourself",
            purpose="Your photos stay on this machine. A network that has seen a million photos "
            "looks at them; only what you choose learns.",
            stage=[
                self.map,
                side,
                self.gallery,
                _row(self.names, _button("Start with these", self._new_classes),
                     _button("Save what it learned", self._save)),
                Camera(320, on_frame=self._frame),
                ipywidgets.VBox(
                    [_row(self.record), self.live.boxed()], layout=ipywidgets.Layout(width="250px")
                ),
            ],
            beside=[beside],
            describe=self._sentence,
            words=self._class_names,
            forget=session.start_again,
        )  # fmt: skip
        self.map.on_cursor(self._click_map)
        self.gallery.on_cursor(self._click_gallery)
        self.record.observe(self._burst_ends, names="value")

    # --- compute and draw ---------------------------------------------------------------------

    def _compute(self, state: TeachState) -> Iterator[Desk]:
        target = _PLACES.index(state.target)
        yield from self.session.teach(state.learns == _BLOCK, state.place, target)

    def _draw(self, desk: Desk) -> None:
        taught = desk.taught
        if taught is None:
            if desk.empty:
                self._clear(desk.note)
            return
        state = self.explorer.state if hasattr(self, "explorer") else TeachState()
        places = taught.map_by_likeness() if state.layout == _LIKENESS else taught.map_by_scores()
        row, col = figures.centres(places)[desk.place]
        words = figures.describe_taught(taught)
        self.map.show(
            figures.photo_map(taught, places),
            f"{len(places)} photos, laid out {state.layout}. {words}",
            overlays=[point(row, col, _BLACK, radius=20)],
        )
        chosen = figures.box_in_gallery(taught, desk.place, state.wrong_only)
        shown = len(figures.order_of(taught, state.wrong_only))
        self.gallery.show(
            figures.gallery(taught, state.wrong_only),
            f"{shown} photos in rows, {'wrong ones first' if state.wrong_only else 'by class'}; "
            f"{len(taught.wrong)} crossed out.",
            overlays=[] if chosen is None else [box(*chosen, colour=_BLACK)],
        )
        said = figures.describe_photo_of(taught, desk.place)
        self.photo.show(taught.collection.photos[desk.place].picture, said)
        chances = taught.chances[desk.place]
        self.bars.bars(
            [Bar(n, float(p)) for n, p in zip(taught.collection.classes, chances, strict=True)],
            said, high=1, percent=True, label_room=100,
        )  # fmt: skip
        weights = taught.strongest_weights()
        self.weights.show_signed(
            figures.weight_tiles(weights),
            figures.describe_weights(weights, taught.collection.classes),
        )

    def _clear(self, words: str) -> None:
        blank = np.full((figures.TILE, figures.TILE, 3), 235, np.uint8)
        for picture in (self.map, self.photo, self.gallery, self.weights):
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
            by_likeness = self.explorer.state.layout == _LIKENESS
            places = taught.map_by_likeness() if by_likeness else taught.map_by_scores()
            self.explorer.follow(place=figures.on_map(places, row, col))

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

    def _frame(self, frame: np.ndarray) -> dict[str, float] | None:
        if self.record.value:
            photo = OwnPhoto(as_own(frame), self._burst, self._burst, self.files.elsewhere)
            kept = self.session.record(photo, time.monotonic())
            self.live.bars([Bar("frames", kept)], f"{kept} frames of this burst.", high=20)
            return None
        taught = self.explorer.result.taught
        if taught is None:
            return None
        answers = model_bundle.classifier(self.session.bodies, taught).probabilities(frame)
        self.live.bars(
            [Bar(name, p) for name, p in answers.items()],
            "The camera shows " + ", ".join(f"{n} {100 * p:.0f} %" for n, p in answers.items()),
            high=1, percent=True, label_room=100,
        )  # fmt: skip
        return answers

    def _burst_ends(self, change: dict) -> None:
        if change["new"]:
            self._burst = f"burst {next(self._bursts)}"
        else:
            self.session.end_burst(self._target)
            self.explorer.refresh()

    def _save(self) -> None:
        self._do(lambda: self.session.save(state_dir() / "own_classes", self.explorer.result))


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
